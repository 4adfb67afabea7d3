/// What a head does, in numbers up to 1 (entropy in bits, distance in tokens), means over queries.
public struct HeadScore: Equatable, Sendable {
    /// From 0.
    public let layer: Int
    /// From 0.
    public let head: Int
    /// Bits.
    public let entropy: Float
    /// Tokens between query and key, weighted by attention.
    public let meanDistance: Float
    /// Weight on the head's sinks; 0 where it has none.
    public let sink: Float
    /// Weight on the token before.
    public let previousToken: Float
    /// Weight on the token that followed the last earlier occurrence of the query's token.
    public let induction: Float
    /// Share of queries whose strongest key is no sink and holds the token that comes next, less what chance gives.
    ///
    /// Chance is the share that there would be if the same keys met the next tokens of the text in random order, so that
    /// a head that always looks at one common word has 0. Below 0 where it looks away from what comes next.
    public let retrieval: Float
    /// Keys that are the strongest of one in twenty queries or more, and of three at least, wherever they stand.
    ///
    /// Those of most queries come first. Of circuits they are the last random text's.
    public let sinks: [Sink]
    /// Weight on the first token, sink or not.
    public let firstToken: Float

    /// A key that many queries look at, whatever they are.
    public struct Sink: Equatable, Sendable, Encodable {
        /// Its token, from 0.
        public let key: Int
        /// Of all queries, the share whose strongest key it is.
        public let share: Float
        /// The weight that it has, mean over all queries.
        public let weight: Float

        package init(key: Int, share: Float, weight: Float) {
            self.key = key
            self.share = share
            self.weight = weight
        }
    }

    package init(
        layer: Int, head: Int, entropy: Float, meanDistance: Float, sink: Float, previousToken: Float,
        induction: Float, retrieval: Float, sinks: [Sink] = [], firstToken: Float = 0
    ) {
        self.layer = layer
        self.head = head
        self.entropy = entropy
        self.meanDistance = meanDistance
        self.sink = sink
        self.previousToken = previousToken
        self.induction = induction
        self.retrieval = retrieval
        self.sinks = sinks
        self.firstToken = firstToken
    }

    /// Of a head of which nothing is recorded.
    static func unknown(layer: Int, head: Int) -> HeadScore {
        HeadScore(
            layer: layer, head: head, entropy: .nan, meanDistance: .nan, sink: .nan, previousToken: .nan,
            induction: .nan, retrieval: .nan, firstToken: .nan)
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
        /// Half or more on its sinks.
        case sink
    }
}
