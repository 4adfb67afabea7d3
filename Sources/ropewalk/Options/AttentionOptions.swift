import ArgumentParser
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// Attention weights that another program has saved, in place of a text and a model.
struct AttentionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say(
                """
                Attention weights of another program in place of TEXT and a model: .npy, .safetensors, .pt or .json, [layers, heads, \
                queries, keys] or a tensor a layer, as TransformerLens, transformers and BertViz have them (docs/RECORDING.md).
                """), valueName: "file"))
    var attention: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                With --attention: the tokens, a JSON array of texts or one a line; Ġ, ▁ and ## are read as their tokenizers write \
                them. Ids: --ids FILE --model DIR.
                """), valueName: "file"))
    var attentionTokens: String?

    @Option(
        help: ArgumentHelp(
            say(
                "With --attention between two texts: the tokens of the keys; then --attention-tokens are the queries'."),
            valueName: "file"))
    var attentionKeys: String?

    @Option(
        help: ArgumentHelp(
            say("With --attention: which tensors of the file, such as blocks.{layer}.attn.hook_pattern."),
            valueName: "name"))
    var attentionName: String?

    func validate() throws {
        guard attention == nil, attentionTokens != nil || attentionKeys != nil || attentionName != nil else { return }
        throw CommandError.combination(
            say("--attention-tokens, --attention-keys and --attention-name are about --attention FILE: give it too"))
    }

    /// The files that are read.
    var files: [String] { [attention, attentionTokens, attentionKeys].compactMap { $0 } }

    /// The maps, read and measured; nil where none are given.
    func maps(text: TextOptions, model: ModelOptions) throws -> GivenAttention? {
        guard let attention else { return nil }
        guard text.text == nil, text.tokens == nil, text.from == 0 else {
            throw CommandError.combination(
                say(
                    "--attention is of all of its own tokens: leave out TEXT, --tokens and --from, and give --attention-tokens"
                ))
        }
        guard model.adapter == nil, model.weightsLike == nil, model.model == nil || text.ids != nil else {
            throw CommandError.combination(
                say("--attention stands in place of a model: leave out --model, --adapter and --weights-like"))
        }
        guard text.ids == nil || attentionTokens == nil else {
            throw CommandError.combination(say("--ids and --attention-tokens both name the tokens: leave one out"))
        }
        MemoryReport.note("reading attention weights from \(attention.onOneLine)")
        return try GivenAttention(
            contentsOf: attention, tensors: attentionName, text: own(text, model), keyText: keys(),
            threads: model.threadCount)
    }

    private func own(_ text: TextOptions, _ model: ModelOptions) throws -> GivenText? {
        if let attentionTokens { return GivenText(try GivenText.tokens(contentsOf: attentionTokens)) }
        guard text.ids != nil else { return nil }
        let path = try model.path()
        guard let tokenizer = try Model.tokenizerIfThere(at: path) else { throw CommandError.noTokenizer(path) }
        return GivenText(
            ids: try text.tokenIDs(nil, vocabulary: tokenizer.vocabularySize), tokenizer: tokenizer)
    }

    private func keys() throws -> GivenText? {
        try attentionKeys.map { GivenText(try GivenText.tokens(contentsOf: $0)) }
    }
}

extension GivenText {
    /// The text with its tokens.
    func document(name: String) throws -> Document {
        Document(text: try SourceText(bytes, name: name), encoding: encoding, tokenizer: nil)
    }
}
