import Foundation
import RopewalkDocuments
import Testing

/// Texts in UTF-16 and UTF-32, and files that are no texts.
struct WideTextTests {
    static let text = "Alice was beginning to get very tired — 孔子曰 🐇\nof sitting by her sister on the bank.\n"

    static func read(_ bytes: [UInt8]) throws -> SourceText {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try SourceText(contentsOf: path.path)
    }

    @Test(arguments: [
        String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian,
    ])
    func wideTextsAreRead(_ encoding: String.Encoding) throws {
        let data = try #require(Self.text.data(using: encoding))
        let read = try Self.read(Array(data))
        #expect(String(decoding: read.bytes, as: UTF8.self) == Self.text)
    }

    @Test func marksAreLeftOutAndHalvesAreMarked() throws {
        #expect(try Self.read([0xFF, 0xFE, 0x41, 0, 0x3D, 0xD8, 0x42, 0]).bytes == Array("A\u{FFFD}B".utf8))
        #expect(try Self.read([0xFE, 0xFF, 0, 0x41, 0]).bytes == Array("A".utf8))
        #expect(try Self.read([0xFF, 0xFE]).isEmpty)
    }

    @Test func otherZerosAreNoText() throws {
        #expect(throws: DocumentError.self) { try Self.read([0x41, 0, 0xFF, 0xFE]) }
        #expect(throws: DocumentError.self) { try Self.read(Array("text\0text text text text".utf8)) }
        #expect(throws: DocumentError.self) { try Self.read([UInt8](repeating: 0, count: 100_000)) }
    }

    /// A gigabyte of zeros is refused after the first of them.
    @Test func aSparseFileIsRefusedAtOnce() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: 1 << 30)
        try file.close()
        let start = ContinuousClock.now
        #expect(throws: DocumentError.binary(file: path, byte: 0)) { try SourceText(contentsOf: path) }
        // A second is a thousand times what it takes; to read all of it takes eight.
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
