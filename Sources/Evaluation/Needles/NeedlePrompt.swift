import RopewalkDocuments
import RopewalkMethods
import RopewalkTokenizers

/// A prompt as a model reads it, with its answer behind it: where the needles came to lie, and what else could be answered.
package struct NeedlePrompt: Sendable {
    /// A needle where it lies.
    package struct Placed: Equatable, Sendable {
        package let tokens: Range<Int>
        /// Where it was to lie and where it lies, per cent of the haystack without needles.
        package let wanted: Double
        package let depth: Double
        package let isAsked: Bool
    }

    /// Of the prompt and the answer.
    package let ids: [Int32]
    /// The tokens of the answer, the last ones. A token that joins the blank before the answer with it is one of them.
    package let answer: Range<Int>
    /// The tokens of each thing that has to be named.
    package let parts: [Range<Int>]
    package let needles: [Placed]
    /// What has to be named.
    package let answers: [String]
    /// All of the answer.
    package let answerText: String
    /// Other endings behind the same tokens, to choose among with the first answer. The tokens of the text up to
    /// `choiceStart` are shared by all.
    package let choices: [[Int32]]
    package let choiceStart: Int
    /// The right one among them, up to where the first answer ends.
    package let rightChoice: [Int32]
    /// How many times the text is shorter than what was asked of it; 0 where no token is read twice.
    package let repeats: Int
    let takesAny: Bool

    /// The tokens of those needles that the answer needs.
    package var askedTokens: [Range<Int>] { needles.filter(\.isAsked).map(\.tokens) }
    /// The token that the first one of the answer is predicted after.
    package var asking: Int { answer.lowerBound - 1 }

    /// Where it lies in a grid.
    package struct Place: Hashable, Sendable {
        /// Tokens of prompt and answer, at most; exactly, where the filler is cut anywhere.
        package let length: Int
        /// Per cent.
        package let depth: Int
        package let seed: Int

        package init(length: Int, depth: Int, seed: Int) {
            (self.length, self.depth, self.seed) = (length, depth, seed)
        }
    }

    /// - Parameters:
    ///   - borders: where needles may go in the text; nil for what the task asks for
    ///   - choices: other answers at most
    /// - Throws: where the needles and the question leave no room in the length.
    package init(
        _ task: NeedleTask, at place: Place, in haystack: Haystack, borders: NeedleStory.Borders? = nil,
        choices: Int = 0
    ) throws(NeedleError) {
        let draft = try NeedleDraft(task, at: place, in: haystack, borders: borders)
        let tail = draft.tail
        ids = draft.head + tail.ids
        let start = draft.head.count
        answer = start + tail.answerStart..<ids.count
        let bytes = draft.story.question.utf8.count
        parts = draft.story.answerRanges.map { range in
            tail.tokens(in: range.lowerBound + bytes..<range.upperBound + bytes).shifted(by: start)
        }
        needles = draft.needles
        answers = draft.story.answers
        answerText = draft.story.answer
        takesAny = draft.story.takesAny
        repeats = draft.repeats
        let right = try NeedleTail(draft.story.question, draft.story.answers[0], in: haystack)
        var endings: [NeedleTail] = []
        for other in draft.story.others where endings.count < choices {
            endings.append(try NeedleTail(draft.story.question, other, in: haystack))
        }
        let shared = ([tail] + endings).reduce(tail.answerStart) { min($0, right.shared(with: $1)) }
        choiceStart = start + shared
        rightChoice = Array(right.ids[shared...])
        self.choices = endings.map { Array($0.ids[shared...]) }
    }

    /// The prompt as a text that can be opened, as far as its tokens spell one.
    package func document(_ tokenizer: Tokenizer) throws(NeedleError) -> Document {
        do { return try Document(ids: ids, tokenizer: tokenizer) } catch { throw .document(error) }
    }

    /// A scenario with the sentences and paragraphs of the prompt, where its methods ask for them.
    package func bound(_ scenario: Scenario, _ tokenizer: Tokenizer) throws(NeedleError) -> Scenario {
        guard !scenario.units.isEmpty else { return scenario }
        let document = try document(tokenizer)
        return scenario.over { unit in
            let part: TextPart = unit == .sentence ? .sentence : .paragraph
            return PartBorders(starts: document.tokens(ofParts: part, below: document.tokenCount).map(\.lowerBound))
        }
    }
}

/// A question with its answer, cut into tokens together, so that a tokenizer joins at the border what it joins in a text.
struct NeedleTail {
    private let encoding: Encoding
    /// The first token with a byte of the answer.
    let answerStart: Int

    var ids: [Int32] { encoding.ids }

    init(_ question: String, _ answer: String, in haystack: Haystack) throws(NeedleError) {
        let encoding = try haystack.encoding(of: question + answer)
        let end = question.utf8.count
        self.encoding = encoding
        answerStart = (0..<encoding.count).first { encoding.bytes(of: $0).upperBound > end } ?? encoding.count
    }

    /// The tokens with a byte in a range.
    func tokens(in range: Range<Int>) -> Range<Int> {
        let tokens = (0..<encoding.count).filter { encoding.bytes(of: $0).overlaps(range) }
        return (tokens.first ?? ids.count)..<(tokens.last.map { $0 + 1 } ?? ids.count)
    }

    /// How many tokens two have in common at the beginning, before the answer of either.
    func shared(with other: NeedleTail) -> Int {
        min(zip(ids, other.ids).prefix { $0 == $1 }.count, answerStart, other.answerStart)
    }
}

extension Range<Int> {
    func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}
