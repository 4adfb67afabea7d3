import RopewalkLens
import RopewalkViews

/// What all keys of the cursor come to in a head.
struct WordQuestion: Question {
    let place: HeadQuery

    /// A list of more lines than that nobody reads: what is not listed is summed.
    static let most = 200

    func answer(_ witness: Witness, _ answers: inout Answers) -> WordReading? {
        witness.lens(place.basis)?.wordReading(
            layer: place.layer, head: place.head, query: place.query, count: Self.most)
    }
}

/// What becomes of the head's output in its block.
struct WordBlockQuestion: Question {
    static var isSlow: Bool { true }

    let place: HeadQuery
    /// Blocks whose states are made again.
    let states: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> WordBlock? {
        guard let lens = witness.lens(place.basis), let model = witness.model(place.basis),
            let reading = answers.answer(to: WordQuestion(place: place))
        else { return nil }
        let known = states > 0 ? answers.answer(to: LogitLensQuestion(basis: place.basis, query: place.query)) : nil
        return lens.wordBlock(reading, of: model, logitLens: known)
    }
}

/// The part of a state that the Word panel is made of.
struct WordSources: Sendable {
    let choices: WordChoices
    let sight: Sight
    /// The line that the keys have moved to; nil: the anchor's.
    private let moved: Int?

    init(_ state: AppState) {
        choices = state.word
        sight = state.sight
        moved = state.selectedWordLine
    }

    func reading(_ answers: inout Answers) -> WordReading? {
        sight.place.flatMap { answers.answer(to: WordQuestion(place: $0)) }
    }

    /// The line that is selected: the anchor's where the keys have not moved.
    func selected(_ reading: WordReading, _ answers: inout Answers) -> Int {
        if let moved { return moved }
        guard let key = sight.key(&answers) else { return 0 }
        let lines = WordView.lines(of: reading, by: choices.order)
        return lines.firstIndex { line in
            guard case .key(let index) = line else { return false }
            return reading.keys[index].token == key
        } ?? 0
    }
}
