import RopewalkLens
import RopewalkMethods

/// How hashing comes to the cursor's keys.
struct LSHQuestion: Question {
    static var isSlow: Bool { true }

    let place: HeadQuery

    func answer(_ witness: Witness, _ answers: inout Answers) -> LSHReading? {
        witness.lens(place.basis)?.lshReading(layer: place.layer, head: place.head, query: place.query)
    }
}

/// A small map of what a head reads that hashes.
struct LSHMapQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
    let side: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> MapImage? {
        witness.lens(basis)?.thumbnail(layer: layer, head: head, side: side, pooling: .max)
    }
}
