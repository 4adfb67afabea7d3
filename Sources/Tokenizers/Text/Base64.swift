/// Bytes as text (RFC 4648, with padding); vocabularies have hundreds of thousands of such strings.
enum Base64 {
    /// Nil where the text is no base64.
    static func bytes(_ text: String) -> [UInt8]? { bytes(Array(text.utf8)[...]) }

    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var digits = 0
        for letter in text.dropLast(padding) {
            guard let digit = digit(letter) else { return nil }
            group = group << 6 | digit
            digits += 1
            if digits % 4 == 0 {
                for shift in [16, 8, 0] as [UInt32] { result.append(UInt8(truncatingIfNeeded: group >> shift)) }
            }
        }
        if padding > 0 { result.append(UInt8(truncatingIfNeeded: group >> (padding == 1 ? 10 : 4))) }
        if padding == 1 { result.append(UInt8(truncatingIfNeeded: group >> 2)) }
        return result
    }

    private static func digit(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
