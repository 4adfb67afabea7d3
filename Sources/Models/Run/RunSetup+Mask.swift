import RopewalkMethods

extension RunSetup {
    /// What a head sees as far as places decide it: the model's own windows and those of a scenario.
    ///
    /// - Parameter scenario: nil for the one of the run.
    package func mask(layer: Int, head: Int, scenario: Scenario? = nil) throws(MethodError) -> Mask {
        let place = HeadPlace(layer: layer, head: head, layers: layers, heads: heads)
        return try Mask(
            windows: layerTraits[layer].windows + (scenario ?? self.scenario).windows(in: place), tokens: keys,
            isCausal: kind.isCausal)
    }

    /// The masks of all layers, lowest first, the heads of each together; heads that see the same are one.
    package func layerMasks() throws(MethodError) -> [any MaskRows] {
        var joint: [any MaskRows] = []
        for layer in 0..<layers {
            var seen: Set<String> = []
            var masks: [Mask] = []
            for head in 0..<heads {
                let identity = windows(layer: layer, head: head).map(\.identity).joined(separator: " ")
                if seen.insert(identity).inserted { masks.append(try mask(layer: layer, head: head)) }
            }
            joint.append(JointMask(masks))
        }
        return joint
    }
}
