/// Sets of characters that tokenizers cut at or take out.
enum CharacterClass: Sendable, Equatable {
    /// White_Space.
    case space
    /// Punctuation, and all of ASCII that is neither letter, digit, space nor control, as BERT has it.
    case punctuation
    /// Nd, Nl and No.
    case number
    /// Mn, Mc and Me.
    case mark
    /// Mn.
    case nonspacingMark
    case one(Unicode.Scalar)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .space: return Self.isSpace(scalar)
        case .one(let only): return scalar == only
        case .number:
            if scalar.isASCII { return ("0"..."9").contains(scalar) }
            switch scalar.properties.generalCategory {
            case .decimalNumber, .letterNumber, .otherNumber: return true
            default: return false
            }
        case .punctuation:
            if scalar.isASCII { return Self.isASCIIPunctuation(UInt8(scalar.value)) }
            switch scalar.properties.generalCategory {
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation:
                return Self.isOf(.unicode8, scalar)
            default: return false
            }
        case .nonspacingMark:
            return scalar.value >= 0x300 && scalar.properties.generalCategory == .nonspacingMark
                && Self.isOf(.unicode8, scalar)
        case .mark:
            if scalar.value < 0x300 { return false }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark: return Self.isOf(.unicode9, scalar)
            default: return false
            }
        }
    }

    /// The versions of Unicode that parts of the tokenizers library know; later characters are unassigned to them.
    enum Version: Int {
        case unicode8 = 8
        case unicode9 = 9
        case unicode12 = 12
        case unicode16 = 16
    }

    /// Whether the version, without a later update of it, has the character.
    static func isOf(_ version: Version, _ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major < version.rawValue || age.major == version.rawValue && age.minor == 0
    }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0: true
        case 0..<0x1680: false
        default: scalar.properties.isWhitespace
        }
    }

    /// `\w` of Unicode's regular expressions (UTS #18, annex C).
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": return true
            default: return false
            }
        }
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return isOf(.unicode16, scalar) }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return isOf(.unicode16, scalar)
        default: return false
        }
    }

    private static func isASCIIPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
