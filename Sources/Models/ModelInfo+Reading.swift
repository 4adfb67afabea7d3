import Formats
import Foundation
import Tokenizers

extension ModelInfo {
    /// Reads a folder, a safetensors file or a tokenizer.json.
    /// - Throws: the first reason where nothing of it can be read.
    public init(contentsOf path: String) throws(ModelError) {
        name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        self.path = path
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, !isFolder.boolValue {
            try readFile()
        } else {
            try readFolder()
        }
    }

    private mutating func readFile() throws(ModelError) {
        if path.hasSuffix(".json") {
            do { describe(try Tokenizer(contentsOf: path)) } catch { throw .tokenizer(error) }
            missing = ["weights and config.json: this is a tokenizer alone"]
        } else {
            do { describe([try SafetensorsFile(contentsOf: path)]) } catch { throw .format(error) }
            missing = ["config.json and tokenizer.json: these are weights alone; give their folder"]
        }
    }

    /// Reads each part by itself, so that what is wrong with one does not hide the others.
    private mutating func readFolder() throws(ModelError) {
        var first: ModelError?
        func note(_ error: ModelError) -> String {
            first = first ?? error
            return error.description
        }
        var outline: ModelOutline?
        do throws(ModelError) {
            let configuration = try Configuration(folder: path)
            describe(configuration)
            outline = try ModelOutline(contentsOf: path)
        } catch {
            missing.append(note(error))
        }
        if let outline { describe(outline) }
        do throws(FormatError) {
            let checkpoint = try CheckpointFiles(folder: path)
            describe(checkpoint.files)
            if let outline {
                let faults = Self.faults(of: checkpoint, outline.llama)
                missing += faults
                runs = faults.isEmpty
            }
        } catch {
            missing.append(note(.format(error)))
        }
        do throws(TokenizerError) {
            describe(try Tokenizer(contentsOf: path + "/tokenizer.json"))
        } catch {
            missing.append(note(.tokenizer(error)))
        }
        if let first, family == nil, sizes == nil, tensors == nil, tokenizer == nil { throw first }
    }

    /// What any configuration may say, of whatever family.
    private mutating func describe(_ configuration: Configuration) {
        func size(_ key: String) -> Int? { configuration.value(key)?.integer }
        family = configuration.value("model_type")?.string
        sizes = Sizes(
            layers: size("num_hidden_layers"), heads: size("num_attention_heads"),
            keyValueHeads: size("num_key_value_heads"), headDimension: size("head_dim"), hidden: size("hidden_size"),
            intermediate: size("intermediate_size"), vocabulary: size("vocab_size"),
            window: size("max_position_embeddings"))
    }

    private mutating func describe(_ outline: ModelOutline) {
        let shape = outline.shape
        family = outline.family
        sizes = Sizes(
            layers: shape.layers, heads: shape.heads, keyValueHeads: shape.keyValueHeads,
            headDimension: shape.headDimension, hidden: shape.hidden, intermediate: shape.intermediate,
            vocabulary: shape.vocabulary, window: shape.trainedWindow)
        rope = Rope(base: shape.ropeBase, method: outline.position.spec)
    }

    private mutating func describe(_ files: [SafetensorsFile]) {
        let entries = files.flatMap(\.tensors.values)
        tensors = Tensors(
            files: files.map { URL(fileURLWithPath: $0.path).lastPathComponent }, count: entries.count,
            bytes: entries.reduce(0) { $0 + $1.bytes.count },
            types: Dictionary(entries.map { ($0.type.rawValue, 1) }, uniquingKeysWith: +))
        parameters = entries.reduce(0) { $0 + $1.bytes.count / $1.type.size }
    }

    private mutating func describe(_ tokenizer: Tokenizer) {
        self.tokenizer = TokenizerInfo(kind: "byte-level BPE", vocabulary: tokenizer.vocabularySize)
    }

    /// Tensors that are missing or of another shape than the configuration says.
    private static func faults(of checkpoint: CheckpointFiles, _ llama: LlamaConfiguration) -> [String] {
        let prefix = checkpoint.find("model.embed_tokens.weight") == nil ? "" : "model."
        var expected = llama.tensors.map { (name: prefix + $0.name, shape: $0.shape) }
        if !llama.tiesEmbeddings {
            expected.append((name: "lm_head.weight", shape: [llama.shape.vocabulary, llama.shape.hidden]))
        }
        return expected.compactMap { tensor in
            guard let (file, entry) = checkpoint.find(tensor.name) else { return "tensor \(tensor.name)" }
            guard entry.shape != tensor.shape else { return nil }
            return ModelError.shape(
                file: file.path, tensor: tensor.name, found: entry.shape, expected: tensor.shape
            ).description
        }
    }
}
