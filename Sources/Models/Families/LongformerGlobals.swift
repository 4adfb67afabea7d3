import RopewalkPhrases

/// Which tokens of a Longformer are global where inputs do not say: what transformers takes for its architecture.
enum LongformerGlobals: Equatable, Sendable {
    /// Of encoders, masked-language models and classifiers of tokens.
    case none
    /// Of classifiers of texts.
    case first
    /// Of answerers: the question, which ends at the first of exactly three separators.
    case question(separator: Int32)
    /// Of multiple choice: what follows the question and its two separators.
    case choice(separator: Int32)

    init(_ configuration: Configuration) throws(ModelError) {
        let architecture = configuration.value("architectures")?.array?.first?.string
        let separator = Int32(try configuration.count("sep_token_id", default: 2))
        switch architecture {
        case "LongformerForSequenceClassification": self = .first
        case "LongformerForQuestionAnswering": self = .question(separator: separator)
        case "LongformerForMultipleChoice": self = .choice(separator: separator)
        default: self = .none
        }
    }

    /// The places that are global in any text.
    var ofEveryText: [Int] { self == .first ? [0] : [] }

    /// The global places of a text; none where transformers would refuse it for want of separators.
    func places(in ids: [Int32]) -> [Int] {
        func end(_ separator: Int32) -> Int? {
            let places = ids.indices.filter { ids[$0] == separator }
            return places.count == 3 ? places[0] : nil
        }
        switch self {
        case .none: return []
        case .first: return ids.isEmpty ? [] : [0]
        case .question(let separator): return end(separator).map { Array(0..<$0) } ?? []
        case .choice(let separator): return end(separator).map { Array(ids.indices.dropFirst($0 + 2)) } ?? []
        }
    }

    /// What is to be known of them.
    var note: String {
        let unless = say("where inputs have no global_attention_mask")
        switch self {
        case .none: return say("no token is global \(unless)")
        case .first: return say("token 0 is global \(unless)")
        case .question(let separator):
            return say(
                """
                the tokens before the first of three separators (id \(separator)) are global \(unless); none in \
                texts with more or fewer
                """)
        case .choice(let separator):
            return say(
                """
                the tokens from the second after the first of three separators (id \(separator)) on are global \
                \(unless); none in texts with more or fewer
                """)
        }
    }
}
