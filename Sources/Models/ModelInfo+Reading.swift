import Foundation
import RopewalkFormats
import RopewalkPhrases
import RopewalkTokenizers

extension ModelInfo {
    /// Reads a folder, a safetensors file or a tokenizer.json.
    /// - Throws: the first reason where nothing of it can be read.
    public init(contentsOf path: String) throws(ModelError) { try self.init(contentsOf: path, readsTokenizer: true) }

    /// - Parameter readsTokenizer: whether a tokenizer is read, which takes longest; if not, only whether one is there
    init(contentsOf path: String, readsTokenizer: Bool) throws(ModelError) {
        name = ModelFiles.name(of: path)
        self.path = path
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if let file = try ModelFiles.ggufFile(path) {
            try readGGUF(file, readsTokenizer: readsTokenizer)
        } else if exists, !isFolder.boolValue {
            try readFile()
        } else {
            try readFolder(readsTokenizer: readsTokenizer)
        }
    }

    private mutating func readFile() throws(ModelError) {
        if Tokenizer.isTokenizerFile(path) {
            do { describe(try Tokenizer(contentsOf: path)) } catch { throw .tokenizer(error) }
            missing = [say("weights and config.json: this is a tokenizer alone")]
        } else {
            do { describe([try TensorFile(contentsOf: path)]) } catch { throw .format(Self.named(error, path)) }
            missing = [say("config.json and tokenizer.json: these are weights alone; give their folder")]
        }
    }

    /// What is wrong with a file of weights; a file of any other name that does not begin as one is none.
    private static func named(_ error: FormatError, _ path: String) -> FormatError {
        guard case .header = error, !path.lowercased().hasSuffix(".safetensors") else { return error }
        return .kind(
            file: path,
            problem: say("is no file of a model: a folder with config.json, a .gguf or a .safetensors is wanted")
        )
    }

    /// Reads the tensors of a GGUF file, and what it says of the model if it is one that can be run.
    private mutating func readGGUF(_ path: String, readsTokenizer: Bool) throws(ModelError) {
        let file: GGUFFile
        do { file = try GGUFFile(contentsOf: path) } catch { throw .format(error) }
        describe(file.parts.map { (path: $0.path, entries: Array($0.tensors.values)) })
        family = file.metadata["general.architecture"]?.string
        do throws(ModelError) {
            let files = try ModelFiles(self.path)
            name = files.name
            let outline = try ModelOutline(files)
            describe(outline)
            let faults = check(outline, try files.tensors())
            missing += faults
            runs = faults.isEmpty
        } catch {
            missing.append(error.description)
        }
        if !readsTokenizer {
            let isThere = file.metadata["tokenizer.ggml.model"] != nil
            if !isThere { missing.append(say("the file has no tokenizer, so that it reads token ids alone")) }
            return
        }
        do throws(ModelError) { describe(try Model.tokenizer(at: path)) } catch { missing.append(error.description) }
    }

    /// Reads each part by itself, so that what is wrong with one does not hide the others.
    private mutating func readFolder(readsTokenizer: Bool) throws(ModelError) {
        if let adapter = AdapterSettings.lone(path) { throw adapter }
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
        do throws(ModelError) {
            let source = try describedSource()
            if let outline {
                let faults = check(outline, source)
                missing += faults
                runs = faults.isEmpty
            }
        } catch {
            // What the configuration says of it has been told already.
            if !missing.contains(error.description) { missing.append(note(error)) }
        }
        if readsTokenizer {
            do throws(ModelError) { describe(try Model.tokenizer(at: path)) } catch { missing.append(note(error)) }
        } else if Tokenizer.file(in: path) == nil {
            missing.append(say("there is no tokenizer, so that it reads token ids alone"))
        }
        if let first, family == nil, sizes == nil, tensors == nil, tokenizer == nil { throw first }
    }

    /// The weights of a folder, once they are described.
    private mutating func describedSource() throws(ModelError) -> any TensorSource {
        let checkpoint: CheckpointFiles
        do { checkpoint = try CheckpointFiles(folder: path) } catch { throw .format(error) }
        describe(checkpoint.files)
        let source = try QuantisedCheckpoint.source(checkpoint)
        if let quantised = source as? QuantisedCheckpoint {
            stored = quantised.quantisation.title
            parameters = quantised.count
        }
        return source
    }

    /// What any configuration may say, of whatever family.
    private mutating func describe(_ configuration: Configuration) {
        /// Under the first of the names that families have for it.
        func size(_ keys: String...) -> Int? { keys.lazy.compactMap { configuration.value($0)?.integer }.first }
        family = configuration.value("model_type")?.string
        sizes = Sizes(
            layers: size("num_hidden_layers", "num_layers", "n_layer", "n_layers"),
            heads: size("num_attention_heads", "num_heads", "n_head", "n_heads"),
            keyValueHeads: size("num_key_value_heads"), headDimension: size("head_dim", "d_kv"),
            hidden: size("hidden_size", "d_model", "n_embd"),
            intermediate: size("intermediate_size", "d_ff", "n_inner"),
            vocabulary: size("vocab_size"), window: size("max_position_embeddings", "n_positions", "max_seq_len"))
    }

    private mutating func describe(_ outline: ModelOutline) {
        let shape = outline.shape
        family = outline.family
        let traits = outline.traits
        let hasAttention = traits.hasAttention
        sizes = Sizes(
            layers: shape.layers, heads: hasAttention ? shape.heads : nil,
            keyValueHeads: hasAttention ? shape.keyValueHeads : nil,
            headDimension: hasAttention ? shape.headDimension : nil, hidden: shape.hidden,
            intermediate: shape.intermediate > 0 ? shape.intermediate : nil,
            vocabulary: shape.vocabulary, window: shape.trainedWindow)
        rope = traits.ropes.first.map { Rope(base: $0.base, method: $0.position.spec) }
        kinds = traits.kinds.map(\.rawValue)
        positions = Positions(scheme: traits.scheme.title, limit: traits.limit)
        layers = traits.layerKinds
        experts = traits.experts
        notes = traits.notes
        windowSource = outline.windowSource
    }

    private mutating func describe(_ files: [TensorFile]) {
        describe(files.map { (path: $0.path, entries: Array($0.tensors.values)) })
    }

    private mutating func describe(_ files: [(path: String, entries: [TensorEntry])]) {
        let entries = files.flatMap(\.entries)
        tensors = Tensors(
            files: files.map { URL(fileURLWithPath: $0.path).lastPathComponent }, count: entries.count,
            bytes: entries.reduce(0) { $0 + $1.bytes.count },
            types: Dictionary(entries.map { ($0.type.rawValue, 1) }, uniquingKeysWith: +),
            numbers: Dictionary(entries.map { ($0.type.rawValue, $0.count) }, uniquingKeysWith: +))
        parameters = entries.reduce(0) { $0 + $1.count }
    }

    private mutating func describe(_ tokenizer: Tokenizer) {
        self.tokenizer = TokenizerInfo(kind: tokenizer.kind, vocabulary: tokenizer.vocabularySize)
        addedTokens = AddedTokens(tokenizer)
        guard !tokenizer.remarks.isEmpty else { return }
        unread = unread ?? UnreadParts()
        unread?.remarks += tokenizer.remarks
    }

    /// Tensors that are missing or of another shape than the configuration says; no number is read.
    private mutating func check(_ outline: ModelOutline, _ source: any TensorSource) -> [String] {
        let faults = FaultList()
        let weights = Weights(checking: source, faults: faults)
        unread = outline.unread
        do throws(ModelError) {
            let architecture = try outline.load(weights)
            unread?.tensors = weights.unused()
            describe(architecture, weights)
            return faults.errors.map(\.description)
        } catch {
            return faults.errors.map(\.description) + [error.description]
        }
    }
}
