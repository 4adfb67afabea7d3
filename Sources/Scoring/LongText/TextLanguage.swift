/// In which of two languages a document is, for metrics count words in one and characters in the other.
package enum TextLanguage: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"

    /// Chinese where three of ten letters are ideographs.
    package init(_ text: CodePoints) {
        var letters = 0
        var ideographs = 0
        for scalar in text.prefix(Self.looked) where PythonText.isWord(scalar) {
            letters += 1
            if Self.isIdeograph(scalar) { ideographs += 1 }
        }
        self = letters > 0 && ideographs * 10 >= letters * 3 ? .chinese : .english
    }

    /// Code points that decide.
    private static let looked = 20_000

    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
