import Foundation

/// An array of a GGUF file's metadata, left in the file until its elements are asked for.
///
/// That its bytes hold `count` elements has been checked when this exists.
package struct GGUFArray: Sendable {
    package let count: Int
    let type: GGUFType
    /// The elements as they lie in the file.
    let bytes: Data

    /// Whole numbers; nil where the elements are none.
    package var integers: [Int]? { all(\.integer) }
    /// Numbers, whole or not; nil where the elements are none.
    package var numbers: [Double]? { all(\.number) }
    package var bools: [Bool]? { all(\.bool) }

    /// The bytes of strings; nil where the elements are none.
    package var strings: [[UInt8]]? {
        all { value in
            guard case .string(let bytes) = value else { return nil }
            return bytes
        }
    }

    /// Reads all elements, none of which may be nil; at most eight bytes are allocated for one of the file, and 48 more
    /// for a string.
    private func all<Element>(_ element: (GGUFValue) -> Element?) -> [Element]? {
        bytes.withUnsafeBytes { buffer in
            var cursor = GGUFCursor(buffer)
            var elements: [Element] = []
            for index in 0..<count {
                guard let value = try? cursor.value(type, in: bytes), let next = element(value) else { return nil }
                // Only when the first one is of the right kind is room made for the others.
                if index == 0 { elements.reserveCapacity(count) }
                elements.append(next)
            }
            return elements
        }
    }
}
