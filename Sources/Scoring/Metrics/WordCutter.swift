/// How a Chinese text is cut into the words that scores count.
package enum WordCutter: Sendable {
    /// Every character of Chinese alone; Latin letters and digits in runs. Needs no dictionary, and gives other scores than
    /// the published scorers, which use jieba.
    case characters
    /// As jieba cuts, with its dictionary.
    case jieba(JiebaCutter)

    package var isPublished: Bool {
        if case .jieba = self { true } else { false }
    }

    /// The words in their order; blanks and marks are words too.
    package func words(_ text: CodePoints) -> [CodePoints] {
        switch self {
        case .jieba(let cutter): cutter.words(text)
        case .characters: Self.characters(text)
        }
    }

    private static func characters(_ text: CodePoints) -> [CodePoints] {
        var words: [CodePoints] = []
        var place = 0
        while place < text.count {
            let run = text[place...].prefix(while: isLatin)
            words.append(run.isEmpty ? [text[place]] : CodePoints(run))
            place += max(1, run.count)
        }
        return words
    }

    static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
