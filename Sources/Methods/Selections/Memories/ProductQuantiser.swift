/// Codes for vectors: each is cut into parts, and each part becomes the number of its nearest centroid.
package struct ProductQuantiser: Sendable {
    /// Equal parts that a vector is cut into.
    package let parts: Int
    /// Dimensions of a part.
    package let width: Int
    /// [part][centroid][dimension of the part]
    package let centroids: [[[Float]]]
    /// [part][dimension of the part · centroids + centroid], so that one dimension of all centroids lies together.
    private let columns: [[Float]]

    /// Given centroids, as many for every part, at most 65,536. [part][centroid][dimension of the part]
    package init(centroids: [[[Float]]]) {
        self.centroids = centroids
        parts = centroids.count
        width = centroids.first?.first?.count ?? 0
        columns = centroids.map(Self.columns)
    }

    private static func columns(_ centroids: [[Float]]) -> [Float] {
        (0..<(centroids.first?.count ?? 0)).flatMap { c in centroids.map { $0[c] } }
    }

    /// The codes of a vector: of the nearest centroids, of equal ones the first. [part]
    package func codes(_ vector: [Float]) -> [UInt16] { codes(ofRows: vector) }

    /// The codes of vectors that follow one another. [vector, part]
    ///
    /// - Parameter rows: [vector, parts · width]
    package func codes(ofRows rows: [Float]) -> [UInt16] {
        var result: [UInt16] = []
        var distances: [Float] = []
        for start in stride(from: 0, to: rows.count, by: max(1, parts * width)) {
            for part in 0..<parts {
                let nearest = Self.nearest(
                    rows, offset: start + part * width, columns: columns[part], count: centroids[part].count,
                    distances: &distances)
                result.append(UInt16(clamping: nearest))
            }
        }
        return result
    }

    /// The product of each part of a query with each centroid, times `scale`. [part][centroid]
    package func table(query: [Float], scale: Double = 1) -> [[Double]] {
        (0..<parts).map { part in
            let slice = Array(query[part * width..<(part + 1) * width])
            return centroids[part].map { dot(slice, $0) * scale }
        }
    }

    /// Centroids of vectors by Lloyd's algorithm, from vectors evenly spread over the text; the same every time.
    ///
    /// - Parameters:
    ///   - vectors: [vector, parts · width]
    ///   - count: Centroids a part; fewer where there are fewer vectors.
    package static func trained(
        on vectors: [Float], dimension: Int, parts: Int, count: Int, iterations: Int
    ) -> ProductQuantiser {
        let width = dimension / max(1, parts)
        let rows = vectors.count / max(1, dimension)
        let count = min(count, rows)
        let centroids = (0..<parts).map { part in
            var means = (0..<count).map { index in
                let start = index * rows / count * dimension + part * width
                return Array(vectors[start..<start + width])
            }
            for _ in 0..<iterations {
                means = refined(means, vectors: vectors, dimension: dimension, offset: part * width)
            }
            return means
        }
        return ProductQuantiser(centroids: centroids)
    }

    /// The means of the vectors nearest to each centroid; one without any stays.
    private static func refined(
        _ centroids: [[Float]], vectors: [Float], dimension: Int, offset: Int
    ) -> [[Float]] {
        let width = centroids.first?.count ?? 0
        let columns = columns(centroids)
        var sums = [Double](repeating: 0, count: centroids.count * width)
        var counts = [Int](repeating: 0, count: centroids.count)
        var distances: [Float] = []
        for start in stride(from: offset, to: vectors.count, by: max(1, dimension)) {
            let nearest = nearest(
                vectors, offset: start, columns: columns, count: centroids.count, distances: &distances)
            counts[nearest] += 1
            for c in 0..<width { sums[nearest * width + c] += Double(vectors[start + c]) }
        }
        return centroids.indices.map { index in
            guard counts[index] > 0 else { return centroids[index] }
            return (0..<width).map { Float(sums[index * width + $0] / Double(counts[index])) }
        }
    }

    /// The centroid with the least Σ (x − c)², of equal ones the first.
    private static func nearest(
        _ vector: [Float], offset: Int, columns: [Float], count: Int, distances: inout [Float]
    ) -> Int {
        if distances.count != count { distances = [Float](repeating: 0, count: count) }
        let width = columns.count / max(1, count)
        // Centroid by centroid in the inner loop, so that the compiler can do several at once.
        vector.withUnsafeBufferPointer { vector in
            columns.withUnsafeBufferPointer { columns in
                distances.withUnsafeMutableBufferPointer { distances in
                    for index in 0..<count { distances[index] = 0 }
                    for c in 0..<width {
                        let x = vector[offset + c]
                        for index in 0..<count {
                            let difference = x - columns[c * count + index]
                            distances[index] += difference * difference
                        }
                    }
                }
            }
        }
        var best = 0
        for index in distances.indices where distances[index] < distances[best] { best = index }
        return best
    }
}
