import RopewalkPhrases

/// Reads the fields of a protocol buffer message, never past its end.
struct ProtobufReader {
    enum Value {
        /// An integer of up to 64 bits, or a truth value.
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A string, bytes, or a message: where it lies.
        case bytes(Range<Int>)
    }

    /// `place` counts bytes from the file's beginning.
    struct Damage: Error {
        let place: Int
        let problem: String
    }

    let data: [UInt8]
    private(set) var at: Int
    private let end: Int

    init(_ data: [UInt8], _ range: Range<Int>) {
        self.data = data
        at = range.lowerBound
        end = min(range.upperBound, data.count)
    }

    /// The next field's number and value; nil at the end of the message.
    mutating func next() throws(Damage) -> (field: Int, value: Value)? {
        guard at < end else { return nil }
        let start = at
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw Damage(place: start, problem: say("no such field")) }
        let field = Int(key >> 3)
        switch key & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try fixed(8)))
        case 2:
            let count = try varint()
            guard count <= UInt64(end - at) else {
                throw Damage(place: start, problem: say("\(count) bytes are announced and \(end - at) are left"))
            }
            let range = at..<at + Int(count)
            at = range.upperBound
            return (field, .bytes(range))
        case 5: return (field, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw Damage(place: start, problem: say("a field of an unknown kind"))
        }
    }

    private mutating func varint() throws(Damage) -> UInt64 {
        let start = at
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard at < end else { throw Damage(place: start, problem: say("an integer is cut off")) }
            value |= UInt64(data[at] & 0x7F) << shift
            at += 1
            if data[at - 1] < 0x80 { return value }
        }
        throw Damage(place: start, problem: say("an integer does not end"))
    }

    private mutating func fixed(_ count: Int) throws(Damage) -> UInt64 {
        guard end - at >= count else { throw Damage(place: at, problem: say("a number is cut off")) }
        defer { at += count }
        return (0..<count).reduce(0) { $0 | UInt64(data[at + $1]) << UInt64(8 * $1) }
    }
}
