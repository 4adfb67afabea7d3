import Foundation
import TestSupport
import Testing

/// Masks after public bug reports: each question gets the answer that the report wanted.
@Suite struct MaskReportTests {
    static let folder = Fixture.path("masks/reports")

    struct Question: Sendable, CustomTestStringConvertible {
        let arguments: String
        let status: Int32
        let answer: String
        var testDescription: String { arguments }

        init(_ arguments: String, _ status: Int32, _ answer: String) {
            self.arguments = arguments
            self.status = status
            self.answer = answer
        }
    }

    @Test(arguments: [
        Question("file:r01_wrong_bool_11QK.npy --check --expect window=16", 1, "48, first: query 16 sees key 0"),
        Question("file:r01_wrong_bool_11QK.npy --explain", 0, "window:size=17\n"),
        Question("file:r02_leftpad.pt --check", 1, "empty-query: item 0: queries that see no key: 10, first: query 0"),
        Question("file:r02_rev.npy --check", 1, "empty-query: item 1: queries that see no key: 10"),
        Question("file:r02_rev.npy --check --expect padding=left:10", 0, "no faults"),
        Question("file:r02_rev.npy --check --expect padding=left:10/0", 1, "padding: item 0"),
        Question(
            "file:r02_leftpad_bf16_finfo.safetensors --explain", 0, "item 0: causal 'expr:k >= 10'\nitem 1: causal\n"),
        Question("file:r03_right.npy --check", 0, "no faults"),
        Question("file:r03_right.npy --explain", 0, "document:starts=20/50\n"),
        Question("file:r03_wrong.npy --check --expect documents=20/50", 1, "pairs across documents: 1,300"),
        Question("file:r04_wrong.npy --check --expect bidirectional=8-19,30-41", 1, "144, first: query 8 sees key 30"),
        Question("file:r05_right.npy --check --expect window=8,bidirectional=8-19,30-41", 0, "no faults"),
        Question("file:alltrue.npy --check --expect window=64", 1, "pairs that leak the future: 2,016"),
        Question("file:alltrue.npy --check --expect two-sided,window=64", 0, "no faults"),
        Question("expr:k<=q+2&&q-k<4 --tokens 40 --check --expect window=4,sinks=1", 1, "leak the future: 77"),
        Question("window:size=4 --tokens 40 --check --expect window=4,causal", 0, "no faults"),
        Question("file:r06_inverted.npy --check", 1, "its complement is causal"),
        Question("file:r06_inverted.npy --explain", 0, "the complement of chunked:size=16"),
        Question("file:r07_right.npy --check", 0, "8 queries and 64 keys: no faults"),
        Question("file:r07_wrong.npy --diff file:r07_right.npy", 0, "448 differences"),
        Question("file:r07_wrong.npy --why 56,1", 0, "query 56 (row 0) does not see key 1"),
        Question("file:r08_wrong.npy --check --expect padding=left:6,prefix=30", 1, "pairs that see padding: 384"),
        Question(
            "file:r10_wrong_LQK.npy --axes layers,queries,keys --check --expect window=16@layers=0/2", 1,
            "window: layers 0,2:"
        ),
        Question("file:r11_wrong_nosink.npy --check --expect window=16,sinks=4", 1, "first: query 16 misses key 0"),
        Question("causal --tokens 512 --diff file:r12_dense_of_blocks.npy", 2, "a place a block of 128"),
        Question("file:r14_wrong_tree_8x32.npy --why 30,25", 0, "query 30 (row 6) sees key 25"),
        Question("file:r15_wrong_cross.npy --offset cross --check --expect padding=right:7", 1, "see padding: 140"),
        Question("file:r16_right_1HQK.npy --diff file:r16_wrong_1HQK.npy --check", 1, "head 1: 420 differences"),
        Question("file:r16_right_1HQK.npy --diff file:r16_right_1HQK.npy --heads 2", 0, "are the same"),
        Question("file:r16_right_1HQK.npy --of 1x3 --check", 2, "4 heads for 3"),
        Question("file:head3_future.npy --check", 1, "future: head 3: pairs that leak the future: 1"),
        Question("file:head3_future.npy --explain", 0, "heads 0-2: causal\nhead 3: causal but for 1 pair more"),
        Question("file:allzero_f32.npy --check", 2, "--hidden-below"),
        Question(
            "causal --file padding_2d.npy --as padding --explain", 0, "item 0: causal 'expr:k >= 10'\nitem 1: causal"),
        Question("file:r03_right.npy --file r12_dense_of_blocks.npy --check", 2, "combine masks of one size"),
        Question("file:head3_future.npy --check --format junit", 1, "<failure type=\"future\" message=\"head 3: "),
        Question(
            "file:head3_future.npy --check --format github", 1,
            "::error title=file%3Ahead3_future.npy%3A future::head 3"),
    ]) func everyReportIsAnswered(question: Question) throws {
        try Self.expect(question.arguments, question.status, question.answer, in: Self.folder)
    }

    /// What `ropewalk mask` says of some arguments has an answer in it.
    static func expect(_ arguments: String, _ status: Int32, _ answer: String, in folder: String) throws {
        let run = try CommandRun(["mask"] + arguments.split(separator: " ").map(String.init), folder: folder)
        #expect(run.status == status, "\(run.output)\(run.errors)")
        #expect((run.output + run.errors).contains(answer), "\(run.output)\(run.errors)")
    }

    @Test func whatOneOfTheFilesMasksSaysIsOfItAlone() throws {
        try Self.expect("file:head3_future.npy@head=3 --check", 1, "future: pairs that leak", in: Self.folder)
        try Self.expect(
            "file:head3_future.npy@head=3 --check", 1, "the file's head 3, shown in every head", in: Self.folder)
        try Self.expect(
            "file:r15_right_cross.npy@offset=cross --check --expect window=8", 2, "window=8", in: Self.folder)
    }

    @Test func aCheckAndADifferenceAreOneDocument() throws {
        let run = try CommandRun(
            ["mask", "file:r16_right_1HQK.npy", "--diff", "file:r16_wrong_1HQK.npy", "--check", "--json"],
            folder: Self.folder)
        let object = try run.object()
        let difference = try #require(object["difference"] as? [String: Any])
        let heads = try #require(difference["heads"] as? [[String: Any]])
        #expect(heads.compactMap { $0["head"] as? Int } == [1, 2] && difference["only_in_first"] as? Int == 420)
        #expect((object["findings"] as? [Any])?.isEmpty == true)
    }

    @Test func findingsCarryTheirPlace() throws {
        let run = try CommandRun(["mask", "file:head3_future.npy", "--check", "--json"], folder: Self.folder)
        let finding = try #require(try run.objects().first)
        #expect(finding["head"] as? Int == 3 && finding["query"] as? Int == 10 && finding["key"] as? Int == 60)
    }

    /// Full blocks are white, those in part grey, empty ones black; read back as numbers by this program.
    @Test func blocksAreDrawnAsPictures() throws {
        let scratch = try Scratch()
        let words = ["mask", "window:size=100", "--tokens", "300", "--block", "100", "--out"]
        try CommandRun(words + [scratch.path("blocks.svg")]).expectFine()
        let svg = try String(contentsOf: scratch.url("blocks.svg"), encoding: .utf8)
        #expect(svg.contains("viewBox=\"0 0 3 3\"") && svg.contains("M0 1h2v1h-2z"), "\(svg)")
        try CommandRun(words + [scratch.path("blocks.png")]).expectFine()
        let png = [UInt8](try Data(contentsOf: scratch.url("blocks.png")))
        // Width and height: 170 pixels a block.
        #expect(Array(png[16..<24]) == [0, 0, 1, 254, 0, 0, 1, 254])
        try CommandRun(words + [scratch.path("blocks.txt")]).expectError(".png or .svg")
    }

    @Test func aListOfMasksIsChecked() throws {
        let scratch = try Scratch()
        let list = """
            [{"name": "fine", "mask": "window:size=16", "tokens": 64, "expect": "window=16,causal"},
             {"name": "leak", "mask": "file:\(Self.folder)/head3_future.npy"},
             {"name": "none", "mask": "file:/nowhere"}]
            """
        try Data(list.utf8).write(to: scratch.url("list.json"))
        let run = try CommandRun(["mask", "--suite", scratch.path("list.json")])
        #expect(run.status == 1 && run.lines.count == 4)
        #expect(run.lines[1].hasPrefix("fine") && run.lines[2].contains("future") && run.lines[3].contains("error"))
        for empty in ["[]", "{\"masks\": []}"] {
            let path = try scratch.file("empty.json", empty)
            try CommandRun(["mask", "--suite", path]).expectError(path, "no masks")
        }
        try CommandRun(["mask", "--suite", "/nowhere"]).expectError("/nowhere")
    }

    /// A rule that Python has in a mask_mod, as it stands there.
    @Test(arguments: [
        "(q_idx >= kv_idx) & (q_idx - kv_idx < 4)", "q_idx >= kv_idx and q_idx - kv_idx < 4",
        "def mask_mod(b, h, q_idx, kv_idx):\n    return (q_idx >= kv_idx) & ~(q_idx - kv_idx >= 4)",
        "lambda b, h, q, kv: q >= kv and q - kv < 2 * 8 // 4",
    ]) func rulesAreReadAsPythonHasThem(rule: String) throws {
        let run = try CommandRun(["mask", "--expression", rule, "--diff", "window:size=4", "--check"])
        #expect(run.status == 1 || run.status == 0)
        #expect(run.output.contains("are the same"), "\(run.output)\(run.errors)")
    }

    @Test func divisionByZeroIsAnErrorAtItsPlace() throws {
        try CommandRun(["mask", "--expression", "k <= q && q / k < 2"]).expectError(
            "column 11", "division by zero", "k = 0")
        try CommandRun(["mask", "--expression", "q * 9223372036854775807 > 0"]).expectError("column 1", "64 bits")
        #expect(try CommandRun(["mask", "--expression", "k > 0 && q / k < 2", "--tokens", "4"]).status == 0)
    }
}
