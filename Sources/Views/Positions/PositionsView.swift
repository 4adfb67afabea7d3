import CellGrid
import Lens

/// What a model without rotary positions has in their place, and what it does between cursor and anchor.
public struct PositionsView: Sendable {
    public let content: PositionContent
    /// The head that is shown.
    public let head: Int
    public let cursor: Int?
    /// Nil where it is not known yet.
    public let anchor: Int?
    /// Keys that the cursor could see.
    public let keys: Int
    /// The score of the pair; nil where one of both is not read yet.
    public let pair: PairScore?
    /// The first line on the screen, where not all fit.
    public let first: Int
    public let look: Look

    public init(
        content: PositionContent, head: Int, cursor: Int?, anchor: Int?, keys: Int, pair: PairScore?, first: Int = 0,
        look: Look
    ) {
        self.content = content
        self.head = head
        self.cursor = cursor
        self.anchor = anchor
        self.keys = keys
        self.pair = pair
        self.first = first
        self.look = look
    }

    /// Tokens by which the cursor lies behind the anchor; below 0 where the anchor comes later.
    var distance: Int? {
        guard let cursor, let anchor else { return nil }
        return cursor - anchor
    }
}

/// How a layer tells where a token stands, if not by rotation.
public enum PositionContent: Equatable, Sendable {
    /// ALiBi: scores fall by a slope a token of distance. [head]
    case slopes([Double])
    case places(PlaceFacts)
    case buckets(BucketFacts)
    /// Nothing: why, in one sentence.
    case none(String)
}

/// Learned vectors of places, which are added to the embeddings of tokens.
public struct PlaceFacts: Equatable, Sendable {
    /// Of the table.
    public let rows: Int
    /// Numbers of a row.
    public let size: Int
    public let cursorRow: Int?
    public let anchorRow: Int?
    /// Cosine of the vectors of cursor and anchor, −1 to 1.
    public let similarity: Float?
    /// Cosines of the cursor's vector and those of places evenly spread over the text.
    public let profile: [Float]
    /// Tokens of the text.
    public let tokens: Int

    public init(
        rows: Int, size: Int, cursorRow: Int?, anchorRow: Int?, similarity: Float?, profile: [Float], tokens: Int
    ) {
        self.rows = rows
        self.size = size
        self.cursorRow = cursorRow
        self.anchorRow = anchorRow
        self.similarity = similarity
        self.profile = profile
        self.tokens = tokens
    }
}

/// Ranges of distances and what a head adds to the score of keys there.
public struct BucketFacts: Equatable, Sendable {
    public struct Range: Equatable, Sendable {
        public let bucket: Int
        /// The places of keys as seen from the query, in tokens: −3 is the third before it. `first` is nearest to it.
        public let first: Int
        /// nil: all that lie further away.
        public let last: Int?
        /// What every head adds. [head]
        public let values: [Float]

        public init(bucket: Int, first: Int, last: Int?, values: [Float]) {
            self.bucket = bucket
            self.first = first
            self.last = last
            self.values = values
        }

        func contains(_ offset: Int) -> Bool {
            let isSameSide = offset == 0 ? first == 0 : (offset < 0) == (first < 0)
            return isSameSide && abs(offset) >= abs(first) && last.map { abs(offset) <= abs($0) } ?? true
        }
    }

    /// From the furthest key before the query to the furthest one after it.
    public let ranges: [Range]
    /// Buckets of the model.
    public let buckets: Int

    public init(ranges: [Range], buckets: Int) {
        self.ranges = ranges
        self.buckets = buckets
    }
}
