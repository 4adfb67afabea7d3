import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// What a model without rotary positions has in their place, and what it does between cursor and anchor.
package struct UnrotatedView: Sendable {
    package let content: PositionContent
    /// The head that is shown.
    package let head: Int
    package let cursor: Int?
    /// Nil where it is not known yet.
    package let anchor: Int?
    /// Keys that the cursor could see.
    package let keys: Int
    /// The score of the pair; nil where one of both is not read yet.
    package let pair: PairScore?
    /// Why there is no pair, the longest wording first.
    let missing: [String]
    /// The first line on the screen, where not all fit.
    package let first: Int
    package let look: Look

    package init(
        content: PositionContent, head: Int, cursor: Int?, anchor: Int?, keys: Int, pair: PairScore?,
        missing: [String] = MissingPair.unread.map(\.said), first: Int = 0, look: Look
    ) {
        self.content = content
        self.head = head
        self.cursor = cursor
        self.anchor = anchor
        self.keys = keys
        self.pair = pair
        self.missing = missing
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
package enum PositionContent: Equatable, Sendable {
    /// ALiBi: scores fall by a slope a token of distance. [head]
    case slopes([Double])
    case places(PlaceFacts)
    case buckets(BucketFacts)
    /// Nothing: why, in one sentence.
    case none(String)
}

/// Learned vectors of places, which are added to the embeddings of tokens.
package struct PlaceFacts: Equatable, Sendable {
    /// Of the table.
    package let rows: Int
    /// Numbers of a row.
    package let size: Int
    package let cursorRow: Int?
    package let anchorRow: Int?
    /// Cosine of the vectors of cursor and anchor, −1 to 1.
    package let similarity: Float?
    /// Cosines of the cursor's vector and those of places evenly spread over the text.
    package let profile: [Float]
    /// Tokens of the text.
    package let tokens: Int

    package init(
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
package struct BucketFacts: Equatable, Sendable {
    package struct Range: Equatable, Sendable {
        package let bucket: Int
        /// The places of keys as seen from the query, in tokens: −3 is the third before it. `first` is nearest to it.
        package let first: Int
        /// nil: all that lie further away.
        package let last: Int?
        /// What every head adds. [head]
        package let values: [Float]

        package init(bucket: Int, first: Int, last: Int?, values: [Float]) {
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
    package let ranges: [Range]
    /// Buckets of the model.
    package let buckets: Int

    package init(ranges: [Range], buckets: Int) {
        self.ranges = ranges
        self.buckets = buckets
    }
}
