import TestSupport
import Testing

/// More public bug reports, rebuilt: what is wrong in each file is found and named.
@Suite struct MaskPublicTests {
    private static let folder = Fixture.path("masks/public")

    /// File, options, exit status, and what the answer has in it.
    @Test(
        arguments: [
            ("transformers-39408.npy", "--check --expect window=8", 1, "24, first: query 8 sees key 0, 8 before it"),
            ("transformers-39408.npy", "--explain", 0, "window:size=9\n"),
            ("transformers-26792.npy", "--check --expect window=8", 1, "8, first: query 24 (row 0) sees key 16"),
            ("transformers-29176.npy", "--check --expect window=8", 1, "25, first: query 7 misses key 0"),
            ("lalamo-200.npy", "--check --expect window=8", 1, "query 28 (row 0) misses key 21"),
            ("lalamo-200.npy", "--explain", 0, "causal, aligned to the top left"),
            ("unsloth-8253.npy", "--check", 1, "queries that see no key: 32"),
            ("pytorch-103082.npy", "--check", 1, "hidden-self: queries that do not see themselves: 1"),
            ("pytorch-103082.npy", "--explain", 0, "causal, aligned to the top left"),
            ("pytorch-108108.npy", "--check", 1, "as in a mask that is aligned to the top left"),
            ("llms-from-scratch-1061.npy", "--check", 1, "its complement is causal"),
            ("transformers-27114.npy", "--check", 1, "queries that see no key: 5"),
            ("transformers-27114.npy", "--check --expect padding=left:5", 0, "no faults"),
            (
                "transformers-26421.npy", "--check --expect padding=left:5", 1,
                "see padding: 135, first: query 5 sees key 0"
            ),
            ("mlx-lm-1906.npy", "--check --expect padding=left:5/0", 1, "item 0: pairs that see padding: 150"),
            ("mlx-lm-1906.npy", "--check --expect padding=left:5", 1, "items 0-1: pairs that see padding: 150"),
            ("trl-1230.npy", "--check --expect documents=12/21", 1, "pairs across documents: 339"),
            (
                "axolotl-3796.npy", "--check --expect documents=12/21", 1,
                "across documents: 11, first: query 21 sees key 20"
            ),
            ("axolotl-3796.npy", "--explain", 0, "document:starts=12/20\n"),
            (
                "transformers-46850.npy", "--check --expect window=8,bidirectional=6-17", 1,
                "10, first: query 6 sees key 14"
            ),
            (
                "transformers-46711.npy",
                "--axes layers,queries,keys --check --expect causal@layers=1,window=8@layers=0,bidirectional=6-17@layers=0",
                1, "future: layer 1: pairs that leak the future: 66"
            ),
            ("transformers-37414.npy", "--check --expect chunks=8", 1, "across chunks: 21, first: query 8 sees key 7"),
            ("transformers-37414.npy", "--explain", 0, "causal 'expr:(q - 7) / 8 == (k - 7) / 8'\n"),
            (
                "transformers-30414.npy", "--offset 16 --check", 1,
                "leak the future: 48, first: query 16 (row 0) sees key 20\n"
            ),
            ("onnx-8068.npy", "--offset 16 --check", 1, "aligned to the top left"),
            (
                "prefix-one-short.npy", "--check --expect prefix=10", 1,
                "within the prefix: 9, first: query 0 misses key 9"
            ),
            ("alibi-padding.npy", "--check --expect padding=left:5", 1, "head 2: pairs that see padding: 150"),
            ("gqa-in-turn.npy", "--diff file:gqa-grouped.npy", 0, "head 1: 270 differences"),
            ("gqa-in-turn.npy", "--check --expect window=4@heads=0-1,window=16@heads=2-3", 1, "window: head 2: "),
            ("key-padding.npy", "--as padding --explain", 0, "item 0 is nothing but padding: --invert"),
            ("key-padding.npy", "--as padding --invert --check --expect padding=right:7", 0, "no faults"),
            ("padding-spread.npy", "--as padding --check --expect padding=right:7", 0, "no faults"),
            ("padding-spread.npy", "--as padding --check --expect padding=right:3@items=1", 1, "first: key 25"),
        ] as [(String, String, Int32, String)])
    func everyReportIsAnswered(file: String, options: String, status: Int32, answer: String) throws {
        try MaskReportTests.expect("file:\(file) \(options)", status, answer, in: Self.folder)
    }

    /// Positions that begin anew are documents, and a causal mask sees across them.
    @Test func positionsTellDocuments() throws {
        let words = ["mask", "causal", "--file", "trl-1230-positions.npy", "--as", "position-ids", "--diff", "causal"]
        #expect(try CommandRun(words, folder: Self.folder).output.hasPrefix("339 differences: 0 only in causal file:"))
    }

    /// Two drafts see a token that is not among those they continue.
    @Test func treesOfDraftsAreExplained() throws {
        let run = try CommandRun(
            ["mask", "file:r14_wrong_tree_8x32.npy", "--explain"], folder: MaskReportTests.folder)
        #expect(
            run.output.contains("but for 1 pair more and 1 pair fewer, a tree of 7 drafts from 25 on that continue "))
        #expect(run.output.contains("24/24/25/25/26/26/27, all at key 25; first: query 30 (row 6), key 25"))
    }

    @Test(arguments: ["expr:k / 8 <= q / 8", "expr:(q - 3) / 8 == (k - 3) / 8 && k <= q"])
    func blocksAreExplained(rule: String) throws {
        let run = try CommandRun(["mask", rule, "--tokens", "60", "--explain", "--json"])
        let explanation = try #require(try run.objects().first)
        let methods = try #require(explanation["methods"] as? [String])
        #expect(explanation["exact"] as? Bool == true && methods.count < 3)
        let diff = try CommandRun(["mask", "--tokens", "60"] + methods + ["--diff", rule, "--check"])
        #expect(diff.status == 0 || diff.output.contains("are the same"), "\(methods): \(diff.output)")
    }
}
