import Foundation
import RopewalkPhrases

/// Reads numbers, strings and values of a GGUF file one after the other, never past its end.
struct GGUFCursor {
    struct Failure: Error {
        /// Counted from the start of what is read.
        let byte: Int
        let problem: String
        /// Whether the file is whole, but of a kind that is not read.
        var isOfAnotherKind = false
    }

    /// How many arrays may lie within one another.
    static let depthLimit = 8

    private let buffer: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ buffer: UnsafeRawBufferPointer) { self.buffer = buffer }

    /// The bytes that are left.
    var rest: Int { buffer.count - place }

    func failure(_ problem: String) -> Failure { Failure(byte: place, problem: problem) }

    func anotherKind(_ problem: String) -> Failure { Failure(byte: place, problem: problem, isOfAnotherKind: true) }

    mutating func skip(_ count: Int) throws(Failure) {
        guard count >= 0, count <= rest else { throw failure(say("\(count) bytes are expected, \(rest) are left")) }
        place += count
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(Failure) -> Number {
        let start = place
        try skip(MemoryLayout<Number>.size)
        return Number(littleEndian: buffer.loadUnaligned(fromByteOffset: start, as: Number.self))
    }

    /// A count of things that take at least `size` bytes each, so that no count can be larger than the file.
    mutating func count(of things: String, size: Int) throws(Failure) -> Int {
        let count = try number(UInt64.self)
        guard count <= UInt64(rest / size) else {
            throw failure(say("\(count) \(things.said) are more than the \(rest) bytes that are left can hold"))
        }
        return Int(count)
    }

    mutating func string() throws(Failure) -> [UInt8] {
        let length = try count(of: "bytes of text", size: 1)
        let start = place
        try skip(length)
        return Array(buffer[start..<start + length])
    }

    /// - Parameter data: what the buffer shows; arrays become views of it.
    mutating func value(_ type: GGUFType, in data: Data) throws(Failure) -> GGUFValue {
        switch type {
        case .uint8: return .integer(Int(try number(UInt8.self)))
        case .int8: return .integer(Int(try number(Int8.self)))
        case .uint16: return .integer(Int(try number(UInt16.self)))
        case .int16: return .integer(Int(try number(Int16.self)))
        case .uint32: return .integer(Int(try number(UInt32.self)))
        case .int32: return .integer(Int(try number(Int32.self)))
        case .int64: return .integer(Int(try number(Int64.self)))
        case .uint64:
            let value = try number(UInt64.self)
            return Int(exactly: value).map { .integer($0) } ?? .number(Double(value))
        case .float32: return .number(Double(Float(bitPattern: try number(UInt32.self))))
        case .float64: return .number(Double(bitPattern: try number(UInt64.self)))
        case .bool: return .bool(try number(UInt8.self) != 0)
        case .string: return .string(try string())
        case .array: return .array(try array(in: data))
        }
    }

    mutating func type() throws(Failure) -> GGUFType {
        let number = try number(UInt32.self)
        guard let type = GGUFType(rawValue: number) else { throw failure(say("type \(number) of a value is unknown")) }
        return type
    }

    /// An array, whose elements are only looked at as far as it takes to find its end.
    private mutating func array(in data: Data) throws(Failure) -> GGUFArray {
        let type = try type()
        let count = try count(of: "elements", size: type.size ?? Self.leastSize(type))
        let start = place
        try skipElements(type, count: count, depth: 1)
        return GGUFArray(
            count: count, type: type, bytes: data[data.startIndex + start..<data.startIndex + place])
    }

    private mutating func skipElements(_ type: GGUFType, count: Int, depth: Int) throws(Failure) {
        if let size = type.size { return try skip(count * size) }
        guard depth <= Self.depthLimit else {
            throw failure(say("arrays are nested deeper than \(Self.depthLimit) levels"))
        }
        for _ in 0..<count {
            if type == .string {
                try skip(try self.count(of: "bytes of text", size: 1))
            } else {
                let inner = try self.type()
                let innerCount = try self.count(of: "elements", size: inner.size ?? Self.leastSize(inner))
                try skipElements(inner, count: innerCount, depth: depth + 1)
            }
        }
    }

    /// The length of a string; the type and the count of an array.
    private static func leastSize(_ type: GGUFType) -> Int { type == .string ? 8 : 12 }
}
