import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What the panel of all heads is asked for.
package enum HeadsAction: Hashable, Sendable {
    /// By the next measure.
    case sort
    /// By what they give the anchor from the cursor; again: by what that adds to their output.
    case here
    /// Moves the selection by layers and heads.
    case select(Steps)
    /// Moves the selection down or up the list.
    case rank(Int)
    /// Shows the selected head in all panels.
    case take
    /// By what is worked out for all heads where somebody asks; nil: by the next of these.
    case by(HeadNumber?)
}

/// What is worked out for all heads where somebody asks.
package enum HeadNumber: String, CaseIterable, Hashable, Sendable {
    case js, tv, kl, recall, kept, output, loss, copies

    var order: HeadOrder {
        HeadGrid.Measure(rawValue: rawValue).map { .moved($0) } ?? (self == .copies ? .copies : .ablation)
    }

    init?(_ order: HeadOrder) {
        guard let found = Self.allCases.first(where: { $0.order == order }) else { return nil }
        self = found
    }

    /// The one after it; nil behind the last.
    var next: HeadNumber? {
        guard let place = Self.allCases.firstIndex(of: self), place + 1 < Self.allCases.count else { return nil }
        return Self.allCases[place + 1]
    }
}

extension HeadsAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("heads.sort", "sorts by the next measure", .heads(.sort)),
        ActionForm(
            "heads.here",
            "sorts by the weight from cursor to anchor, or of what is selected; again: by what it adds to the output",
            .heads(.here)),
        ActionForm("heads.select", ActionParameter<Steps>.steps, "moves the selection, layers down and heads right") {
            .heads(.select($0))
        },
        ActionForm("heads.rank", .steps, "moves the selection down or up the list of heads") { .heads(.rank($0)) },
        ActionForm("heads.take", "looks at the selected head", .heads(.take)),
        ActionForm(
            "heads.by", ActionParameter<HeadNumber>.name,
            "sorts by how far a method or the model beside moves heads, by the loss without each, or by how far each copies in needle tests"
        ) { .heads(.by($0)) },
        ActionForm("heads.numbers", "sorts by the next of these, then by measures again", .heads(.by(nil))),
    ]

    var text: String {
        switch self {
        case .sort: "heads.sort"
        case .here: "heads.here"
        case .select(let steps): "heads.select " + ActionParameter<Steps>.steps.write(steps)
        case .rank(let steps): "heads.rank " + ActionParameter<Int>.steps.write(steps)
        case .take: "heads.take"
        case .by(let number?): "heads.by " + ActionParameter.name.write(number)
        case .by(nil): "heads.numbers"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .sort, .select, .take, .by: state.modelObstacle
        case .here: state.readingObstacle ?? state.unpreviewed
        case .rank: state.modelObstacle
        }
    }
}

extension AppState {
    mutating func perform(_ action: HeadsAction) -> [Effect] {
        switch action {
        case .sort: (heads.order, heads.awaitsFirst) = (heads.order.next, false)
        case .here: return rankHeadsHere()
        case .select(let steps): moveSelectedHead(steps)
        case .rank(let steps): return [.find(.rankedHead(.after(selectedHead, steps: steps)))]
        case .take: choose(layer: selectedHead.layer, head: selectedHead.head)
        case .by(let number): sortHeads(by: number)
        }
        return []
    }

    /// The head that the keys have moved to.
    var selectedHead: HeadIndex { heads.selected ?? head }

    /// The key that is looked at stays it: otherwise every head would be asked about a key of its own.
    private mutating func rankHeadsHere() -> [Effect] {
        if let obstacle = HeadsAction.here.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        heads.order = heads.order == .weight ? .value : .weight
        reveal(.heads)
        panels.focus(.heads)
        return (keySpan == nil ? [.find(.key(.heads))] : []) + [.find(.rankedHead(.first))]
    }

    private mutating func sortHeads(by number: HeadNumber?) {
        let next = number ?? HeadNumber(heads.order).map(\.next) ?? HeadNumber.allCases.first
        (heads.order, heads.awaitsFirst) = (next?.order ?? .measure(0), false)
        if next == .loss || next == .copies { losses.isPaused = false }
        reveal(.heads)
        panels.focus(.heads)
    }

    /// The key that all heads are asked about.
    mutating func keepAnchor(_ key: Int) {
        focus.anchor = .token(key)
        guard let last = querySpan?.ranges.last?.upperBound, let lens, key >= lens.recording.keyEnd(after: last - 1)
        else {
            return
        }
        notice = Notice(
            .information,
            say(
                "\(key.grouped) comes later than what is selected, which reads nothing of it: \(keyName(of: .program(.close))) lets the selection go"
            ))
    }

    private mutating func moveSelectedHead(_ steps: Steps) {
        guard let shape else { return }
        let place = selectedHead
        heads.awaitsFirst = false
        heads.selected = HeadIndex(
            layer: min(max(0, place.layer + steps.rows), max(0, shape.layers - 1)),
            head: min(max(0, place.head + steps.columns), max(0, shape.heads - 1)))
    }
}

/// A head in the order of the panel.
package enum RankedHead: Equatable, Sendable {
    case first
    case after(HeadIndex, steps: Int)
}

extension Answers {
    /// The head at a rank of the panel's present order; nil before anything is known.
    mutating func head(_ rank: RankedHead, in state: AppState) -> HeadIndex? {
        guard let shape = state.shape, let lens = state.lens else { return nil }
        let scores = answer(deepening: HeadScoresQuestion(lens.recording))?.scores ?? []
        let place = HeadsAtPlace(state).ranking(&self)
        let numbers = HeadNumbers(state).ranking(&self)
        let order = HeadsView.Order(
            scores: scores, sort: state.heads.order.measure, place: place, numbers: numbers
        ).ranks
        // What waits for `settle` has no rank yet.
        guard !order.isEmpty, !isUnsettled || place?.isKnown == true else { return nil }
        let index: Int
        switch rank {
        case .first: index = order[0]
        case .after(let head, let steps):
            let place = order.firstIndex(of: head.layer * shape.heads + head.head) ?? 0
            index = order[min(max(0, place + steps), order.count - 1)]
        }
        return HeadIndex(layer: index / shape.heads, head: index % shape.heads)
    }
}
