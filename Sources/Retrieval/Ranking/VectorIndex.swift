import Foundation

/// Vectors of chunks, all of length 1, that are gone through one by one.
package struct VectorIndex: Equatable, Sendable {
    /// Numbers of a vector.
    package let width: Int
    /// [chunk, width]
    package private(set) var numbers: [Float]
    package var count: Int { width > 0 ? numbers.count / width : 0 }

    /// More chunks are not gone through one by one in the time of a frame.
    package static let usual = 100_000

    /// - Parameter vectors: of one width; what is all 0, or not a number, stays all 0 and is like nothing
    package init(_ vectors: [[Float]]) throws(RetrievalError) {
        width = vectors.first?.count ?? 0
        numbers = []
        numbers.reserveCapacity(width * vectors.count)
        for vector in vectors {
            guard vector.count == width else { throw .vectors(found: vector.count, expected: width) }
            numbers += Self.unit(vector)
        }
    }

    /// - Parameter numbers: [chunk, width], of vectors of length 1
    package init(width: Int, numbers: [Float]) { (self.width, self.numbers) = (width, numbers) }

    /// The same vector with length 1.
    package static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length.isFinite, length > 0 else { return vector.map { _ in 0 } }
        return vector.map { Float(Double($0) / length) }
    }

    /// The cosine of every chunk with a vector. [chunk]
    package func cosines(_ vector: [Float]) throws(RetrievalError) -> [Double] {
        guard vector.count == width || count == 0 else { throw .vectors(found: vector.count, expected: width) }
        let own = Self.unit(vector)
        return numbers.withUnsafeBufferPointer { numbers in
            (0..<count).map { chunk in
                var sums = SIMD8<Float>.zero
                let start = chunk * width
                var place = 0
                while place + 8 <= width {
                    for lane in 0..<8 { sums[lane] += numbers[start + place + lane] * own[place + lane] }
                    place += 8
                }
                var sum = Double(sums.sum())
                while place < width {
                    sum += Double(numbers[start + place] * own[place])
                    place += 1
                }
                return sum
            }
        }
    }
}
