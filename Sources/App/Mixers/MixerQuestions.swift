import RopewalkLens
import RopewalkModels

/// A part of a hidden map, as far as a run has come.
struct MixerWindowQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let request: MixerRequest

    func answer(_ witness: Witness, _ answers: inout Answers) -> MixerWindow? {
        witness.lens(basis)?.mixerWindow(request)
    }
}

/// What one token's output takes of earlier ones, in one channel or head.
struct MixerRowQuestion: Question {
    static var isSlow: Bool { true }
    /// Keys of the row, at most.
    static let keys = 24

    let basis: Basis
    let layer: Int
    let unit: Int
    let query: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> MixerRow? {
        witness.lens(basis)?.mixerRow(layer: layer, unit: unit, query: query, keys: Self.keys)
    }
}

struct MixerFadingQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let unit: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> MixerFading? {
        witness.lens(basis)?.mixerFading(layer: layer, unit: unit)
    }
}

/// |α| of the cursor's row as shares of it, key by key.
struct MixerSharesQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let layer: Int
    let units: Range<Int>
    let query: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Float] {
        let request = MixerRequest(
            layer: layer, units: units, matrix: .shares, firstQuery: query, cell: 1, rows: 1, columns: query + 1)
        return witness.lens(basis)?.mixerWindow(request)?.values ?? []
    }
}
