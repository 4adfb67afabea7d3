import RopewalkTokenizers

/// Names of tokens in which nothing is invisible.
package enum TokenName {
    /// The bytes as text with visible space: a space is `␣`, a newline `↵`, a tab `→`; other control characters and
    /// bytes that are part of a character are `\x` with two digits, other invisible characters `\u{}`.
    package static func printable(_ bytes: [UInt8]) -> String {
        var name = String.UnicodeScalarView()
        var at = 0
        while at < bytes.count {
            let valid = validCharacter(bytes, at)
            guard let (scalar, count) = valid else {
                name.append(contentsOf: "\\x\(hexadecimal(UInt32(bytes[at])))".unicodeScalars)
                at += 1
                continue
            }
            name.append(contentsOf: visible(scalar, isFirst: at == 0).unicodeScalars)
            at += count
        }
        return String(name)
    }

    private static func validCharacter(_ bytes: [UInt8], _ at: Int) -> (scalar: Unicode.Scalar, count: Int)? {
        var end = at + 1
        while end < bytes.count, end < at + 4, UTF8Text.isContinuation(bytes[end]) { end += 1 }
        guard bytes[at..<end].withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) == nil else { return nil }
        return UTF8Text.scalar(in: bytes, at: at)
    }

    private static func visible(_ scalar: Unicode.Scalar, isFirst: Bool) -> String {
        switch scalar {
        case " ": return "␣"
        case "\n": return "↵"
        case "\t": return "→"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: return "\\x\(hexadecimal(scalar.value))"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .privateUse:
            return "\\u{\(hexadecimal(scalar.value))}"
        // A mark without its base would sit on whatever stands before the name.
        case .nonspacingMark, .enclosingMark, .spacingMark: return isFirst ? "◌\(scalar)" : String(scalar)
        default: return String(scalar)
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }
}
