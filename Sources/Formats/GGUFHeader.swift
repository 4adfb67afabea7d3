import Foundation
import RopewalkPhrases

/// Reads the part of a GGUF file before the numbers: metadata, then what each tensor is and where.
///
/// Every count is checked against the bytes that are left before anything is allocated for it; a key with its value
/// takes at least 13 bytes of the file, a tensor 24, an element of an array what its type takes.
struct GGUFHeader {
    static let defaultAlignment = 32
    static let axisLimit = 8
    /// Of tensors, and of keys: more than any published file has, and few enough to list.
    static let countLimit = 1 << 18

    let version: Int
    private(set) var metadata: [String: GGUFValue] = [:]
    private(set) var tensors: [String: TensorEntry] = [:]
    private let path: String
    private let fileSize: Int

    /// - Parameters:
    ///   - buffer: the file
    ///   - data: the same, for views of it
    init(_ buffer: UnsafeRawBufferPointer, _ data: Data, path: String) throws(FormatError) {
        self.path = path
        fileSize = buffer.count
        var cursor = GGUFCursor(buffer)
        do throws(GGUFCursor.Failure) {
            version = try Self.version(&cursor)
            let tensorCount = try cursor.count(of: "tensors", size: 24)
            let valueCount = try cursor.count(of: "values", size: 13)
            guard max(tensorCount, valueCount) <= Self.countLimit else {
                throw cursor.failure(say("\(tensorCount) tensors and \(valueCount) values are over \(Self.countLimit)"))
            }
            try readMetadata(&cursor, count: valueCount, data)
            let described = try Self.describedTensors(&cursor, count: tensorCount)
            try place(described, headerEnd: cursor.place)
        } catch {
            throw error.isOfAnotherKind
                ? .kind(file: path, problem: error.problem)
                : .header(file: path, byte: error.byte, problem: error.problem)
        }
    }

    private static func version(_ cursor: inout GGUFCursor) throws(GGUFCursor.Failure) -> Int {
        guard try cursor.number(UInt32.self) == 0x4655_4747 else {
            throw GGUFCursor.Failure(byte: 0, problem: say("the file does not begin with GGUF"))
        }
        let version = try cursor.number(UInt32.self)
        switch version {
        case 2, 3: return Int(version)
        case 1: throw cursor.anotherKind(say("GGUF of version 1 is too old: convert it with a current llama.cpp"))
        case let other where other.byteSwapped < 16:
            throw cursor.anotherKind(
                say(
                    """
                    a big-endian GGUF file, which is not read: fetch the little-endian one, or turn it with the \
                    gguf package's gguf-convert-endian FILE little
                    """))
        default: throw cursor.failure(say("version \(version) is not known; known are 2 and 3"))
        }
    }

    private mutating func readMetadata(
        _ cursor: inout GGUFCursor, count: Int, _ data: Data
    ) throws(GGUFCursor.Failure) {
        for _ in 0..<count {
            let start = cursor.place
            let key = String(decoding: try cursor.string(), as: UTF8.self)
            let type = try cursor.type()
            if metadata.updateValue(try cursor.value(type, in: data), forKey: key) != nil {
                throw GGUFCursor.Failure(byte: start, problem: say("key \(Self.quoted(key)) is there twice"))
            }
        }
    }

    /// A tensor as the header describes it.
    private struct Described {
        let name: String
        /// Where its description begins.
        let byte: Int
        /// Innermost first, as in the file.
        let lengths: [UInt64]
        let type: UInt32
        /// Of its numbers, from the start of all numbers.
        let offset: UInt64
    }

    private static func describedTensors(
        _ cursor: inout GGUFCursor, count: Int
    ) throws(GGUFCursor.Failure) -> [Described] {
        var described: [Described] = []
        for _ in 0..<count {
            let byte = cursor.place
            let name = String(decoding: try cursor.string(), as: UTF8.self)
            let axes = try cursor.number(UInt32.self)
            guard axes <= axisLimit else { throw cursor.failure(say("tensor \(quoted(name)) has \(axes) axes")) }
            var lengths: [UInt64] = []
            for _ in 0..<axes { lengths.append(try cursor.number(UInt64.self)) }
            described.append(
                Described(
                    name: name, byte: byte, lengths: lengths, type: try cursor.number(UInt32.self),
                    offset: try cursor.number(UInt64.self)))
        }
        return described
    }

    /// Checks where the tensors lie.
    private mutating func place(_ described: [Described], headerEnd: Int) throws(GGUFCursor.Failure) {
        let alignment = metadata["general.alignment"].map { $0.integer ?? 0 } ?? Self.defaultAlignment
        guard alignment > 0, alignment <= 1 << 20, alignment.nonzeroBitCount == 1 else {
            throw GGUFCursor.Failure(byte: 0, problem: say("general.alignment is no power of two up to \(1 << 20)"))
        }
        let start = (headerEnd + alignment - 1) / alignment * alignment
        for tensor in described {
            func wrong(_ problem: String) -> GGUFCursor.Failure {
                GGUFCursor.Failure(byte: tensor.byte, problem: say("tensor \(Self.quoted(tensor.name)) \(problem)"))
            }
            guard let type = ElementType(gguf: tensor.type) else {
                throw wrong(say("has the unknown type \(tensor.type)"))
            }
            let shape = tensor.lengths.reversed().compactMap { Int(exactly: $0) }
            guard shape.count == tensor.lengths.count, let bytes = type.byteCount(shape: shape) else {
                throw wrong(say("has the impossible shape \(Array(tensor.lengths.reversed())) of \(type.rawValue)"))
            }
            guard tensor.offset % UInt64(alignment) == 0 else {
                throw wrong(say("begins at \(tensor.offset), which is no multiple of \(alignment)"))
            }
            let room = max(0, fileSize - start)
            guard let offset = Int(exactly: tensor.offset), offset <= room, bytes <= room - offset else {
                throw wrong(say("ends after the file's end"))
            }
            // Tensors that hold nothing need not be there: a file may end before they would begin.
            let first = min(start, fileSize) + offset
            let entry = TensorEntry(type: type, shape: shape, bytes: first..<first + bytes)
            if tensors.updateValue(entry, forKey: tensor.name) != nil { throw wrong(say("is there twice")) }
        }
        if let (earlier, later, byte) = tensors.overlap() {
            let names = say("tensor \(Self.quoted(later)) overlaps tensor \(Self.quoted(earlier))")
            throw GGUFCursor.Failure(byte: byte, problem: names)
        }
    }

    /// A name from the file, made safe for one line of a terminal.
    private static func quoted(_ name: String) -> String { FormatError.quoted(name) }
}
