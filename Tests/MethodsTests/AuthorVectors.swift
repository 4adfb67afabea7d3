import Foundation
import RopewalkFormats
import TestSupport

/// What the authors' released code computes on random states, a few rows or all of them; see cut_authors.py.
struct AuthorVectors {
    private let file: SafetensorsFile

    struct Missing: Error { let name: String }

    init() throws { file = try SafetensorsFile(contentsOf: Fixture.path("vectors/authors.safetensors")) }

    /// The numbers of a tensor, and its lengths, outermost first.
    func tensor<Number: BitwiseCopyable>(_ name: String, as type: Number.Type = Float.self) throws
        -> (numbers: [Number], shape: [Int])
    {
        guard let entry = file.tensors[name] else { throw Missing(name: name) }
        let numbers = try file.withBytes(of: name) { bytes in
            stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: type)
            }
        }
        return (numbers, entry.shape)
    }

    func has(_ name: String) -> Bool { file.tensors[name] != nil }

    /// [row][column]
    func matrix(_ name: String) throws -> [[Float]] {
        let (numbers, shape) = try tensor(name, as: Float.self)
        return Self.rows(numbers, shape[shape.count - 1])
    }

    /// [head][row][column]
    func heads(_ name: String) throws -> [[[Float]]] {
        let (numbers, shape) = try tensor(name, as: Float.self)
        let rows = Self.rows(numbers, shape[2])
        return stride(from: 0, to: rows.count, by: shape[1]).map { Array(rows[$0..<$0 + shape[1]]) }
    }

    /// The keys that each query reads, ascending. [head][row]
    func choices(_ name: String) throws -> [[[Int]]] {
        let (bytes, shape) = try tensor(name, as: UInt8.self)
        func isSet(_ start: Int, _ key: Int) -> Bool {
            let byte = Int(bytes[start + key / 8])
            return (byte >> (7 - key % 8)) & 1 == 1
        }
        let keys = shape[2] * 8
        let rows = stride(from: 0, to: bytes.count, by: shape[2]).map { start in
            (0..<keys).filter { isSet(start, $0) }
        }
        return stride(from: 0, to: rows.count, by: shape[1]).map { Array(rows[$0..<$0 + shape[1]]) }
    }

    /// The queries whose rows are kept.
    func rows(_ name: String) throws -> [Int] { try tensor(name, as: Int32.self).numbers.map(Int.init) }

    private static func rows(_ numbers: [Float], _ width: Int) -> [[Float]] {
        stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
    }
}
