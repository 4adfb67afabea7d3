import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases

extension RunSetup {
    /// Why what is recorded of the first tokens would be another when the text grows to the length that this setup has room
    /// for; nil where a run can go on from what is there.
    /// - Parameters:
    ///   - other: the setup of the first tokens alone
    ///   - tokens: how many they are
    func growthObstacle(from other: RunSetup, tokens: Int) -> String? {
        if readsAhead || modelTraits.layersOfText != nil {
            return say("what is read of a token depends on later ones")
        }
        let windows = layerTraits.flatMap(\.windows) + scenario.windows
        if let method = scenario.changingMethod(windows) {
            return say("what \(method.spec) lets a token see depends on how long the text is")
        }
        if !turnsAlike(other, tokens: tokens) {
            return say("the angles of \(scenario.position.spec) depend on how long the text is")
        }
        return nil
    }

    /// Whether the first tokens are turned as in a run over another text, and what is added to scores goes by distance.
    func turnsAlike(_ other: RunSetup, tokens: Int) -> Bool {
        guard layers == other.layers, positions.count == other.positions.count,
            zip(positions, other.positions).allSatisfy({ $0.turnsAlike($1, tokens: tokens) })
        else { return false }
        return layerTraits.allSatisfy { layer in
            switch layer.bias {
            case nil, .slopes, .buckets: true
            case .multiplicity, .counted: false
            }
        }
    }
}
