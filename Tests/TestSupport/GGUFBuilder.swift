import Foundation

/// Puts a GGUF file together, right or wrong, byte by byte.
package struct GGUFBuilder {
    package var version: UInt32 = 3
    package var alignment = 32
    private var values: [Data] = []
    private var tensors: [(name: String, lengths: [UInt64], type: UInt32, bytes: Data)] = []

    package init() {}

    package static func bytes<Number: BitwiseCopyable>(_ number: Number) -> Data {
        withUnsafeBytes(of: number) { Data($0) }
    }

    /// A length and a text's bytes.
    package static func text(_ text: String) -> Data { bytes(UInt64(text.utf8.count)) + Data(text.utf8) }

    /// - Parameters:
    ///   - type: the number of the value's type
    ///   - payload: its bytes
    package mutating func add(_ key: String, type: UInt32, _ payload: Data) {
        values.append(Self.text(key) + Self.bytes(type) + payload)
    }

    package mutating func add(_ key: String, _ value: Int) { add(key, type: 4, Self.bytes(UInt32(value))) }
    package mutating func add(_ key: String, _ value: Float) { add(key, type: 6, Self.bytes(value)) }
    package mutating func add(_ key: String, _ value: Bool) { add(key, type: 7, Data([value ? 1 : 0])) }
    package mutating func add(_ key: String, _ value: String) { add(key, type: 8, Self.text(value)) }
    package mutating func add(_ key: String, _ value: [String]) {
        add(key, type: 9, Self.array(8, count: value.count, value.reduce(Data()) { $0 + Self.text($1) }))
    }

    package static func array(_ type: UInt32, count: Int, _ elements: Data) -> Data {
        bytes(type) + bytes(UInt64(count)) + elements
    }

    /// - Parameters:
    ///   - lengths: innermost first, as in the file
    ///   - type: the number of the tensor's element type
    package mutating func add(_ tensor: String, lengths: [Int], type: UInt32, _ bytes: Data) {
        tensors.append((tensor, lengths.map(UInt64.init), type, bytes))
    }

    /// A tensor of float32.
    /// - Parameter shape: outermost first
    package mutating func add(_ tensor: String, shape: [Int], _ numbers: [Float]) {
        add(tensor, lengths: shape.reversed(), type: 0, numbers.withUnsafeBytes { Data($0) })
    }

    /// The file.
    /// - Parameter offset: what the header says of a tensor's place, given its right place
    package func data(offset: (Int, UInt64) -> UInt64 = { $1 }) -> Data {
        var file = Data("GGUF".utf8) + Self.bytes(version)
        file += Self.bytes(UInt64(tensors.count)) + Self.bytes(UInt64(values.count))
        for value in values { file += value }
        var numbers = Data()
        for (index, tensor) in tensors.enumerated() {
            numbers += Data(count: (alignment - numbers.count % alignment) % alignment)
            file += Self.text(tensor.name) + Self.bytes(UInt32(tensor.lengths.count))
            for length in tensor.lengths { file += Self.bytes(length) }
            file += Self.bytes(tensor.type) + Self.bytes(offset(index, UInt64(numbers.count)))
            numbers += tensor.bytes
        }
        return file + Data(count: (alignment - file.count % alignment) % alignment) + numbers
    }
}
