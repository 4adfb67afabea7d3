import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods

/// What has to be known before something can be done. `update` asks nothing itself: the loop finds out, from the answers
/// that the screen has, and reports at once.
package enum Inquiry: Equatable, Sendable {
    /// The key that is looked at.
    case key(KeyUse)
    /// Which rule or score lets the cursor see the key that is looked at, or hides it.
    case reason
    /// One of the queries that lose most.
    case worstQuery(Int)
    /// How many stretches the keys of the cursor have, to move so far through them.
    case stretches(Int)
    /// What a mouse event on the panels asks for.
    case pointing(Mouse)
    /// A head in the order of the panel of all heads.
    case rankedHead(RankedHead)
    /// A line of the answer on the screen, or a surprise.
    case asked(AskUse)
    /// A line of the word that is explained.
    case worded(WordUse)
    /// A tile in the order of the tiles.
    case tile(TileUse)
    /// A method so many lines on in the list of all.
    case catalogued(Int)
    /// A slot of a memory.
    case slot(TileUse)
    /// What a change of the text changed.
    case changes
    /// What is copied or written.
    case kept(KeptThing, KeptUse)
}

extension Inquiry {
    /// Whether it is answered, known or not: the key would be lost.
    fileprivate var waits: Bool {
        switch self {
        case .asked, .worded, .tile, .catalogued, .slot, .changes, .kept: true
        case .key, .reason, .worstQuery, .stretches, .pointing, .rankedHead: false
        }
    }
}

/// What the key that is looked at is needed for.
package enum KeyUse: Equatable, Sendable {
    case swap
    case map(MapAction)
    /// All heads are asked about it.
    case heads
    /// The page of the mask that is about a pair.
    case reach
}

/// What was found out.
package enum Finding: Sendable {
    /// Nil where there is no key yet.
    case key(Int?, KeyUse)
    case reason(key: Int?, VisibilityReason?)
    /// Nil where there is none.
    case worstQuery(Int?)
    /// How many there are, and how far to move.
    case stretches(count: Int, Int)
    case pointing([Action])
    /// Nil before anything is known.
    case rankedHead(HeadIndex?)
    case asked(AskFound)
    /// Nil before anything is known.
    case worded(WordFound?)
    /// Nil before anything is known.
    case tile(Int?)
    /// Nil where nothing is listed.
    case catalogued(String?)
    case slot(SlotFound?)
    /// Nil where nothing was changed.
    case changes(ChangeList?)
    /// Nil where nothing is known yet.
    case kept(KeptContents?, KeptThing, KeptUse)
}

extension Answers {
    /// A key that waits for an answer waits no longer; then what is known by now counts.
    private static let patienceOfKey = Duration.milliseconds(60)

    /// Answers an inquiry of a state.
    ///
    /// - Parameter isDeferring: Whether what takes longer than a key has time for waits for `settle`.
    package mutating func finding(_ inquiry: Inquiry, in state: AppState, deferring isDeferring: Bool = false)
        -> Finding
    {
        begin(
            state, isDeferring: isDeferring && !inquiry.waits, patience: isDeferring ? Self.patienceOfKey : nil)
        switch inquiry {
        case .key(let use): return .key(state.sight.key(&self), use)
        case .reason:
            let key = state.sight.key(&self)
            return .reason(key: key, state.sight.reason(key: key, &self))
        case .worstQuery(let index):
            let worst = state.sight.survey.flatMap { answer(to: $0)?.losing } ?? []
            return .worstQuery(worst.isEmpty ? nil : worst[min(max(0, index), worst.count - 1)].query)
        case .stretches(let steps):
            return .stretches(count: state.sight.maskRow(&self)?.stretches.count ?? 0, steps)
        case .asked(let use): return .asked(line(use, in: state))
        case .worded(let use): return .worded(line(use, in: state))
        case .tile(let use): return .tile(tile(use, in: state))
        case .catalogued(let steps): return .catalogued(catalogued(steps, in: state))
        case .slot(let use): return .slot(slot(use, in: state))
        case .changes: return .changes(changes(in: state))
        case .kept(let thing, let use): return .kept(contents(of: thing, in: state), thing, use)
        case .rankedHead(let rank): return .rankedHead(head(rank, in: state))
        case .pointing(let mouse): return .pointing(state.actions(of: mouse, asking: &self))
        }
    }
}

extension AppState {
    /// Does what waited for a finding.
    mutating func take(_ finding: Finding) -> [Effect] {
        switch finding {
        case .key(let key, .swap): swap(with: key)
        case .key(let key, .map(let action)): change(action, key: key ?? focus.cursor)
        case .key(let key, .heads): if let key { keepAnchor(key) }
        case .asked(let found): return take(found)
        case .worded(let found): if let found { take(found) }
        case .tile(let step): if let step { take(tile: step) }
        case .catalogued(let name): if let name { take(catalogued: name) }
        case .slot(let slot): if let slot { take(slot: slot) }
        case .changes(let list):
            if let list { overlay = .changes(list) }
        case .kept(let contents, let thing, let use): return take(contents, of: thing, for: use)
        case .rankedHead(let head):
            heads.selected = head ?? heads.selected
            heads.awaitsFirst = head == nil && heads.order.isAboutPlace
        case .key(let key, .reach): masks.reach = MaskTools.Reach(sight: sight, key: key)
        case .reason(let key, let reason): explain(key: key, reason)
        case .worstQuery(let query): if let query { moveCursor(to: query) }
        case .stretches(let count, let steps): scrollStretches(steps, of: count)
        case .pointing(let actions): return actions.flatMap { perform($0) }
        }
        return []
    }
}
