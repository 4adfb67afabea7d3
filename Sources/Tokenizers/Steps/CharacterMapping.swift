/// Rules that map single characters, or leave them out (nil).
enum CharacterMapping {
    /// BERT's cleaning: no NUL, no U+FFFD, no control, format and private
    /// characters; all space is U+0020.
    static func bertClean(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x20..<0x7F: return scalar
        case 0x09, 0x0A, 0x0D: return " "
        case 0..<0x20, 0x7F, 0xFFFD: return nil
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .privateUse: return nil
        case .format: return CharacterClass.isOf(.unicode8, scalar) ? nil : scalar
        default: return CharacterClass.isSpace(scalar) ? " " : scalar
        }
    }

    /// The rule set that the tokenizers library calls Nmt.
    static func nmt(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: nil
        case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: " "
        default: scalar
        }
    }

    /// The blocks that BERT takes for Chinese characters, each a word of its own.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
