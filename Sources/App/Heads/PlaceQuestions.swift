import RopewalkLens
import RopewalkModels

/// A query and the keys that it reads: what heads are asked about.
struct PlaceAsked: Hashable, Codable, Sendable {
    let basis: Basis
    let query: Int
    let keys: Range<Int>
}

/// What every head gives the keys, from what the run recorded; nil in a preview.
struct PlaceWeightsQuestion: Question, Codable {
    let place: PlaceAsked

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Float]? {
        witness.lens?.placeWeights(query: place.query, keys: place.keys)
    }
}

/// The same of one layer from whole rows, with the share of the output.
struct PlaceSharesQuestion: Question, Codable {
    static var isSlow: Bool { true }

    let place: PlaceAsked
    let layer: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> [PlaceShare]? {
        witness.lens?.placeShares(layer: layer, query: place.query, keys: place.keys)
    }
}
