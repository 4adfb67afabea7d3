import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What the cursor looks at, as questions name it: its query in a head, and the key there.
struct Sight: Equatable, Sendable {
    /// Nil where no run has read the cursor.
    let place: HeadQuery?
    let anchor: Anchor
    /// Where the keys end that the cursor could see; nil before anything is read.
    let keyEnd: Int?
    /// Whether the cursor sees every key that there is.
    let isDense: Bool
    /// The queries that lose most; nil before anything is read.
    let survey: SurveyQuestion?

    /// The cursor's row of attention.
    func row(_ answers: inout Answers) -> AttentionRow? {
        place.flatMap { answers.answer(to: RowQuestion(place: $0)) }
    }

    /// The key that is looked at; nil where there is none yet.
    func key(_ answers: inout Answers) -> Int? {
        switch anchor {
        case .token(let token): token
        case .strongest(let rank): place.flatMap { answers.answer(to: StrongKeyQuestion(place: $0, rank: rank)) }
        }
    }

    /// The pair of the cursor and the key that is looked at.
    func pair(_ answers: inout Answers) -> PairScore? {
        guard let place, let keyEnd, let key = key(&answers), key < keyEnd else { return nil }
        let weights = row(&answers)?.weights ?? []
        return answers.answer(
            to: PairQuestion(place: place, key: key, weight: weights.indices.contains(key) ? weights[key] : 0))
    }

    /// Why there is no pair to show, in several wordings: where the key comes after a query that sees no later ones, who
    /// reads whom.
    func missingPair(_ answers: inout Answers) -> [String] {
        guard let place, let keyEnd, let key = key(&answers), key >= keyEnd else {
            return MissingPair.unread.map(\.said)
        }
        let (cursor, anchor) = (place.query.grouped, key.grouped)
        let later = HeadQuery(basis: place.basis, layer: place.layer, head: place.head, query: key)
        let weights = answers.answer(to: RowQuestion(place: later))?.weights ?? []
        let sentence = say("anchor \(anchor) comes after cursor \(cursor), which cannot see it (o swaps them)")
        guard weights.indices.contains(place.query) else { return [sentence, say("the anchor comes later: o")] }
        let weight = Figures.weight(weights[place.query])
        return [
            say("\(sentence): token \(anchor) reads \(cursor) with weight \(weight)"),
            say("anchor \(anchor) is later; it reads \(cursor): \(weight)"), say("the anchor comes later: o"),
        ]
    }

    /// The keys that the mask lets the cursor see.
    func maskRow(_ answers: inout Answers) -> MaskRow? {
        place.flatMap { answers.answer(to: MaskRowQuestion(place: $0)) }
    }

    /// Why the cursor sees a key, or does not.
    func reason(key: Int?, _ answers: inout Answers) -> VisibilityReason? {
        guard let place, let key else { return nil }
        return answers.answer(to: ReasonQuestion(place: place, key: key))
    }
}

extension Sight {
    /// Nil before anything is read.
    init?(_ lens: Lens?, _ head: HeadIndex, _ focus: Focus, tokens: Int, isSecond: Bool = false) {
        guard let lens, tokens > 0 else { return nil }
        let basis = Basis(lens, ofSecond: isSecond)
        let isRead = focus.cursor < lens.recording.tokens
        self.init(
            place: isRead
                ? HeadQuery(basis: basis, layer: head.layer, head: head.head, query: focus.cursor) : nil,
            anchor: focus.anchor, keyEnd: lens.recording.keyEnd(after: focus.cursor),
            isDense: lens.setup.isDense(layer: head.layer, head: head.head),
            survey: SurveyQuestion(
                basis: basis, stage: RecordingStage(lens.recording), layer: head.layer, head: head.head))
    }
}

extension AppState {
    var sight: Sight {
        Sight(lens, head, focus, tokens: tokenCount)
            ?? Sight(place: nil, anchor: focus.anchor, keyEnd: nil, isDense: isDense, survey: nil)
    }
}
