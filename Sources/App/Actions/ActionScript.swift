/// What a reader does, by the names of actions: `goto token 1204; head 3.7; wait; mask.page check`.
package struct ActionScript: Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        case action(Action)
        /// Until everything that runs has ended.
        case wait
    }

    package static let empty = ActionScript(steps: [])

    package let steps: [Step]

    init(steps: [Step]) {
        self.steps = steps
    }

    /// - Throws: `AppError` for the first part that is no action.
    package init(parsing text: String) throws(AppError) {
        var steps: [Step] = []
        for part in Self.parts(text) where !part.allSatisfy(\.isWhitespace) {
            let isWait = part.split(whereSeparator: \.isWhitespace) == ["wait"]
            steps.append(isWait ? .wait : .action(try Action(parsing: part)))
        }
        self.steps = steps
    }

    /// Splits at semicolons outside of quotes.
    private static func parts(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ";", !isQuoted {
                parts.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && isQuoted && !isEscaped
            parts[parts.count - 1].append(character)
        }
        return parts
    }
}
