import Foundation
import RopewalkDocuments
import TestSupport
import Testing

@Suite struct SourceTextTests {
    static func error(_ bytes: [UInt8]) -> String {
        do {
            _ = try SourceText(bytes, name: "x")
            return "no error"
        } catch {
            return error.description
        }
    }

    /// The lines tile the text, none is too long, none begins inside a character.
    static func check(_ text: SourceText) {
        var end = 0
        for line in 0..<text.lineCount {
            let range = text.bytes(ofLine: line)
            #expect(range.lowerBound == end)
            #expect(range.count <= SourceText.longestLine)
            if let first = text.bytes[range].first { #expect(first & 0xC0 != 0x80) }
            if !range.isEmpty {
                #expect(text.line(containing: range.lowerBound) == line)
                #expect(text.line(containing: range.upperBound - 1) == line)
            }
            end = range.upperBound
        }
        #expect(end == text.bytes.count)
    }

    @Test func readsFilesAsTheyAre() throws {
        let path = Fixture.project.appendingPathComponent("samples/texts/lunyu.txt").path
        let text = try SourceText(contentsOf: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(firstDifference(text.bytes, bytes) == nil)
        #expect(text.lineCount == text.bytes.count { $0 == 0x0A } + (text.bytes.last == 0x0A ? 0 : 1))
        Self.check(text)
    }

    @Test func findsLines() throws {
        let text = try SourceText("one\r\n\ttwo\n\nfour\u{200B}")
        #expect(text.lines == [0, 5, 10, 11])
        #expect(text.string(text.bytes(ofLine: 1)) == "\ttwo\n")
        #expect(text.line(containing: 10) == 2)
        #expect(text.line(containing: 1_000) == 3)
        #expect(text.line(containing: -5) == 0)
        Self.check(text)
    }

    @Test func keepsAByteOrderMark() throws {
        let text = try SourceText("\u{FEFF}a")
        #expect(text.bytes == [0xEF, 0xBB, 0xBF, 0x61])
    }

    @Test func allowsAnEmptyText() throws {
        let text = try SourceText("")
        #expect(text.isEmpty)
        #expect(text.lines == [0])
        #expect(text.bytes(ofLine: 0).isEmpty)
        #expect(text.line(containing: 0) == 0)
    }

    @Test(arguments: ["a", "word and ", "é", "漢", "e\u{301}\u{302}", "👩🏽‍💻", "\u{301}", "\u{200B}", " "])
    func cutsOneEndlessLine(unit: String) throws {
        let text = try SourceText(String(repeating: unit, count: 1_000_000 / unit.utf8.count))
        Self.check(text)
        #expect(text.lineCount > 240 && text.lineCount < 400)
        guard unit.unicodeScalars.count > 1 || unit == "é" else { return }
        // No cut separates what is drawn as one shape.
        for start in text.lines { #expect(Int(start) % unit.utf8.count == 0 || unit == "word and ") }
    }

    @Test func cutsAfterASpaceWhereThereIsOne() throws {
        let text = try SourceText(String(repeating: "word and ", count: 1000))
        for start in text.lines.dropFirst() { #expect(text.bytes[Int(start) - 1] == 0x20) }
    }

    @Test(arguments: [
        ([0x61, 0xFF], "byte 1: not valid UTF-8"), ([0xC3], "byte 0: not valid"), ([0xC0, 0x80], "byte 0: not valid"),
        ([0x61, 0xED, 0xA0, 0x80], "byte 1: not valid"), ([0xF4, 0x90, 0x80, 0x80], "byte 0: not valid"),
        ([0xE4, 0xBA, 0x41], "byte 0: not valid"), ([0xF0, 0x9F, 0x98], "byte 0: not valid"),
        ([0x61, 0x62, 0x00, 0xFF], "byte 2: a zero byte"), ([0xE4, 0xBA, 0xBA], "no error"),
    ])
    func namesTheFirstWrongByte(bytes: [Int], problem: String) {
        let padded = [UInt8](repeating: 0x61, count: 0) + bytes.map(UInt8.init)
        #expect(Self.error(padded).contains(problem), "\(Self.error(padded))")
    }

    @Test func validatesAsSwiftDoes() {
        var state: UInt64 = 5
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 40)
        }
        for _ in 0..<3000 {
            var bytes = Array("aé漢😀 plain text that is long enough ".utf8)
            bytes[next() % bytes.count] = UInt8(1 + next() % 255)
            #expect((Self.error(bytes) == "no error") == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }

    @Test func respectsTheLimit() throws {
        let path = Fixture.project.appendingPathComponent("samples/texts/lunyu.txt").path
        #expect(throws: DocumentError.tooLarge(file: path, bytes: 65183, limit: 1000)) {
            try SourceText(contentsOf: path, sizeLimit: 1000)
        }
        #expect(throws: DocumentError.binary(file: "/dev/zero", byte: 0)) {
            try SourceText(contentsOf: "/dev/zero", sizeLimit: 100_000)
        }
        #expect(throws: DocumentError.unreadable(file: "/none", reason: "No such file or directory")) {
            try SourceText(contentsOf: "/none")
        }
        #expect(throws: DocumentError.unreadable(file: "/tmp", reason: "Is a directory")) {
            try SourceText(contentsOf: "/tmp")
        }
    }

    @Test func readsAPipeToItsEnd() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("through a pipe".utf8))
        try pipe.fileHandleForWriting.close()
        let text = try SourceText(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input")
        #expect(text.string(0..<100) == "through a pipe")
    }
}
