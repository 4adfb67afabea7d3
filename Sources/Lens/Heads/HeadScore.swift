/// What a head does, in numbers between 0 and 1 (entropy in bits, distance in tokens), means over queries.
package struct HeadScore: Equatable, Sendable {
    package let layer: Int
    package let head: Int
    /// Bits.
    package let entropy: Float
    /// Tokens between query and key, weighted by attention.
    package let meanDistance: Float
    /// Weight on the first token.
    package let sink: Float
    /// Weight on the token before.
    package let previousToken: Float
    /// Weight on the token that followed the last earlier occurrence of the query's token.
    package let induction: Float
    /// Share of queries whose strongest key holds the token that comes next.
    package let retrieval: Float

    package init(
        layer: Int, head: Int, entropy: Float, meanDistance: Float, sink: Float, previousToken: Float,
        induction: Float, retrieval: Float
    ) {
        self.layer = layer
        self.head = head
        self.entropy = entropy
        self.meanDistance = meanDistance
        self.sink = sink
        self.previousToken = previousToken
        self.induction = induction
        self.retrieval = retrieval
    }

    package static let measures = ["entropy", "distance", "sink", "previous", "induction", "retrieval"]

    /// The values in the order of `measures`.
    package var values: [Float] { [entropy, meanDistance, sink, previousToken, induction, retrieval] }

    /// The textbook circuit that the head holds, where one measure is high enough to say so.
    package var circuit: Circuit? {
        if previousToken >= 0.7 { return .previousToken }
        if induction >= 0.7 { return .induction }
        if sink >= 0.5 { return .sink }
        return nil
    }

    package enum Circuit: String, CaseIterable, Equatable, Sendable {
        case previousToken = "previous token"
        case induction
        case sink
    }
}
