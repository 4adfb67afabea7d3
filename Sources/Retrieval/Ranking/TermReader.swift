/// Cuts a text into the terms that are counted: runs of letters, marks and digits in lower case; of what is written
/// without blanks each character, and each with the one after it. A run of more than 240 bytes is several terms.
package enum TermReader {
    /// Gives every term of a range of valid UTF-8 to `body`, in order.
    package static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest + mostOfOne) { lowered in
            kinds.withUnsafeBufferPointer { kinds in
                var run = Run(bytes: bytes, lowered: lowered)
                var place = range.lowerBound
                while place < range.upperBound {
                    let byte = bytes[place]
                    guard byte < 0x80 else {
                        place += run.readWide(place, end: range.upperBound, body)
                        continue
                    }
                    run.wide = nil
                    let kind = kinds[Int(byte)]
                    if kind == 0 { run.flush(body) } else { run.add(kind, body) }
                    place += 1
                }
                run.flush(body)
            }
        }
    }

    /// The terms of a text.
    package static func terms(_ text: String) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { buffer in read(buffer, 0..<buffer.count) { terms.append(Array($0)) } }
        return terms
    }

    private static let longest = 240
    /// Bytes that one character becomes in lower case, at most.
    private static let mostOfOne = 16

    /// Of every byte of ASCII what it is counted as; 0 for what separates.
    private static let kinds: [UInt8] = (0..<128).map { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7A: UInt8(byte)
        case 0x41...0x5A: UInt8(byte + 32)
        default: 0
        }
    }

    /// The term that is read.
    private struct Run {
        let bytes: UnsafeBufferPointer<UInt8>
        let lowered: UnsafeMutableBufferPointer<UInt8>
        private var count = 0
        /// The last character of a run without blanks.
        var wide: Range<Int>?

        init(bytes: UnsafeBufferPointer<UInt8>, lowered: UnsafeMutableBufferPointer<UInt8>) {
            (self.bytes, self.lowered) = (bytes, lowered)
        }

        mutating func add(_ byte: UInt8, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
            if count >= longest { flush(body) }
            lowered[count] = byte
            count += 1
        }

        mutating func flush(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
            guard count > 0 else { return }
            body(UnsafeBufferPointer(rebasing: lowered[..<count]))
            count = 0
        }

        /// Reads a character of several bytes and says how many.
        mutating func readWide(_ place: Int, end: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Int {
            let first = bytes[place]
            let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            // A token may end within a character: a part of one is no term.
            guard first >= 0xC0, place + width <= end else {
                flush(body)
                wide = nil
                return 1
            }
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
            guard TermReader.isPart(scalar) else {
                flush(body)
                return width
            }
            if count >= longest { flush(body) }
            for byte in scalar.properties.lowercaseMapping.utf8.prefix(mostOfOne) {
                lowered[count] = byte
                count += 1
            }
            return width
        }
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
