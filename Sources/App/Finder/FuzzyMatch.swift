/// How well a line has the letters that were typed.
enum FuzzyMatch {
    /// Higher is better; nil where one of the words is nowhere, not even with other letters between its own.
    static func score(_ typed: String, name: String, meaning: String) -> Int? {
        let (name, meaning) = (name.lowercased(), meaning.lowercased())
        var sum = 0
        if name == typed.lowercased() { return 130 }
        let words = typed.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        for word in words {
            guard let score = score(word: word, name, meaning) else { return nil }
            sum += score
        }
        return words.isEmpty ? 0 : sum / words.count
    }

    /// Whether every word that was typed is one of those of a purpose, or most of one.
    static func isWanted(_ typed: String, purpose: String) -> Bool {
        let words = typed.lowercased().split(whereSeparator: \.isWhitespace)
        let wanted = purpose.lowercased().split(separator: " ")
        return !words.isEmpty
            && words.allSatisfy { word in wanted.contains { $0 == word || word.count > 4 && $0.hasPrefix(word) } }
    }

    /// A word in the plural finds what is said of one.
    private static func score(word: String, _ name: String, _ meaning: String) -> Int? {
        let scores = [
            exactScore(word: word, name, meaning), singular(word).flatMap { exactScore(word: $0, name, meaning) },
        ]
        return scores.compactMap { $0 }.max()
    }

    private static func singular(_ word: String) -> String? {
        word.count > 4 && word.hasSuffix("s") && !word.hasSuffix("ss") ? String(word.dropLast()) : nil
    }

    private static func exactScore(word: String, _ name: String, _ meaning: String) -> Int? {
        if name == word { return 120 }
        if name.hasPrefix(word) { return 100 }
        if beginsWord(word, in: name) { return 80 }
        if beginsWord(word, in: meaning) { return 60 }
        if name.contains(word) { return 50 }
        if meaning.contains(word) { return 30 }
        // A letter or two are in every name in some order.
        return word.count > 2 && hasLetters(of: word, in: name) ? 10 : nil
    }

    private static func beginsWord(_ word: String, in text: String) -> Bool {
        text.ranges(of: word).contains { range in
            guard range.lowerBound > text.startIndex else { return true }
            let before = text[text.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber
        }
    }

    private static func hasLetters(of word: String, in text: String) -> Bool {
        var rest = text[...]
        for letter in word {
            guard let place = rest.firstIndex(of: letter) else { return false }
            rest = rest[rest.index(after: place)...]
        }
        return true
    }
}
