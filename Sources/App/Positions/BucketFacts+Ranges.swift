import RopewalkModels
import RopewalkViews

extension BucketFacts {
    /// Ranges from the furthest key before the query to the furthest one after it.
    init(_ buckets: RelativeBuckets, heads: Int) {
        func side(_ sign: Int, from first: Int) -> [Range] {
            var ranges: [Range] = []
            var offset = first
            while offset <= buckets.maximumDistance {
                let bucket = buckets.bucket(offset: sign * offset)
                let last = Self.lastOffset(of: bucket, from: offset, sign: sign, buckets)
                ranges.append(
                    Range(
                        bucket: bucket, first: sign * offset, last: last.map { sign * $0 },
                        values: (0..<heads).map { buckets.value(head: $0, offset: sign * offset) }))
                guard let last else { break }
                offset = last + 1
            }
            return ranges
        }
        let after = buckets.isBidirectional ? side(1, from: 1) : []
        self.init(ranges: side(-1, from: 0).reversed() + after, buckets: buckets.buckets)
    }

    /// The last distance that still lies in a bucket; nil where all further ones do. Buckets never fall with the
    /// distance, so that halving finds it.
    private static func lastOffset(of bucket: Int, from first: Int, sign: Int, _ buckets: RelativeBuckets) -> Int? {
        var (inside, outside) = (first, buckets.maximumDistance + 1)
        if buckets.bucket(offset: sign * outside) == bucket { return nil }
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2
            if buckets.bucket(offset: sign * middle) == bucket { inside = middle } else { outside = middle }
        }
        return inside
    }
}
