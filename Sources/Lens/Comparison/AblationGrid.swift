import RopewalkMethods
import RopewalkModels

/// How much the loss changes when one part of a model after the other is left out.
package struct AblationGrid: Equatable, Sendable {
    /// What is left out of a layer.
    package enum Part: Hashable, Sendable {
        case head(Int), attention, feedForward
    }

    /// A part of a layer, whose ablation is one run.
    package struct Place: Hashable, Sendable {
        package let layer: Int
        package let part: Part

        /// What leaves it out.
        package var ablation: Ablation {
            switch part {
            case .head(let head): Ablation(layers: [layer], heads: [head])
            case .attention: Ablation(layers: [layer])
            case .feedForward: Ablation(feedForward: [layer])
            }
        }
    }

    package let layers: Int
    package let heads: Int
    /// Tokens of a text, and texts.
    package let tokens: Int
    package let texts: Int
    /// Mean loss of the next token with all parts, nats.
    package let loss: Double
    /// Mean losses without them, as far as they are known. [place]
    package private(set) var losses: [Double] = []

    /// In the order in which they are left out: layer by layer the heads, then the whole attention, then the feed-forward
    /// layer. [layers · (heads + 2)]
    package static func places(layers: Int, heads: Int) -> [Place] {
        (0..<layers).flatMap { layer in
            (0..<heads).map { Place(layer: layer, part: .head($0)) }
                + [Place(layer: layer, part: .attention), Place(layer: layer, part: .feedForward)]
        }
    }

    package var places: [Place] { Self.places(layers: layers, heads: heads) }
    package var isComplete: Bool { losses.count == layers * (heads + 2) }

    /// Loss without the part less loss with it, nats; nil where it is not known yet.
    package func change(_ part: Part, layer: Int) -> Double? {
        guard (0..<layers).contains(layer) else { return nil }
        let place: Int
        switch part {
        case .head(let head):
            guard (0..<heads).contains(head) else { return nil }
            place = head
        case .attention: place = heads
        case .feedForward: place = heads + 1
        }
        let index = layer * (heads + 2) + place
        return losses.indices.contains(index) ? losses[index] - loss : nil
    }

    /// Of all heads; NaN where it is not known yet. [layer · heads + head]
    package var headChanges: [Double] {
        (0..<layers * heads).map { change(.head($0 % heads), layer: $0 / heads) ?? .nan }
    }

    init(layers: Int, heads: Int, tokens: Int, texts: Int, loss: Double) {
        self.layers = layers
        self.heads = heads
        self.tokens = tokens
        self.texts = texts
        self.loss = loss
    }

    mutating func append(_ loss: Double) { losses.append(loss) }
}

extension Comparison {
    /// Runs a model once with all its parts and once without each of them, one after the other.
    /// - Parameters:
    ///   - contender: a decoder; what its scenario leaves out is left out in all runs
    ///   - progress: gets what is known after every run
    /// - Throws: `ModelError.cancelled` when `isCancelled` said so; before any work what makes the contender impossible.
    package func ablations(
        of contender: Contender, progress: (AblationGrid) -> Void = { _ in }
    ) throws(ModelError) -> AblationGrid {
        try contender.model.checkPredictsNext()
        let shape = contender.model.shape
        let states = texts.count * length * shape.layers * shape.hidden
        // A selection by states may read those of lower layers.
        let isByLayer = contender.scenario.stateSelection == nil && contender.scenario.compression == nil
        let base = try record(contender, keepsStates: isByLayer && states <= Self.mostStates)
        var grid = AblationGrid(
            layers: shape.layers, heads: shape.heads, tokens: length, texts: texts.count, loss: Self.meanLoss(of: base))
        progress(grid)
        for place in grid.places {
            var scenario = contender.scenario
            scenario.ablations.append(place.ablation)
            let without = try record(
                Contender(model: contender.model, scenario: scenario), sharing: base, below: place.layer)
            grid.append(Self.meanLoss(of: without))
            progress(grid)
        }
        return grid
    }

    /// Numbers of states of the whole run that are kept, so that layers below what is left out are not run again.
    private static let mostStates = 1 << 27

    private func record(
        _ contender: Contender, keepsStates: Bool = false, sharing base: [Recording] = [], below layer: Int = 0
    ) throws(ModelError) -> [Recording] {
        var recorder = Recorder(
            model: contender.model.recorded(in: .single), scenario: contender.scenario, threads: threads,
            keepsStates: keepsStates)
        recorder.isCancelled = isCancelled
        var recordings: [Recording] = []
        for (index, ids) in texts.enumerated() {
            if base.indices.contains(index) { recorder.sharedBelow = SharedLayers(below: layer, of: base[index]) }
            recordings.append(try recorder.record(ids) { _ in !isCancelled() })
        }
        return recordings
    }

    private static func meanLoss(of recordings: [Recording]) -> Double {
        let loss = LossByPosition(recordings.map(\.negativeLogLikelihood))
        return loss.mean(over: loss.means.indices) ?? .nan
    }
}
