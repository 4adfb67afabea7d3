/// Reads the header of a safetensors file as all programs write it, many times faster than any JSON is read.
///
/// Of a header that is written in any other way, or that is wrong, it says nothing: then it is read as JSON.
struct PlainHeader {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    /// Where the tensors' data begin in the file, and how many bytes they have.
    private let dataStart: Int
    private let dataSize: Int
    private var types: [(range: Range<Int>, type: ElementType)] = []

    /// - Parameters:
    ///   - bytes: of the header alone
    ///   - dataStart: where the tensors' data begin in the file; the header's offsets count from there
    ///   - fileSize: of the whole file
    init(_ bytes: UnsafeRawBufferPointer, dataStart: Int, fileSize: Int) {
        self.bytes = bytes
        self.dataStart = dataStart
        dataSize = fileSize - dataStart
    }

    /// All tensors, and the texts that stand beside them; nil where the header has to be read as JSON.
    mutating func read() -> (tensors: [String: TensorEntry], metadata: [String: String])? {
        var (tensors, metadata): ([String: TensorEntry], [String: String]) = ([:], [:])
        // Each takes some 60 bytes and more.
        tensors.reserveCapacity(bytes.count / 60)
        guard skip("{") else { return nil }
        guard !skip("}") else { return isAtEnd ? (tensors, metadata) : nil }
        // Where each begins before the one that was read last ends, they are sorted to see whether they overlap.
        var (end, isInOrder) = (0, true)
        repeat {
            guard let name = string(), skip(":") else { return nil }
            if name == "__metadata__" {
                guard metadata.isEmpty, let texts = texts() else { return nil }
                metadata = texts
                continue
            }
            guard let entry = entry(), tensors.updateValue(entry, forKey: name) == nil else { return nil }
            if !entry.bytes.isEmpty {
                isInOrder = isInOrder && entry.bytes.lowerBound >= end
                end = max(end, entry.bytes.upperBound)
            }
        } while skip(",")
        guard skip("}"), isAtEnd, isInOrder || tensors.overlap() == nil else { return nil }
        return (tensors, metadata)
    }

    private mutating func entry() -> TensorEntry? {
        var (type, shape, offsets): (ElementType?, [Int]?, [Int]?) = (nil, nil, nil)
        guard skip("{") else { return nil }
        repeat {
            guard let key = stringRange(), skip(":") else { return nil }
            if isText(key, "dtype"), type == nil {
                type = elementType()
            } else if isText(key, "shape"), shape == nil {
                shape = integers()
            } else if isText(key, "data_offsets"), offsets == nil {
                offsets = integers()
            } else {
                return nil
            }
        } while skip(",")
        guard skip("}"), let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1],
            offsets[1] <= dataSize, type.byteCount(shape: shape) == offsets[1] - offsets[0]
        else { return nil }
        return TensorEntry(type: type, shape: shape, bytes: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    /// The type of that name; those that were read before are compared byte by byte.
    private mutating func elementType() -> ElementType? {
        guard let range = stringRange() else { return nil }
        if let known = types.first(where: { isAlike($0.range, range) }) { return known.type }
        guard let type = ElementType(safetensors: text(range)) else { return nil }
        types.append((range, type))
        return type
    }

    private mutating func texts() -> [String: String]? {
        var texts: [String: String] = [:]
        guard skip("{") else { return nil }
        if skip("}") { return texts }
        repeat {
            guard let key = string(), skip(":"), let text = string() else { return nil }
            texts[key] = text
        } while skip(",")
        return skip("}") ? texts : nil
    }

    private mutating func integers() -> [Int]? {
        var numbers: [Int] = []
        guard skip("[") else { return nil }
        if skip("]") { return numbers }
        repeat {
            guard let number = whole() else { return nil }
            numbers.append(number)
        } while skip(",")
        return skip("]") ? numbers : nil
    }

    /// Digits alone, of less than 10¹⁸.
    private mutating func whole() -> Int? {
        skipSpace()
        let start = at
        var number = 0
        while at < bytes.count, at - start < 18, let digit = Self.digit(bytes[at]) {
            number = number * 10 + digit
            at += 1
        }
        return at > start && at - start < 18 ? number : nil
    }

    private static func digit(_ byte: UInt8) -> Int? { (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil }

    private mutating func string() -> String? { stringRange().map(text) }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// The bytes between quotation marks, ASCII without escapes.
    private mutating func stringRange() -> Range<Int>? {
        guard skip("\"") else { return nil }
        let start = at
        while at < bytes.count, (0x20..<0x80).contains(bytes[at]), bytes[at] != 0x22, bytes[at] != 0x5C { at += 1 }
        guard at < bytes.count, bytes[at] == 0x22 else { return nil }
        at += 1
        return start..<at - 1
    }

    private func isAlike(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { bytes[$0] == bytes[$1] }
    }

    private func isText(_ range: Range<Int>, _ text: StaticString) -> Bool {
        range.count == text.utf8CodeUnitCount
            && text.withUTF8Buffer { text in text.indices.allSatisfy { text[$0] == bytes[range.lowerBound + $0] } }
    }

    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard at < bytes.count, UInt32(bytes[at]) == mark.value else { return false }
        at += 1
        return true
    }

    private var isAtEnd: Bool { bytes[at...].allSatisfy(Self.isSpace) }

    private mutating func skipSpace() { while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 } }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
