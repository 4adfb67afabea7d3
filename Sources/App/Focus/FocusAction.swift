import RopewalkModels
import RopewalkPhrases

/// What chooses the key, the head and the kind of attention that are looked at.
package enum FocusAction: Hashable, Sendable {
    /// The anchor becomes a weaker or stronger key of the cursor.
    case weakerKey(Int)
    case anchorHere
    case anchor(Int)
    case strongestKey
    case swap
    case layer(Int), head(Int)
    case take(HeadIndex)
    case kind(Choice<AttentionKind>)
}

extension FocusAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("anchor.rank", .steps, "the anchor becomes the cursor's next weaker or stronger key") {
            .focus(.weakerKey($0))
        },
        ActionForm(
            "anchor.here", "the cursor's token stays the anchor; what is selected, as one key", .focus(.anchorHere)),
        ActionForm(
            "anchor.strongest", "the anchor follows the cursor's strongest key but the first", .focus(.strongestKey)),
        ActionForm("anchor token", .index("TOKEN"), "a key token stays the anchor") { .focus(.anchor($0)) },
        ActionForm("anchor.swap", "swaps cursor and anchor", .focus(.swap)),
        ActionForm("layer.step", .steps, "layers up or down") { .focus(.layer($0)) },
        ActionForm("head.step", .steps, "heads on or back, through all layers") { .focus(.head($0)) },
        ActionForm("head", .head, "a head, layer and head counted from 0") { .focus(.take($0)) },
        ActionForm("kind", ActionParameter<AttentionKind>.choice, "which attention is looked at") {
            .focus(.kind($0))
        },
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .weakerKey(let count): "anchor.rank " + steps.write(count)
        case .anchorHere: "anchor.here"
        case .strongestKey: "anchor.strongest"
        case .anchor(let token): "anchor token \(token)"
        case .swap: "anchor.swap"
        case .layer(let count): "layer.step " + steps.write(count)
        case .head(let count): "head.step " + steps.write(count)
        case .take(let head): "head " + ActionParameter.head.write(head)
        case .kind(let kind): "kind " + ActionParameter.choice.write(kind)
        }
    }

    func times(_ count: Int) -> FocusAction {
        switch self {
        case .weakerKey(let steps): .weakerKey(steps * count)
        case .layer(let steps): .layer(steps * count)
        case .head(let steps): .head(steps * count)
        case .anchorHere, .anchor, .strongestKey, .swap, .take, .kind: self
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .layer: say("layer \(state.focus.layer)")
        case .head: say("head \(state.focus.head)")
        case .take: ActionParameter.head.write(HeadIndex(layer: state.focus.layer, head: state.focus.head))
        case .kind: ActionParameter.name.write(state.focus.kind)
        case .weakerKey, .anchorHere, .anchor, .strongestKey, .swap: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .weakerKey, .swap: state.readingObstacle ?? state.unpreviewed
        case .anchor(let token): state.tokenObstacle ?? state.anchorObstacle(token)
        case .anchorHere, .strongestKey: state.tokenObstacle
        case .layer, .head: state.modelObstacle
        case .take(let head): state.modelObstacle ?? state.headObstacle(head)
        case .kind(let kind): state.kindObstacle(kind)
        }
    }
}

extension AppState {
    mutating func perform(_ action: FocusAction) -> [Effect] {
        switch action {
        case .weakerKey(let steps): changeRank(by: steps)
        case .anchorHere: anchorHere()
        case .anchor(let token): takeAnchor(token)
        case .strongestKey: focus.anchor = .strongest(rank: 0)
        case .swap: return [.find(.key(.swap))]
        case .layer(let steps): step(layers: steps)
        case .head(let steps): step(heads: steps)
        case .take(let head): take(head)
        case .kind(let kind): show(kind)
        }
        return []
    }

    /// A selection stays as one key.
    private mutating func anchorHere() {
        if let selection { return keepAsKeys(selection) }
        spans.keys = nil
        chooseAnchor(.token(keyPlace(ofQuery: focus.cursor)))
    }

    /// An anchor that stays, also where the reader goes back to a place where it followed the cursor.
    mutating func chooseAnchor(_ anchor: Anchor) {
        focus.anchor = anchor
        focus.isAnchorChosen = true
    }

    private mutating func takeAnchor(_ token: Int) {
        if let obstacle = anchorObstacle(token) { return refuse(obstacle) }
        focus.anchor = .token(token)
    }

    /// Why a token cannot be the anchor; nil where it is read.
    fileprivate func anchorObstacle(_ token: Int) -> String? {
        if (0..<tokenCount).contains(token) { return nil }
        return say("no token \(token.grouped) is read: give one from 0 to \(max(0, tokenCount - 1).grouped)")
    }

    private mutating func take(_ head: HeadIndex) {
        if let obstacle = headObstacle(head) { return refuse(obstacle) }
        choose(layer: head.layer, head: head.head)
    }

    /// Why the model on the screen has no such head; nil where it has, or is not known yet.
    func headObstacle(_ head: HeadIndex) -> String? {
        guard let shape, head.layer >= shape.layers || head.head >= shape.heads else { return nil }
        return say("no head \(head.layer).\(head.head): \(shape.layers) layers × \(shape.heads) heads, counted from 0")
    }

    /// Why another kind of attention cannot be looked at; nil where it can.
    func kindObstacle(_ kind: Choice<AttentionKind>) -> String? {
        let name = sources.model.value?.name ?? say("the model")
        switch kind {
        case .next:
            return kinds.count > 1 && kinds.contains(focus.kind)
                ? nil : say("\(name) has one kind of attention: \(focus.kind.name.said)")
        case .one(let kind):
            return kinds.contains(kind) ? nil : say("\(name) has no such attention: \(kind.name.said)")
        }
    }

    private mutating func show(_ kind: Choice<AttentionKind>) {
        if let obstacle = kindObstacle(kind) { return refuse(obstacle) }
        switch kind {
        case .next: kinds.firstIndex(of: focus.kind).map { show(kinds[($0 + 1) % kinds.count]) }
        case .one(let kind): show(kind)
        }
    }
}
