/// What is left of a prompt that is longer than its budget.
package enum PromptCut: Equatable, Sendable {
    /// LongBench: ⌊budget / 2⌋ tokens of the beginning and as many of the end.
    case middle
    /// LongBench v2: ⌊budget / 2⌋ of the beginning, ⌈budget / 2⌉ of the end.
    case wholeMiddle
    /// L-Eval: the first words of the document, fewer by 250 each time until it fits; of programs the last ones.
    case words(keepsEnd: Bool)

    package init(_ item: BenchmarkItem) {
        switch item.benchmark {
        case .longBench: self = .middle
        case .longBenchV2: self = .wholeMiddle
        // As L-Eval's scripts tell it: by any name with "code" in it.
        case .lEval: self = .words(keepsEnd: item.task.contains("code"))
        }
    }

    /// How many of the first and of the last tokens are kept; all where they fit.
    /// - Parameter budget: at least 2
    package static func kept(of count: Int, budget: Int, keepsOdd: Bool) -> (first: Int, last: Int) {
        guard count > max(2, budget) else { return (count, 0) }
        let half = max(2, budget) / 2
        return (half, keepsOdd ? max(2, budget) - half : half)
    }
}

/// How a text becomes tokens and tokens a text, as a model has it.
package struct TextTokens: Sendable {
    /// With the special tokens that the model wants.
    package let encode: @Sendable (String) throws -> [Int32]
    /// Without special tokens.
    package let decode: @Sendable ([Int32]) -> String

    package init(
        encode: @escaping @Sendable (String) throws -> [Int32], decode: @escaping @Sendable ([Int32]) -> String
    ) {
        (self.encode, self.decode) = (encode, decode)
    }
}

/// A prompt that fits into a budget of tokens.
package struct CutPrompt: Equatable, Sendable {
    package let text: String
    /// Of the whole prompt; of L-Eval of the document.
    package let tokens: Int
    package let isCut: Bool
    /// Whether the question alone is longer than the budget, so that of it too only a part is left.
    package let cutsQuestion: Bool

    /// - Parameter budget: tokens, at least 2
    /// - Throws: what the tokenizer throws.
    package init(
        _ item: BenchmarkItem, _ template: PromptTemplate, budget: Int, _ tokens: TextTokens
    ) throws {
        let cut = PromptCut(item)
        if case .words(let keepsEnd) = cut {
            let question = try tokens.encode(template.filled(item, context: "")).count
            let room = max(2, budget - question)
            let whole = item.context ?? ""
            let (document, count) = try Self.words(of: whole, room: room, keepsEnd: keepsEnd, tokens)
            text = template.filled(item, context: document)
            self.tokens = count
            isCut = document != whole
            cutsQuestion = question > budget
            return
        }
        let whole = template.filled(item)
        let ids = try tokens.encode(whole)
        self.tokens = ids.count
        let (first, last) = PromptCut.kept(of: ids.count, budget: budget, keepsOdd: cut == .wholeMiddle)
        isCut = last > 0
        if isCut {
            cutsQuestion = try tokens.encode(template.filled(item, context: "")).count > budget
            let middle = cut == .middle
            text =
                middle
                ? tokens.decode(Array(ids.prefix(first))) + tokens.decode(Array(ids.suffix(last)))
                : tokens.decode(Array(ids.prefix(first) + ids.suffix(last)))
        } else {
            (text, cutsQuestion) = (whole, false)
        }
    }

    /// What L-Eval keeps of a document, and the tokens of all of it. As published it looks at the document's tokens alone.
    private static func words(
        of text: String, room: Int, keepsEnd: Bool, _ tokens: TextTokens
    ) throws -> (String, Int) {
        let count = try tokens.encode(text).count
        var left = count
        var document = PythonText.parts(PythonText.codePoints(text), at: " ")
        var removed = 0
        while left > room {
            let words = max(0, room - removed)
            document = Array(keepsEnd ? document.suffix(words) : document.prefix(words))
            removed += 250
            left = words == 0 ? 0 : try tokens.encode(PythonText.string(document.joined(separator: [" "]))).count
        }
        return (left == count ? text : PythonText.string(document.joined(separator: [" "])), count)
    }
}
