/// What keys add to a head's output, by length (Kobayashi et al. 2020, arXiv 2004.10102): a key that a head only rests on has a
/// high weight and a short value.
struct ValueWeights: Equatable {
    /// |weight · value|. [key]
    let lengths: [Float]

    /// - Parameter values: |value| of every key, at least as many as there are weights. [key]
    init(_ weights: [Float], values: [Float]) { lengths = zip(weights, values).map { $0 * $1 } }

    /// Of the sum over all keys; all 0 where nothing is added, NaN where values are not known. [key]
    var shares: [Float] {
        let all = lengths.reduce(0, +)
        return lengths.map { all.isNaN ? .nan : all > 0 ? $0 / all : 0 }
    }
}
