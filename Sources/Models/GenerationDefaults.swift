import Foundation
import RopewalkFormats
import RopewalkPhrases

/// What the files of a model say of how texts are continued with it, beside its weights.
package struct GenerationDefaults: Equatable, Sendable {
    /// A template that makes a prompt of messages.
    package struct Template: Equatable, Sendable {
        package let text: String
        /// Names the file in errors.
        package let source: String
    }

    /// Tokens that end a text.
    package private(set) var endTokens: [Int32] = []
    /// The token that an answer begins with, behind the start token of a decoder beside an encoder; nil for any.
    package private(set) var forcedFirst: Int32?
    /// Nil where the model has none.
    package private(set) var template: Template?
    /// Of special tokens by what they are for: "bos_token", "eos_token".
    package private(set) var specialTokens: [String: String] = [:]

    /// A template is a page; the largest published one has some 20 kB.
    private static let templateLimit = 1 << 20

    /// Reads generation_config.json, config.json, tokenizer_config.json and chat_template.jinja of a folder, or the metadata of
    /// a GGUF file.
    ///
    /// As in transformers, generation_config.json comes before config.json, where both name a token.
    package init(contentsOf path: String) throws(ModelError) {
        if let file = try ModelFiles.ggufFile(path) {
            try readGGUF(file)
        } else {
            try readFolder(path)
        }
    }

    private mutating func readFolder(_ folder: String) throws(ModelError) {
        let generation = try Self.document(folder + "/generation_config.json")
        let configuration = try Self.document(folder + "/config.json")
        func value(_ key: String) -> JSONValue? {
            for root in [generation, configuration, configuration?["text_config"]] {
                if let value = root?[key], !value.isNull { return value }
            }
            return nil
        }
        endTokens = Self.ids(value("eos_token_id"))
        forcedFirst = Self.ids(value("forced_bos_token_id")).first
        let settings = try Self.document(folder + "/tokenizer_config.json")
        for key in ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token"] {
            let token = settings?[key]
            specialTokens[key] = token?.string ?? token?["content"]?.string
        }
        try readTemplate(folder, settings)
    }

    private mutating func readTemplate(_ folder: String, _ settings: JSONValue?) throws(ModelError) {
        let file = folder + "/chat_template.jinja"
        if FileManager.default.fileExists(atPath: file) {
            let data: Data
            do { data = try RegularFile.map(file, sizeLimit: Self.templateLimit) } catch { throw .format(error) }
            template = Template(text: String(decoding: data, as: UTF8.self), source: file)
            return
        }
        let source = folder + "/tokenizer_config.json"
        guard let value = settings?["chat_template"] else { return }
        // Of several the one for every use.
        let named = value.array?.first { $0["name"]?.string == "default" } ?? value.array?.first
        if let text = value.string ?? named?["template"]?.string { template = Template(text: text, source: source) }
    }

    private mutating func readGGUF(_ path: String) throws(ModelError) {
        let file: GGUFFile
        do { file = try GGUFFile(contentsOf: path) } catch { throw .format(error) }
        func id(_ name: String) -> Int32? {
            file.metadata["tokenizer.ggml." + name]?.integer.flatMap { Int32(exactly: $0) }
        }
        for name in ["eos_token_id", "eot_token_id", "eom_token_id"] {
            if let token = id(name), token >= 0, !endTokens.contains(token) { endTokens.append(token) }
        }
        if let text = file.metadata["tokenizer.chat_template"]?.string {
            template = Template(text: text, source: path)
        }
        let tokens = file.metadata["tokenizer.ggml.tokens"]?.array?.strings
        for (key, name) in [("bos_token", "bos_token_id"), ("eos_token", "eos_token_id")] {
            guard let id = id(name), let tokens, tokens.indices.contains(Int(id)) else { continue }
            specialTokens[key] = String(decoding: tokens[Int(id)], as: UTF8.self)
        }
    }

    /// A file that need not be there.
    private static func document(_ path: String) throws(ModelError) -> JSONValue? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do { return try JSONDocument(contentsOf: path).root } catch { throw .format(error) }
    }

    /// One id or several.
    private static func ids(_ value: JSONValue?) -> [Int32] {
        (value?.array ?? value.map { [$0] } ?? []).compactMap { $0.integer.flatMap { Int32(exactly: $0) } }.filter {
            $0 >= 0
        }
    }
}
