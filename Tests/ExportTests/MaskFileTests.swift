import Foundation
import RopewalkFormats
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
        // In these bitmaps 1 is visible, in others black is hidden.
        var reading = MaskReading()
        reading.isInverted = name.hasSuffix("pbm")
        let masks = try MaskFile.read(path(name), reading).planes
        #expect(masks.count == 1)
        let isSame = try MaskDiff(masks[0], lambda()).isEmpty
        #expect(isSame)
    }

    /// Large arrays of numbers are decoded row by row: one row that is no mask is named when it is asked for.
    @Test func largeArraysAreDecodedRowByRow() throws {
        var values = (0..<40).flatMap { query in (0..<40).map { $0 <= query ? Float(0) : -.infinity } }
        func bytes() -> [UInt8] {
            NumPyHeader.bytes(descr: "'<f4'", shape: [40, 40]) + values.withUnsafeBytes { Array($0) }
        }
        var reading = MaskReading()
        reading.eagerLimit = 0
        for isInverted in [false, true] {
            reading.isInverted = isInverted
            try inFile(bytes(), name: "large.npy") {
                let mask = try MaskFile.read($0, reading).planes[0]
                #expect(mask is DecodedRows)
                let isSame = (0..<40).allSatisfy { query in
                    mask.row(query) == (isInverted ? KeyRanges(from: query + 1, to: 40) : KeyRanges(0..<query + 1))
                }
                #expect(isSame && ReadFailures.failure(of: $0) == nil)
            }
        }
        values[30 * 40 + 7] = .nan
        reading.isInverted = false
        try inFile(bytes(), name: "large.npy") {
            let mask = try MaskFile.read($0, reading).planes[0]
            #expect(mask.row(29).count == 30 && ReadFailures.failure(of: $0) == nil)
            #expect(mask.row(30).isEmpty)
            #expect(ReadFailures.failure(of: $0)?.description.contains("row 30, column 7: not a number") == true)
            ReadFailures.forget($0)
        }
    }

    /// Rows are read when they are asked for; a file that has become shorter by then is named.
    @Test func aFileThatIsCutShortIsNamed() throws {
        try inFile(Array("P4\n20 4\n".utf8) + [UInt8](repeating: 0, count: 12), name: "cut.pbm") {
            let mask = try MaskFile.read($0).planes[0]
            #expect(ReadFailures.failure(of: $0) == nil)
            truncate($0, 9)
            _ = mask.row(3)
            #expect(ReadFailures.failure(of: $0) == .cutShort(file: $0))
            ReadFailures.forget($0)
        }
    }

    /// Bits behind the last pixel of a row may be set, and a run of them may begin there.
    @Test func pixelsBehindTheRowAreNothing() throws {
        try inFile(Array("P4\n20 1\n".utf8) + [0xFF, 0xFF, 0b1111_1011], name: "x.pbm") {
            let mask = try MaskFile.read($0).planes[0]
            #expect(mask.row(0).isEmpty)
        }
    }

    @Test func layersAndHeads() throws {
        let causal = try Mask(parsing: ["causal"], tokens: 21)
        func isSame(_ a: any MaskRows, _ b: Mask) throws -> Bool { try MaskDiff(a, b).isEmpty }
        let heads = try MaskFile.read(path("lambda-heads.npy"))
        #expect(heads.layout().count(.heads) == 2)
        #expect(try isSame(heads.planes[1], causal))
        let layers = try MaskFile.read(path("heads.safetensors"))
        #expect(layers.layout(layers: 2, heads: 2).axes == [.layers, .heads])
        #expect(layers.layout().axes == [.batch, .heads])
        #expect(try isSame(layers.planes[0], lambda()) && isSame(layers.planes[2], causal))
        #expect(try isSame(layers.planes[3], lambda()))
    }

    /// What the program writes, it reads.
    @Test(arguments: [MaskFormat.text, .npy, .png]) func writtenMasksAreReadBack(format: MaskFormat) throws {
        for tokens in [1, 7, 8, 9, 64, 130] {
            let mask = try Mask(parsing: ["strided:stride=3"], tokens: tokens)
            try inFile(try exported(mask, format)) { path in
                let read = try MaskFile.read(path).planes[0]
                let isSame = try MaskDiff(read, mask).isEmpty
                #expect(isSame)
            }
        }
    }

    @Test func brokenFilesAreRefused() throws {
        #expect(error(path("fortran.npy")) == "read")
        #expect(error(path("half.npy")).hasPrefix("F: row 0, column 0: neither 0 nor 1"))
        #expect(try MaskFile.read(path("oblong.npy")).sizeText == "5 queries × 21 keys")
        #expect(error("/nowhere/mask.npy") == "F: cannot read: No such file or directory")
        #expect(error("/dev/zero") == "F: it is not a regular file")
        try inFile("10\n1x\n".utf8) { #expect(error($0) == "F: line 2, column 2: neither 0 nor 1") }
        try inFile("10\n111\n".utf8) { #expect(error($0) == "F: line 2 has 3 digits, not 2 as the first line") }
        try inFile("".utf8) { #expect(error($0) == "F: the file is empty") }
        try inFile("\n \n".utf8) { #expect(error($0) == "F: there are no rows in it") }
        try inFile("P1 3 2 1 0 0".utf8) { #expect(error($0) == "F: byte 12: neither 0 nor 1") }
        try inFile("P1 2 2 1 0 2 1".utf8) { #expect(error($0) == "F: byte 11: neither 0 nor 1") }
        try inFile("P4 99999 99999\n".utf8) {
            #expect(error($0) == "F: the pixels end early")
        }
    }

    /// What PyTorch and NumPy people have: every type, order and form, with what it must be told.
    @Test(arguments: [
        ("win_rgba.png", "window:size=16"), ("win_1bit.png", "window:size=16"), ("win.pbm", "window:size=16"),
        ("dt_fortran.npy", "window:size=16"), ("dt_be_f4.npy", "window:size=16"),
        ("dt_f8.safetensors", "window:size=16"),
        ("two.safetensors#b", "causal"), ("r10_named.npz#sliding_attention", "window:size=16"),
        ("r02_leftpad.pt", "causal|expr:k >= 10"), ("r02_leftpad_bf16_finfo.safetensors", "causal|expr:k >= 10"),
    ]) func masksOfOthersAreRead(name: String, specs: String) throws {
        let mask = try Mask(parsing: specs.split(separator: "|").map(String.init), tokens: 64)
        let plane = try MaskFile.read(path("reports/" + name)).planes[0]
        let isSame = try MaskDiff(plane, mask).isEmpty
        #expect(isSame)
    }

    /// What a BlockMask of three rows of blocks has: one block in part in each, and a full one before it from the second on.
    @Test func indexArraysOfBlocksAreRead() throws {
        func array(_ numbers: [Int32], _ shape: String) -> [UInt8] {
            let text = "{'descr': '<i4', 'fortran_order': False, 'shape': (\(shape)), }\n"
            let head = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
            return head + numbers.withUnsafeBytes { Array($0) }
        }
        let files = [
            ("kv_num_blocks", array([1, 1, 1], "1, 1, 3")),
            ("kv_indices", array([0, 1, 2, 1, 0, 2, 2, 0, 1], "1, 1, 3, 3")),
            ("full_kv_num_blocks", array([0, 1, 2], "1, 1, 3")),
            ("full_kv_indices", array([0, 1, 2, 0, 1, 2, 0, 1, 2], "1, 1, 3, 3")),
        ]
        let arrays = files.map { name, bytes in
            (name: name, array: { () throws(ExportError) in try NPYReader(DataSource(Data(bytes)), path: "F").array() })
        }
        let container = MaskContainer(arrays: arrays, path: "F")
        let blocks = try #require(try BlockIndexArrays(container, path: "F"))
        let stack = try blocks.stack(MaskReading(), fingerprint: 0)
        #expect((0..<3).map { stack.planes[0].row($0) } == (0..<3).map { KeyRanges(0..<$0 + 1) })
    }

    @Test func whatIsNoMaskIsSaid() {
        #expect(error(path("reports/allzero_f32.npy")).contains("all values are 0") == true)
        #expect(error(path("reports/obj.npy")).contains("pickled") == true)
        #expect(error(path("reports/two.safetensors")).contains("several arrays, 'a', 'b'") == true)
        #expect(error(path("reports/two.safetensors") + "#c").contains("there is no array 'c'") == true)
    }

    /// A pickle is a program: one that would call something else is refused by name, and none is run.
    @Test func hostilePicklesAreRefused() throws {
        func refusal(_ pickle: [UInt8]) -> String {
            var reader = TorchPickle(pickle, path: "F", advice: MaskContainer.advice)
            do throws(FormatError) {
                _ = try reader.tensors()
                return "read"
            } catch { return error.description }
        }
        let call =
            [0x80, 2] + Array("cos\nsystem\n".utf8) + Array("(X".utf8) + [4, 0, 0, 0] + Array("true".utf8)
            + Array("tR.".utf8)
        #expect(refusal(call).contains("it would call 'os.system'"))
        #expect(refusal([0x80, 2] + Array("(((((".utf8)).contains("cut short"))
        #expect(refusal(Array("X".utf8) + [255, 255, 255, 127]).contains("cut short"))
        #expect(refusal(Array("R.".utf8)).contains("damaged"))
        #expect(refusal(Array("i".utf8)).contains("not understood"))
        #expect(refusal([0x80, 2] + Array("]q\u{0}h\u{0}a.".utf8)).contains("no plain tensor"))
    }

    @Test func paddingAndPackedBatches() throws {
        var reading = MaskReading()
        reading.content = .padding
        let padding = try MaskFile.read(path("reports/padding_2d.npy"), reading)
        #expect(padding.layout().count(.batch) == 2 && padding.planes[0].row(3) == KeyRanges(10..<64))
    }

    /// Every fixture cut short at any place, and with any byte changed: an error or a mask, nothing else.
    @Test(arguments: [
        "lambda-deflated.npz", "lambda-stored.npz", "lambda-f4.npy", "lambda-p1.pbm", "lambda-p4.pbm",
        "lambda-grey8.png",
        "lambda-palette2.png", "heads.safetensors", "reports/r02_leftpad.pt", "reports/win_rgba.png",
        "reports/dt_fortran.npy",
    ]) func damagedFilesDoNotCrash(name: String) throws {
        let sound = [UInt8](try Data(contentsOf: Fixture.url("masks/" + name)))
        let file = String(name.split(separator: "/").last ?? "mask")
        var refused = 0
        for length in stride(from: 1, to: sound.count, by: max(1, sound.count / 150)) {
            try inFile(sound.prefix(length), name: file) { if error($0) != "read" { refused += 1 } }
        }
        #expect(refused > 40)
        for place in stride(from: 0, to: min(sound.count, 700), by: 7) {
            var bytes = sound
            for value in [0, 0x7F, 0xFF] as [UInt8] {
                bytes[place] = value
                try inFile(bytes, name: file) { _ = error($0) }
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
        let mask = try MaskFile.read(path("window-256-off-by-one.png")).planes[0]
        let findings = try MaskLint.findings(in: mask, claims: MaskClaim.parse("window=256"))
        #expect(
            findings.map(\.message) == [
                "queries whose window is not the stated 256: 256, first: query 256 sees key 0, 256 before it"
            ])
        #expect(try MaskLint.findings(in: mask, claims: MaskClaim.parse("window=257,causal,self")).isEmpty)
    }
}
