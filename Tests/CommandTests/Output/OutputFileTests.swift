import Foundation
import TestSupport
import Testing

/// No command writes over what it reads.
struct OutputFileTests {
    /// Runs that, which must be refused and leave all files of the folder as they are.
    private func expectRefusal(
        _ arguments: [String], in scratch: Scratch, _ words: String = "the command reads this file",
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        func contents() throws -> [String: Data] {
            let files = try FileManager.default.subpathsOfDirectory(atPath: scratch.folder.path).filter { path in
                !FileManager.default.isFolder(at: scratch.path(path))
            }
            return try Dictionary(uniqueKeysWithValues: files.map { ($0, try Data(contentsOf: scratch.url($0))) })
        }
        let before = try contents()
        try CommandRun(arguments, folder: scratch.folder.path).expectError("--out", words, at: location)
        #expect(try contents() == before, sourceLocation: location)
    }

    @Test func anEmptyNameIsNone() throws {
        for line in [
            "render --tokens 20", "ask next --at 2 --tokens 20", "mask causal --tokens 5", "trace --tokens 20",
        ] {
            try CommandRun(line.split(separator: " ").map(String.init) + ["--out", ""]).expectError("--out has no name")
        }
    }

    @Test func theModelIsKept() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(at: Fixture.url("hf/llama_default"), to: scratch.url("m"))
        let trace = ["trace", "--model", "m", "--inputs", "m/expected.safetensors", "--out"]
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("link"), withDestinationPath: "m/model.safetensors")
        try FileManager.default.linkItem(at: scratch.url("m/config.json"), to: scratch.url("hard"))
        for out in ["m/model.safetensors", "m/../m/config.json", "m/expected.safetensors", "link", "hard"] {
            try expectRefusal(trace + [out], in: scratch)
        }
        let name = "would be taken for a part of the model"
        try expectRefusal(trace + ["m/pytorch_model.bin"], in: scratch, name)
        try CommandRun(
            ["trace", "--model", ".", "--inputs", "expected.safetensors", "--out", "tokenizer.json"],
            folder: scratch.path("m")
        ).expectError(name)
        for _ in 0..<2 { try CommandRun(trace + ["m/trace.safetensors"], folder: scratch.folder.path).expectFine() }
    }

    @Test func aModelInOneFileIsKept() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(at: Fixture.url("gguf/small_Q4_0/model.gguf"), to: scratch.url("a.gguf"))
        let ids = try scratch.file("ids.json", "[1, 2, 3]")
        for out in ["a.gguf", "./a.gguf", ids] {
            let arguments = ["trace", "--model", "./a.gguf", "--ids", "ids.json", "--out", out]
            try expectRefusal(arguments, in: scratch)
        }
    }

    @Test func textsAndMasksAreKept() throws {
        let scratch = try Scratch()
        let text = try scratch.file("t.txt", "The whale is no fish.")
        try expectRefusal(["ask", "next", "t.txt", "--at", "2", "--out", text], in: scratch)
        try CommandRun(["mask", "causal", "--tokens", "5", "--out", "m.npy"], folder: scratch.folder.path).expectFine()
        try expectRefusal(["mask", "--file", "m.npy", "--out", "m.npy"], in: scratch)
        try expectRefusal(["mask", "causal", "--diff", "file:m.npy", "--out", "m.npy"], in: scratch)
        let method = ["--tokens", "5", "--method", "file:m.npy", "--out", "./m.npy"]
        try expectRefusal(["ask", "next", "t.txt", "--at", "2"] + method, in: scratch)
    }

    @Test func idsBeyondAllVocabulariesAreToldItsRange() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[0, 2147483648]")
        for command in ["ask next --at 0", "heads", "tokens"] {
            try CommandRun(command.split(separator: " ").map(String.init) + ["--ids", ids])
                .expectError("token 1 has id 2147483648, the model's vocabulary has 0 to 4095")
        }
    }
}

extension FileManager {
    /// Whether there is a folder at a path.
    fileprivate func isFolder(at path: String) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
