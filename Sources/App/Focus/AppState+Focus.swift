import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension AppState {
    /// The recording's answers for the cursor.
    package var lens: Lens? { runs.lenses.lens(for: focus.cursor) }

    mutating func swap(with key: Int?) {
        guard let key else { return }
        if queryPlace(ofKey: key) == focus.cursor, focus.kind != .cross {
            return refuse(
                say(
                    "the key is the cursor's own token: \(keyName(of: .focus(.weakerKey(1)))) goes to the next strongest one"
                ))
        }
        focus.anchor = .token(keyPlace(ofQuery: focus.cursor))
        moveCursor(to: queryPlace(ofKey: key))
    }

    /// At most as far as a list of keys is read.
    mutating func changeRank(by steps: Int) {
        guard let keyEnd = sight.keyEnd, sight.place != nil, unpreviewed == nil else { return }
        var rank = 0
        if case .strongest(let current) = focus.anchor { rank = current + steps }
        focus.anchor = .strongest(rank: min(max(0, rank), max(0, min(keyEnd, 64) - 1)))
    }

    /// Takes a head by its number over all layers, so that past the last head comes the first of the next layer.
    mutating func step(heads steps: Int) {
        guard let shape = shape, shape.heads > 0 else { return }
        let present = focus.layer * shape.heads + focus.head
        let place = min(max(0, present + steps), shape.layers * shape.heads - 1)
        if place == present, steps != 0 {
            return refuse(say("L\(focus.layer) H\(focus.head) is the \(steps > 0 ? say("last") : say("first")) head"))
        }
        choose(layer: place / shape.heads, head: place % shape.heads)
    }

    /// The same head of another layer.
    mutating func step(layers steps: Int) {
        guard let shape = shape, shape.layers > 0 else { return }
        let layer = min(max(0, focus.layer + steps), shape.layers - 1)
        if layer == focus.layer, steps != 0 {
            return refuse(say("L\(layer) is the \(steps > 0 ? say("last") : say("first")) layer"))
        }
        choose(layer: layer, head: focus.head)
    }

    /// Takes a head; numbers out of range mean the first and the last one.
    mutating func choose(layer: Int, head: Int) {
        guard let shape = shape, shape.layers > 0, shape.heads > 0 else { return }
        focus.layer = min(max(0, layer), shape.layers - 1)
        focus.head = min(max(0, head), shape.heads - 1)
        focus.hasChosenHead = true
        heads.selected = nil
        masks.worstQuery = 0
        if case .strongest = focus.anchor { focus.anchor = .strongest(rank: 0) }
    }
}
