import RopewalkMethods

/// A mask as it is in the heads of a model, or the mask alone.
struct HeadMasks {
    let mask: Mask
    /// Layer by layer, lowest first; empty where no model's size is given.
    let layers: [[(place: HeadPlace, mask: Mask)]]

    init(_ mask: Mask, _ places: [[HeadPlace]]) throws {
        self.mask = mask
        layers = try places.map { try $0.map { ($0, try mask.mask(in: $0)) } }
    }

    /// The one mask that is asked for; an error where the heads differ.
    func single() throws -> Mask {
        guard let first = layers.first?.first else { return mask }
        for (place, mask) in layers.joined() where mask.spec != first.mask.spec {
            throw CommandError.combination(
                "layer \(first.place.layer), head \(first.place.head) and layer \(place.layer), head \(place.head) have "
                    + "different masks: choose with --layers and --heads")
        }
        return first.mask
    }

    /// The different masks, each with the first head that has it; no head where no model's size is given.
    var different: [(place: HeadPlace?, mask: Mask)] {
        guard !layers.isEmpty else { return [(nil, mask)] }
        var known: Set<String> = []
        return layers.joined().filter { known.insert($0.mask.spec).inserted }.map { ($0.place, $0.mask) }
    }

    /// One mask a layer, its heads together; empty where no model's size is given.
    var joined: [any MaskRows] {
        layers.map { heads in
            var known: Set<String> = []
            return JointMask(heads.map(\.mask).filter { known.insert($0.spec).inserted })
        }
    }
}
