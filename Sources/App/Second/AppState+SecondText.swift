import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// Whether the text shows the second model's attention.
    var showsSecondText: Bool { second?.reader == .second && second?.tokenByToken != nil }

    /// The head of the second model that is shown beside the one that is looked at: the last one where it has no such.
    var secondHead: HeadIndex? {
        guard let shape = second?.tokenByToken?.traits.shape(focus.kind) else { return nil }
        return HeadIndex(
            layer: max(0, min(focus.layer, shape.layers - 1)), head: max(0, min(focus.head, shape.heads - 1)))
    }

    /// What the text shows of the cursor: the attention of one of the two models.
    var textSight: Sight {
        guard showsSecondText, let secondHead else { return sight }
        return Sight(secondLens, secondHead, focus, tokens: tokenCount, isSecond: true)
            ?? Sight(place: nil, anchor: focus.anchor, keyEnd: nil, isDense: true, survey: nil)
    }

    /// The model whose attention the text shows.
    var textModel: Model? { showsSecondText ? second?.tokenByToken : sources.model.value }

    /// The head that the text shows, with its model where there are two, the longest wording first.
    var textHead: [String] {
        guard let model = textModel else { return [] }
        let shown = showsSecondText ? secondHead ?? head : head
        let name = "L\(shown.layer) H\(shown.head)"
        guard second?.tokenByToken != nil else { return [name] }
        let side = showsSecondText ? say("beside") : say("first")
        return ["\(model.name) \(name)", "\(side) \(name)", name]
    }

    /// Why the text does not show the second model's attention at the cursor; nil where it does.
    var secondWait: String? {
        guard showsSecondText, let second, let model = second.tokenByToken else { return nil }
        guard model.kinds.contains(focus.kind) else {
            return say("\(model.name) has no such attention: \(focus.kind.name.said)")
        }
        let read = second.lenses.lens(for: focus.cursor)?.recording.tokens ?? 0
        guard focus.cursor >= read else { return nil }
        if let run = second.running { return say("\(model.name) reads: \(run.percent) %") }
        guard read > 0 else { return say("\(model.name) begins to read.") }
        return say("\(model.name) has read \(read.grouped) tokens: \(second.end ?? say("it was stopped"))")
    }
}
