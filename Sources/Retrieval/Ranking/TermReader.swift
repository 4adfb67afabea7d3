import RopewalkTokenizers

/// Cuts a text into the terms that are counted: runs of letters, marks and digits in lower case; of what is written
/// without blanks each character, and each with the one after it.
package struct TermReader {
    private var lowered: [UInt8] = []
    /// The last character of a run without blanks.
    private var wide: Range<Int>?

    package init() {}

    /// Gives every term of a range of valid UTF-8 to `body`, in order.
    package mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        lowered.removeAll(keepingCapacity: true)
        wide = nil
        var place = range.lowerBound
        while place < range.upperBound {
            let byte = bytes[place]
            if byte < 0x80 {
                let kind = Self.kinds[Int(byte)]
                if kind == 0 { flush(body) } else { lowered.append(kind) }
                wide = nil
                place += 1
            } else {
                place += readWide(bytes, place, end: range.upperBound, body)
            }
        }
        flush(body)
    }

    /// Of every byte of ASCII what it is counted as; 0 for what separates.
    private static let kinds: [UInt8] = (0..<128).map { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7A: UInt8(byte)
        case 0x41...0x5A: UInt8(byte + 32)
        default: 0
        }
    }

    private mutating func flush(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard !lowered.isEmpty else { return }
        lowered.withUnsafeBufferPointer(body)
        lowered.removeAll(keepingCapacity: true)
    }

    private mutating func readWide(
        _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, end: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) -> Int {
        let first = bytes[place]
        let width = min(first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2, end - place)
        var code = UInt32(first) & (0xFF >> UInt32(width + 1))
        for next in bytes[place + 1..<place + width] { code = code << 6 | UInt32(next & 0x3F) }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        guard !TextWords.isWide(scalar) else {
            flush(body)
            body(UnsafeBufferPointer(rebasing: bytes[place..<place + width]))
            if let wide { body(UnsafeBufferPointer(rebasing: bytes[wide.lowerBound..<place + width])) }
            wide = place..<place + width
            return width
        }
        wide = nil
        if Self.isPart(scalar) {
            lowered.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        } else {
            flush(body)
        }
        return width
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    /// The terms of a text.
    package static func terms(_ text: String) -> [[UInt8]] {
        var reader = TermReader()
        var terms: [[UInt8]] = []
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { buffer in
            reader.read(buffer, 0..<buffer.count) { terms.append(Array($0)) }
        }
        return terms
    }
}
