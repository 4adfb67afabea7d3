/// Published vocabularies in tiktoken's form, known by how many ranks they have: the files say neither how texts are cut
/// into words nor which special tokens there are.
struct KnownEncoding {
    let name: String
    let ranks: Int
    let words: WordPatterns.Named
    /// Those that all versions of the encoding agree on.
    let special: [(id: Int, content: String)]
    /// The token that begins a text.
    let beginning: Int?

    private init(
        _ name: String, ranks: Int, words: String, _ special: [(id: Int, content: String)], beginning: Int? = nil
    ) {
        self.name = name
        self.ranks = ranks
        self.words = WordPatterns.named(words) ?? .init(patterns: [])
        self.special = special
        self.beginning = beginning
    }

    private static let endOfText = "<|endoftext|>"

    /// tiktoken's `openai_public.py`, and the tokenizers that the authors of Llama and Qwen published with their models.
    static let all = [
        KnownEncoding("r50k_base", ranks: 50_256, words: "gpt-2", [(50_256, endOfText)]),
        KnownEncoding("p50k_base", ranks: 50_280, words: "gpt-2", [(50_256, endOfText)]),
        KnownEncoding(
            "cl100k_base", ranks: 100_256, words: "llama3",
            [
                (100_257, endOfText), (100_258, "<|fim_prefix|>"), (100_259, "<|fim_middle|>"),
                (100_260, "<|fim_suffix|>"), (100_276, "<|endofprompt|>"),
            ]),
        KnownEncoding(
            "o200k_base", ranks: 199_998, words: "gpt-4o", [(199_999, endOfText), (200_018, "<|endofprompt|>")]),
        KnownEncoding(
            "Llama 3", ranks: 128_000, words: "llama3",
            [
                (128_000, "<|begin_of_text|>"), (128_001, "<|end_of_text|>"), (128_006, "<|start_header_id|>"),
                (128_007, "<|end_header_id|>"), (128_009, "<|eot_id|>"),
            ], beginning: 128_000),
        KnownEncoding(
            "Llama 4", ranks: 200_000, words: "llama4",
            [
                (200_000, "<|begin_of_text|>"), (200_001, "<|end_of_text|>"), (200_002, "<|fim_prefix|>"),
                (200_003, "<|fim_middle|>"), (200_004, "<|fim_suffix|>"), (200_005, "<|header_start|>"),
                (200_006, "<|header_end|>"), (200_007, "<|eom|>"), (200_008, "<|eot|>"),
            ], beginning: 200_000),
        KnownEncoding(
            "Qwen", ranks: 151_643, words: "qwen2",
            [(151_643, endOfText), (151_644, "<|im_start|>"), (151_645, "<|im_end|>")]),
    ]

    static func with(ranks: Int) -> KnownEncoding? { all.first { $0.ranks == ranks } }
}
