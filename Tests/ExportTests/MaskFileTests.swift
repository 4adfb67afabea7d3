import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkExport

@Suite struct MaskFileTests {
    /// k ≤ q and (q − k < 5 or k < 2) over 21 tokens: what all sound fixtures hold, made by NumPy.
    func lambda() throws -> Mask { try Mask(parsing: ["lambda:sink=2,window=5"], tokens: 21) }

    func path(_ name: String) -> String { Fixture.path("masks/" + name) }

    func error(_ path: String) -> String {
        do throws(ExportError) {
            _ = try MaskFile.read(path)
            return "read"
        } catch {
            return error.description.replacingOccurrences(of: path, with: "F")
        }
    }

    func inFile(_ bytes: some Sequence<UInt8>, name: String = "mask", _ body: (String) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url.path)
    }

    @Test(arguments: [
        "lambda-deflated.npz", "lambda-stored.npz", "lambda-f4.npy", "lambda-i8.npy", "lambda-p1.pbm", "lambda-p4.pbm",
        "lambda.txt", "lambda-grey8.png", "lambda-palette2.png",
    ]) func everyFormatIsRead(name: String) throws {
        let masks = try MaskFile.read(path(name))
        #expect(masks.count == 1 && masks[0].count == 1)
        #expect(try MaskDiff(masks[0][0], lambda()).isEmpty)
    }

    @Test func layersAndHeads() throws {
        let causal = try Mask(parsing: ["causal"], tokens: 21)
        let heads = try MaskFile.read(path("lambda-heads.npy"))
        #expect(heads.map(\.count) == [2])
        #expect(try MaskDiff(heads[0][1], causal).isEmpty)
        let layers = try MaskFile.read(path("heads.safetensors"))
        #expect(layers.map(\.count) == [2, 2])
        #expect(try MaskDiff(layers[0][0], lambda()).isEmpty && MaskDiff(layers[1][0], causal).isEmpty)
        #expect(try MaskDiff(layers[1][1], lambda()).isEmpty)
    }

    /// What the program writes, it reads.
    @Test(arguments: [MaskFormat.text, .npy, .png]) func writtenMasksAreReadBack(format: MaskFormat) throws {
        for tokens in [1, 7, 8, 9, 64, 130] {
            let mask = try Mask(parsing: ["strided:stride=3"], tokens: tokens)
            try inFile(try exported(mask, format)) { path in
                let read = try MaskFile.read(path)[0][0]
                let isSame = try MaskDiff(read, mask).isEmpty
                #expect(isSame)
            }
        }
    }

    @Test func brokenFilesAreRefused() throws {
        #expect(error(path("fortran.npy")) == "F: the array is in Fortran order: save numpy.ascontiguousarray of it")
        #expect(error(path("half.npy")).hasPrefix("F: row 0, column 0: neither 0 nor 1"))
        #expect(error(path("oblong.npy")) == "F: 5 × 21: as many rows as columns are wanted")
        #expect(error("/nowhere/mask.npy") == "F: cannot read: No such file or directory")
        #expect(error("/dev/zero") == "F: it is not a regular file")
        try inFile("10\n1x\n".utf8) { #expect(error($0) == "F: line 2, column 2: neither 0 nor 1") }
        try inFile("10\n111\n".utf8) { #expect(error($0) == "F: line 2 has 3 digits, not 2 as there are lines") }
        try inFile("".utf8) { #expect(error($0) == "F: the file is empty") }
        try inFile("\n \n".utf8) { #expect(error($0) == "F: there are no rows in it") }
        try inFile("P1 3 2 1 0 0".utf8) { #expect(error($0) == "F: 2 × 3: as many rows as columns are wanted") }
        try inFile("P1 2 2 1 0 2 1".utf8) { #expect(error($0) == "F: byte 11: neither 0 nor 1") }
        try inFile("P4 99999 99999\n".utf8) {
            #expect(error($0) == "F: a mask of 99,999 tokens: it takes 1 to 32,768")
        }
    }

    /// Every fixture cut short at any place, and with any byte changed: an error or a mask, nothing else.
    @Test(arguments: [
        "lambda-deflated.npz", "lambda-stored.npz", "lambda-f4.npy", "lambda-p1.pbm", "lambda-p4.pbm",
        "lambda-grey8.png",
        "lambda-palette2.png", "heads.safetensors",
    ]) func damagedFilesDoNotCrash(name: String) throws {
        let sound = [UInt8](try Data(contentsOf: Fixture.url("masks/" + name)))
        var refused = 0
        for length in stride(from: 1, to: sound.count, by: max(1, sound.count / 150)) {
            try inFile(sound.prefix(length), name: name) { if error($0) != "read" { refused += 1 } }
        }
        #expect(refused > 40)
        for place in stride(from: 0, to: min(sound.count, 700), by: 7) {
            var bytes = sound
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                bytes[place] = value
                try inFile(bytes, name: name) { _ = error($0) }
            }
        }
    }

    @Test func aChangeIsSeen() throws {
        try inFile("10\n11\n".utf8) { path in
            let before = MaskFile.stamp(path)
            #expect(before != nil && MaskFile.stamp(path) == before)
            try Data("100\n110\n111\n".utf8).write(to: URL(fileURLWithPath: path))
            #expect(MaskFile.stamp(path) != before)
        }
        #expect(MaskFile.stamp("/nowhere") == nil)
    }

    @Test func theGrammarReadsFiles() throws {
        let spec = "file:" + path("lambda-deflated.npz")
        let mask = try Mask(parsing: [spec], tokens: 21, loader: MaskFile.loader)
        #expect(try mask.spec == spec && MaskDiff(mask, lambda()).isEmpty)
        #expect(throws: MethodError.maskFile(path: "", "/x: cannot read: No such file or directory")) {
            try MethodSpec.parse("file:/x", loader: MaskFile.loader)
        }
    }

    /// A mask that was meant as a window of 256 and shows 257 keys.
    @Test func theWindowThatIsOffByOneIsFound() throws {
        let mask = try MaskFile.read(path("window-256-off-by-one.png"))[0][0]
        let findings = try MaskLint.findings(in: mask, claims: MaskClaim.parse("window=256"))
        #expect(
            findings.map(\.message) == [
                "queries whose window is not the stated 256: 256, first: query 256 sees key 0, 256 before it"
            ])
        #expect(try MaskLint.findings(in: mask, claims: MaskClaim.parse("window=257,causal,self")).isEmpty)
    }
}
