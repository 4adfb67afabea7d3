import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// What the layer has in place of attention; nil where it has that, and before anything is read.
    var mixer: MixerTraits? { lens?.mixer(layer: focus.layer) }

    /// The channel or head that is looked at; nil for the mean of all.
    var mixerUnit: Int? {
        guard let mixer, let unit = masks.mixerUnit else { return nil }
        return min(unit, mixer.units - 1)
    }

    /// Whether some layer has a state in place of attention.
    var hasMixers: Bool {
        guard let lens else { return false }
        return lens.setup.layerTraits.contains { $0.mixer != nil }
    }

    var mixerObstacle: String? {
        mixer == nil ? say("the layer has attention, and no channels of a state: { and } choose another") : nil
    }

    /// So many channels or heads on; before the first and behind the last is their mean.
    mutating func stepMixerUnit(_ steps: Int) {
        guard let mixer else {
            mixerObstacle.map { refuse($0) }
            return
        }
        let count = mixer.units + 1
        let place = ((mixerUnit.map { $0 + 1 } ?? 0) + steps % count + count) % count
        masks.mixerUnit = place == 0 ? nil : place - 1
    }
}
