import Foundation

/// What files that describe a tokenizer are called.
enum TokenizerFileName {
    /// Those that are read first come first.
    private static let usual = [
        "tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "tekken.json",
    ]

    /// The file of a folder that is read; nil where it has none.
    static func first(in folder: String) -> String? {
        if let name = usual.first(where: { FileManager.default.fileExists(atPath: folder + "/" + $0) }) { return name }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { isModel($0) && !$0.hasPrefix(".") }.sorted().first
    }

    /// Whether it is no JSON: "tokenizer.model", "tokenizer.model.v3", "qwen.tiktoken".
    static func isModel(_ path: String) -> Bool {
        let name = URL(fileURLWithPath: path).lastPathComponent
        return name.hasSuffix(".model") || name.hasSuffix(".tiktoken")
            || name.contains(".model.v") && !name.hasSuffix(".json")
    }
}
