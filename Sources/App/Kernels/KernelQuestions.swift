import RopewalkLens
import RopewalkMethods

/// What features make of the cursor's row.
struct KernelRowQuestion: Question, Codable {
    static var isSlow: Bool { true }

    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> KernelRow? {
        witness.lens(place.basis)?.kernelRow(layer: place.layer, head: place.head, query: place.query)
    }
}

/// A head under the scenario's kernel, and under the softmax that it takes the place of.
struct KernelHead: Hashable, Codable, Sendable {
    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
}

struct KernelMapsQuestion: Question {
    static var isSlow: Bool { true }

    let head: KernelHead
    let side: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> KernelMaps? {
        witness.lens(head.basis)?.kernelMaps(layer: head.layer, head: head.head, side: side)
    }
}

/// How far off so many features are; nil for the scenario's own.
struct KernelErrorQuestion: Question {
    static var isSlow: Bool { true }

    let head: KernelHead
    let features: Int?

    func answer(_ witness: Witness, _ answers: inout Answers) -> KernelError? {
        witness.lens(head.basis)?.kernelError(layer: head.layer, head: head.head, features: features)
    }
}

struct KernelFillingQuestion: Question {
    static var isSlow: Bool { true }
    /// Looks at the state, at most.
    static let points = 64

    let head: KernelHead

    func answer(_ witness: Witness, _ answers: inout Answers) -> KernelFilling? {
        witness.lens(head.basis)?.kernelFilling(layer: head.layer, head: head.head, points: Self.points)
    }
}
