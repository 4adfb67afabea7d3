import RopewalkCellGrid

/// What a user does, written down: `j j Tab z PageDown / text:whale Enter`.
package struct KeyScript: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        case event(InputEvent)
        /// Until everything that runs has ended.
        case wait
    }

    package let steps: [Step]

    package static let empty = KeyScript()

    private init() { steps = [] }

    /// - Throws: `AppError` for the first name that is no key, place or size.
    package init(parsing text: String) throws(AppError) {
        var steps: [Step] = []
        for (index, word) in try Self.words(text).enumerated() {
            steps += try Self.steps(of: word, position: index + 1)
        }
        self.steps = steps
    }

    /// A size as `80x24`.
    package static func size(_ text: some StringProtocol) throws(AppError) -> Size {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]),
            (1...1000).contains(width), (1...1000).contains(height)
        else { throw .badSize(String(text)) }
        return Size(width: width, height: height)
    }

    /// Splits at blanks outside of double quotes; the quotes are left out.
    private static func words(_ text: String) throws(AppError) -> [String] {
        var words: [String] = []
        var word = ""
        var quoteAt: Int?
        for character in text {
            if character == "\"", quoteAt != nil || word.hasPrefix("text:") {
                quoteAt = quoteAt == nil ? words.count + 1 : nil
            } else if character.isWhitespace, quoteAt == nil {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if let quoteAt { throw .unclosedQuote(position: quoteAt) }
        return word.isEmpty ? words : words + [word]
    }

    private static func steps(of word: String, position: Int) throws(AppError) -> [Step] {
        if word == "wait" { return [.wait] }
        if let text = rest(of: word, after: "text:") { return text.map { .event(.key(.character($0))) } }
        if let place = rest(of: word, after: "mouse:") { return [.event(.mouse(try mouse(place)))] }
        if let size = rest(of: word, after: "size:") { return [.event(.resize(try Self.size(size)))] }
        guard let key = KeyNames.key(word) else { throw .unknownKey(name: word, position: position) }
        return [.event(.key(key))]
    }

    private static func rest(of word: String, after prefix: String) -> Substring? {
        word.hasPrefix(prefix) ? word.dropFirst(prefix.count) : nil
    }

    private static func mouse(_ text: Substring) throws(AppError) -> Mouse {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let x = Int(parts[0]), let y = Int(parts[1]), x >= 0, y >= 0 else {
            throw .badMouse(String(text))
        }
        return Mouse(action: .press, x: x, y: y)
    }
}
