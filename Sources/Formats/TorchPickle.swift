import RopewalkPhrases

/// The plain tensors in the pickle of a torch.save file.
///
/// A pickle is a program. Nothing of it is run here: the few operations that plain tensors, lists and dictionaries need
/// are understood, and whatever would call anything else is refused by its name.
package struct TorchPickle {
    package struct Tensor {
        package let storage: String
        package let key: String
        package let offset: Int
        package let shape: [Int]
        package let strides: [Int]
    }

    package static let byteLimit = 1 << 24
    private static let operationLimit = 1 << 22
    private static let depthLimit = 16
    private static let visitLimit = 1 << 18
    private static let keyLength = 200

    private indirect enum Value {
        case nothing
        case integer(Int)
        case text(String)
        case global(String)
        case sequence(Items)
        case dictionary(Items)
        case storage(type: String, key: String)
        case tensor(Tensor)
    }

    /// Lists and dictionaries grow after they were remembered.
    private final class Items {
        var values: [Value]
        /// Of a dictionary.
        var keys: [String] = []
        init(_ values: [Value] = []) { self.values = values }

        var holdsTensors: Bool { values.contains { if case .tensor = $0 { true } else { false } } }
    }

    private let bytes: [UInt8]
    private let path: String
    private let advice: String
    private var at = 0
    private var stack: [Value] = []
    private var marks: [Int] = []
    private var memory: [Int: Value] = [:]

    /// - Parameter advice: what to do with a pickle that is not read
    package init(_ bytes: [UInt8], path: String, advice: String) {
        self.bytes = bytes
        self.path = path
        self.advice = advice
    }

    /// Names and tensors; a tensor alone has no name, one in a list its index.
    package mutating func tensors() throws(FormatError) -> [(name: String, tensor: Tensor)] {
        try tensors(in: try result())
    }

    /// What `wrappers` call the weights of a model beside other things of its training, such as the optimizer's.
    private static let wrappers = ["state_dict", "model_state_dict", "model", "module"]

    /// Those of a model: of a file that holds more than weights, those in the dictionary that is called so.
    mutating func weights() throws(FormatError) -> [(name: String, tensor: Tensor)] {
        let result = try result()
        guard case .dictionary(let whole) = result, !whole.holdsTensors else { return try tensors(in: result) }
        for wrapper in Self.wrappers {
            guard let place = whole.keys.lastIndex(of: wrapper), case .dictionary(let inner) = whole.values[place],
                inner.holdsTensors
            else { continue }
            return try tensors(in: whole.values[place])
        }
        let first = try tensors(in: result)[0].name
        throw broken(
            say(
                """
                the weights lie deeper in it, as \(Self.shown(first)), beside what belongs to training: save \
                their dictionary alone with torch.save
                """))
    }

    private mutating func result() throws(FormatError) -> Value {
        var count = 0
        while true {
            count += 1
            guard count <= Self.operationLimit else { throw broken(say("it has too many operations")) }
            guard try step() else { break }
        }
        guard let last = stack.last else { throw broken(say("it holds nothing")) }
        return last
    }

    private func tensors(in value: Value) throws(FormatError) -> [(name: String, tensor: Tensor)] {
        var found: [(String, Tensor)] = []
        var visits = 0
        Self.collect(value, "", depth: 0, &visits, into: &found)
        guard visits < Self.visitLimit else { throw broken(say("its lists hold one another without end")) }
        guard !found.isEmpty else { throw broken(say("there is no plain tensor in it")) }
        return found
    }

    /// A list may hold itself, and more than once: visits are counted.
    private static func collect(
        _ value: Value, _ name: String, depth: Int, _ visits: inout Int, into found: inout [(String, Tensor)]
    ) {
        visits += 1
        guard depth < depthLimit, visits < visitLimit else { return }
        func inner(_ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
        switch value {
        case .tensor(let tensor): found.append((name, tensor))
        case .sequence(let items):
            for (index, item) in items.values.enumerated() {
                collect(item, inner("\(index)"), depth: depth + 1, &visits, into: &found)
            }
        case .dictionary(let items):
            for (key, item) in zip(items.keys, items.values) {
                collect(item, inner(key), depth: depth + 1, &visits, into: &found)
            }
        default: break
        }
    }

    private func broken(_ problem: String) -> FormatError { .kind(file: path, problem: "\(problem): \(advice)") }

    // MARK: Operations

    /// One operation; false at the end.
    private mutating func step() throws(FormatError) -> Bool {
        let code = try byte()
        switch code {
        case 0x80: _ = try byte()
        case 0x95: _ = try number(8)
        case UInt8(ascii: "."): return false
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "q"): try remember(Int(try byte()))
        case UInt8(ascii: "r"): try remember(try number(4))
        case 0x94: try remember(memory.count)
        case UInt8(ascii: "h"): try recall(Int(try byte()))
        case UInt8(ascii: "j"): try recall(try number(4))
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "Q"): try storage()
        case UInt8(ascii: "b"): try build()
        default:
            if try pushConstant(code) { return true }
            guard try collect(code) else {
                throw broken(say("byte \(at - 1): operation \(code) of its pickle is not understood"))
            }
        }
        return true
    }

    private mutating func pushConstant(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "N"): stack.append(.nothing)
        case 0x88: stack.append(.integer(1))
        case 0x89: stack.append(.integer(0))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
        case UInt8(ascii: "M"): stack.append(.integer(try number(2)))
        case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case 0x8A:
            let length = Int(try byte())
            guard length < 8 else { throw broken(say("a number of \(length) bytes")) }
            stack.append(.integer(try number(length)))
        case UInt8(ascii: "G"): at += 8; stack.append(.nothing)
        case UInt8(ascii: "X"), UInt8(ascii: "T"): stack.append(.text(try text(try number(4))))
        case 0x8C, UInt8(ascii: "U"): stack.append(.text(try text(Int(try byte()))))
        case UInt8(ascii: "c"): stack.append(.global(try line() + "." + line()))
        case 0x93:
            guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
                throw broken(say("a name is damaged"))
            }
            stack.append(.global(module + "." + name))
        case UInt8(ascii: ")"), UInt8(ascii: "]"): stack.append(.sequence(Items()))
        case UInt8(ascii: "}"): stack.append(.dictionary(Items()))
        default: return false
        }
        return true
    }

    /// Tuples, lists and dictionaries.
    private mutating func collect(_ code: UInt8) throws(FormatError) -> Bool {
        switch code {
        case UInt8(ascii: "t"): stack.append(.sequence(Items(try sinceMark())))
        case 0x85, 0x86, 0x87:
            var items: [Value] = []
            for _ in 0..<Int(code) - 0x84 { items.insert(try pop(), at: 0) }
            stack.append(.sequence(Items(items)))
        case UInt8(ascii: "a"): try extend([try pop()])
        case UInt8(ascii: "e"): try extend(try sinceMark())
        case UInt8(ascii: "s"):
            let value = try pop()
            try setItems([try pop(), value])
        case UInt8(ascii: "u"): try setItems(try sinceMark())
        default: return false
        }
        return true
    }

    private mutating func extend(_ values: [Value]) throws(FormatError) {
        guard case .sequence(let items) = stack.last else { throw broken(say("a list is damaged")) }
        items.values += values
    }

    private mutating func setItems(_ values: [Value]) throws(FormatError) {
        guard case .dictionary(let items) = stack.last, values.count % 2 == 0 else {
            throw broken(say("a dictionary is damaged"))
        }
        for index in stride(from: 0, to: values.count, by: 2) {
            switch values[index] {
            case .text(let key): items.keys.append(String(key.prefix(Self.keyLength)))
            case .integer(let key): items.keys.append("\(key)")
            default: throw broken(say("a dictionary with keys that are no text"))
            }
            items.values.append(values[index + 1])
        }
    }

    /// What a call would give, of the few that make plain tensors.
    private mutating func reduce() throws(FormatError) {
        guard case .sequence(let given) = try pop(), case .global(let name) = try pop() else {
            throw broken(say("a call is damaged"))
        }
        switch (name, given.values.count) {
        case ("torch._utils._rebuild_tensor_v2", 6...7):
            try checkMarks(given.values.dropFirst(6).first ?? .nothing)
            stack.append(try tensor(given.values))
        case ("torch._utils._rebuild_parameter", 1...): stack.append(given.values[0])
        case ("collections.OrderedDict", 0): stack.append(.dictionary(Items()))
        case ("torch.Size", 1): stack.append(given.values[0])
        default: throw broken(say("it would call \(Self.shown(name))"))
        }
    }

    /// What PyTorch notes beside a tensor changes its numbers: `neg` for those that are to be negated, `conj` for those that
    /// are to be conjugated.
    private func checkMarks(_ marks: Value) throws(FormatError) {
        switch marks {
        case .nothing: return
        case .dictionary(let items):
            guard let mark = items.keys.first else { return }
            throw broken(
                say(
                    """
                    PyTorch marks a tensor in it as \(Self.shown(mark)), so that its numbers are others than \
                    those that are kept: save it after .resolve_neg().resolve_conj()
                    """))
        default: throw broken(say("a tensor is damaged"))
        }
    }

    private func tensor(_ given: [Value]) throws(FormatError) -> Value {
        guard case .storage(let type, let key) = given[0], case .integer(let offset) = given[1], offset >= 0,
            case .sequence(let shape) = given[2], case .sequence(let strides) = given[3],
            shape.values.count == strides.values.count, shape.values.count <= 32
        else { throw broken(say("a tensor is damaged")) }
        var numbers: [[Int]] = []
        for values in [shape.values, strides.values] {
            var row: [Int] = []
            for value in values {
                guard case .integer(let number) = value, number >= 0, number < 1 << 40 else {
                    throw broken(say("a shape is damaged"))
                }
                row.append(number)
            }
            numbers.append(row)
        }
        return .tensor(Tensor(storage: type, key: key, offset: offset, shape: numbers[0], strides: numbers[1]))
    }

    /// ('storage', torch.BoolStorage, '0', 'cpu', 4096)
    private mutating func storage() throws(FormatError) {
        guard case .sequence(let given) = try pop(), given.values.count >= 3, case .text("storage") = given.values[0],
            case .global(let type) = given.values[1], type.hasPrefix("torch."), case .text(let key) = given.values[2]
        else { throw broken(say("a tensor's storage is damaged")) }
        stack.append(.storage(type: String(type.dropFirst("torch.".count)), key: key))
    }

    /// The state of a dictionary, such as a module's metadata, is left out.
    private mutating func build() throws(FormatError) {
        _ = try pop()
        guard case .dictionary = stack.last else { throw broken(say("it would build an object")) }
    }

    private static func shown(_ name: String) -> String {
        "'" + name.unicodeScalars.prefix(60).map { ("!"..."~").contains($0) ? String($0) : "?" }.joined() + "'"
    }

    // MARK: Bytes and memory

    private mutating func byte() throws(FormatError) -> UInt8 {
        guard at < bytes.count else { throw broken(say("its pickle is cut short")) }
        at += 1
        return bytes[at - 1]
    }

    /// A little-endian number of under 8 bytes, or one that is not used.
    private mutating func number(_ size: Int) throws(FormatError) -> Int {
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(try byte()) << UInt64(8 * index) }
        return Int(truncatingIfNeeded: value & 0x7FFF_FFFF_FFFF_FFFF)
    }

    private mutating func text(_ length: Int) throws(FormatError) -> String {
        guard length <= bytes.count - at else { throw broken(say("its pickle is cut short")) }
        defer { at += length }
        return String(decoding: bytes[at..<at + length], as: UTF8.self)
    }

    private mutating func line() throws(FormatError) -> String {
        guard at < bytes.count, let end = bytes[at...].firstIndex(of: 0x0A), end - at < 256 else {
            throw broken(say("a name is damaged"))
        }
        defer { at = end + 1 }
        return String(decoding: bytes[at..<end], as: UTF8.self)
    }

    private mutating func pop() throws(FormatError) -> Value {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
            throw broken(say("its pickle is damaged"))
        }
        return value
    }

    private mutating func sinceMark() throws(FormatError) -> [Value] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw broken(say("its pickle is damaged")) }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func remember(_ place: Int) throws(FormatError) {
        guard let value = stack.last else { throw broken(say("its pickle is damaged")) }
        memory[place] = value
    }

    private mutating func recall(_ place: Int) throws(FormatError) {
        guard let value = memory[place] else { throw broken(say("its pickle is damaged")) }
        stack.append(value)
    }
}
