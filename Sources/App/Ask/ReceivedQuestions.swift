import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// The heads that a question about the whole text is asked of: one, those of a layer, or all.
struct HeadsAsked: Hashable, Codable, Sendable {
    let basis: Basis
    let stage: RecordingStage
    let layers: [Int]
    let heads: [Int]

    /// Nil before anything is read.
    init?(_ lens: Lens?, _ head: HeadIndex, _ choice: TextHeads, isSecond: Bool = false) {
        guard let lens else { return nil }
        basis = Basis(lens, ofSecond: isSecond)
        stage = RecordingStage(lens.recording)
        let shape = lens.recording.shape
        layers = choice.isWholeModel ? Array(0..<shape.layers) : [head.layer]
        heads = choice == .one ? [head.head] : Array(0..<shape.heads)
    }

    /// "mean of 8 heads of L3"; empty for one.
    func title(_ choice: TextHeads) -> String {
        let count = layers.count * heads.count
        guard choice != .one, let layer = layers.first else { return "" }
        return (choice.isHighest ? say("highest of ") : say("mean of "))
            + (choice.isWholeModel
                ? say("all \(count.grouped) heads") : say("\(Figures.count(count, "head")) of L\(layer)"))
    }

    var isOne: Bool { layers.count * heads.count == 1 }

    /// "L3 H7", or which heads.
    var name: String {
        guard let layer = layers.first, let head = heads.first else { return "" }
        if layers.count > 1 { return say("all \((layers.count * heads.count).grouped) heads") }
        return heads.count > 1 ? say("the \(heads.count.grouped) heads of L\(layer)") : "L\(layer) H\(head)"
    }
}

/// How widely every query spreads its attention; nil in a preview, which no run has measured.
struct EntropiesQuestion: Question {
    static var isSlow: Bool { true }

    let heads: HeadsAsked

    func answer(_ witness: Witness, _ answers: inout Answers) -> Entropies? {
        guard let lens = witness.lens(heads.basis), lens.basis == .exact else { return nil }
        return Entropies(lens.recording, layers: heads.layers, heads: heads.heads)
    }
}

/// What every key gets of all attention.
struct ReceivedQuestion: DeepeningQuestion {
    let heads: HeadsAsked

    func answer(_ witness: Witness, _ answers: inout Answers) -> ReceivedAttention {
        witness.lens(heads.basis)?.receivedAttention(layers: heads.layers, heads: heads.heads)
            ?? ReceivedAttention(layers: [], heads: [], queries: 0, keys: 0)
    }

    func isComplete(_ answer: ReceivedAttention) -> Bool { answer.isComplete }

    func deepen(_ answer: inout ReceivedAttention, _ witness: Witness) {
        guard let lens = witness.lens(heads.basis) else { return answer.miss() }
        lens.extend(&answer)
    }
}
