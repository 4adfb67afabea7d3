import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import Synchronization

/// Keys and values of a recording as a compressed cache gives them back; computed when they are asked for, and kept.
final class CompressedStates: Sendable {
    private struct Place: Hashable {
        let layer: Int
        let keyHead: Int
    }

    private let recording: Recording
    private let setup: RunSetup
    private let compression: any CompressionMethod
    private let keys = Mutex<[Place: [[KeyTile]]]>([:])
    private let values = Mutex<[Place: [Float]]>([:])

    init(recording: Recording, setup: RunSetup, compression: any CompressionMethod) {
        self.recording = recording
        self.setup = setup
        self.compression = compression
    }

    /// The tiles of all keys, turned, for every way of turning.
    func tiles(layer: Int, keyHead: Int) -> [[KeyTile]] {
        let place = Place(layer: layer, keyHead: keyHead)
        if let known = keys.withLock({ $0[place] }) { return known }
        let d = recording.shape.headDimension
        let positions = setup.positions(layer)
        let turned = TurnedKeys(
            recording.keyTiles(layer: layer, keyValueHead: keyHead, tokens: 0..<recording.tokens), dimension: d,
            positions: positions)
        let made = positions.keys.indices.map { slot in
            let exact = (0..<recording.tokens).flatMap { turned.key($0, slot: slot) }
            return KeyTile.packed(compression.compressedKeys(exact, dimension: d), dimension: d)
        }
        keys.withLock { $0[place] = made }
        return made
    }

    /// [token, dimension]
    func values(layer: Int, keyHead: Int) -> [Float] {
        let place = Place(layer: layer, keyHead: keyHead)
        if let known = values.withLock({ $0[place] }) { return known }
        let exact = (0..<recording.tokens).flatMap {
            Array(recording.value(layer: layer, keyValueHead: keyHead, token: $0) ?? [])
        }
        let made = compression.compressedValues(exact, dimension: recording.shape.headDimension)
        values.withLock { $0[place] = made }
        return made
    }
}
