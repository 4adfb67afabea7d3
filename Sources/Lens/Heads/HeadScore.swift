/// What a head does, in numbers between 0 and 1 (entropy in bits, distance in tokens), means over queries.
public struct HeadScore: Equatable, Sendable {
    /// From 0.
    public let layer: Int
    /// From 0.
    public let head: Int
    /// Bits.
    public let entropy: Float
    /// Tokens between query and key, weighted by attention.
    public let meanDistance: Float
    /// Weight on the first token.
    public let sink: Float
    /// Weight on the token before.
    public let previousToken: Float
    /// Weight on the token that followed the last earlier occurrence of the query's token.
    public let induction: Float
    /// Share of queries whose strongest key holds the token that comes next.
    public let retrieval: Float

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
    public var circuit: Circuit? {
        if previousToken >= 0.7 { return .previousToken }
        if induction >= 0.7 { return .induction }
        if sink >= 0.5 { return .sink }
        return nil
    }

    /// A pattern that heads of many models have.
    public enum Circuit: String, CaseIterable, Equatable, Sendable {
        /// 0.7 or more on the token before.
        case previousToken = "previous token"
        /// 0.7 or more on what followed the same token the last time.
        case induction
        /// Half or more on the first token.
        case sink
    }
}
