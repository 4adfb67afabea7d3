import TestSupport
import Testing

/// Rules that look things up in files.
@Suite struct RuleArrayCommandTests {
    private static let folder = Fixture.path("masks/arrays")

    private func run(_ words: [String]) throws -> CommandRun { try CommandRun(["mask"] + words, folder: Self.folder) }

    /// As many documents as `document:starts=20/50` has, from every kind of file.
    @Test(arguments: [
        "ids.npy", "big-endian.npy", "arrays.npz#ids", "arrays.safetensors#ids", "ids.pt", "ids.pt#ids", "ids.txt",
        "ids.csv",
    ]) func everyKindOfFileIsRead(file: String) throws {
        let rule = "q_idx >= kv_idx and document_id[q_idx] == document_id[kv_idx]"
        let words = ["--expression", rule, "--array", "document_id=" + file, "--diff", "document:starts=20/50"]
        let given = try run(words + ["--check", "--expect", "documents=20/50"])
        #expect(given.status == 0 && given.output.contains("are the same"), "\(given.output)\(given.errors)")
        let named = try run(["expr:" + rule + " where document_id=file:" + file, "--explain"])
        #expect(named.output == "document:starts=20/50\n", "\(named.output)\(named.errors)")
    }

    @Test func booleansAndItemsAreLookedUp() throws {
        let kept = try run([
            "--expression", "(k <= q) & kept[k]", "--array", "kept=arrays.npz#kept", "--check", "--expect",
            "padding=right:4",
        ])
        #expect(kept.status == 0, "\(kept.output)\(kept.errors)")
        for name in ["items", "columns"] {
            let items = try run([
                "expr:k <= q && doc[0, q] == doc[0][k] where doc=file:arrays.npz#" + name, "--diff",
                "document:starts=20/50",
            ])
            #expect(items.output.contains("are the same"), "\(items.output)\(items.errors)")
        }
        let claim = try run([
            "document:starts=20/50", "--array", "doc=ids.npy", "--check", "--expect",
            "equals=expr:k <= q && doc[q] == doc[k]",
        ])
        #expect(claim.status == 0, "\(claim.output)\(claim.errors)")
    }

    @Test func reasonsTellWhatWasLookedUp() throws {
        let why = try run(["--expression", "doc[q] == doc[k]", "--array", "doc=ids.npy", "--why", "50,10"])
        #expect(why.output.contains("doc[q] == doc[k] (2 and 0)"), "\(why.output)")
    }

    @Test func mistakesAreErrors() throws {
        let rule = ["--expression", "doc[q] == doc[k]"]
        try run(rule).expectError("column 1", "no array doc is given")
        try run(rule + ["--array", "doc=nowhere.npy"]).expectError("column 1", "nowhere.npy")
        try run(rule + ["--array", "doc=halves.npy"]).expectError("number 0 is 0.5", "whole numbers")
        try run(rule + ["--array", "doc=arrays.npz"]).expectError("choose with file:PATH#NAME")
        try run(rule + ["--array", "doc=ids.npy", "--tokens", "65"]).expectError(
            "column 1", "place 64 of 64", "q = 0, k = 64")
        for text in ["doc", "=ids.npy", "1=ids.npy", "doc="] {
            try run(rule + ["--array", text]).expectError("--array")
        }
        try run(rule + ["--array", "doc=ids.npy", "--array", "doc=ids.npy"]).expectError("--array", "once")
        try run(["expr:doc[q] == 1 where doc=file:ids.npy", "--out", "ids.npy"]).expectError("ids.npy")
    }
}
