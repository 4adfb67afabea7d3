/// A text for people: what the source says in English, and the pattern under which its translation is found.
///
/// Values stand in the pattern as `{1}`, `{2}` ..., in the order of the source: "token {1} of {2}".
package struct Phrase: ExpressibleByStringInterpolation, Sendable {
    /// As it is said now.
    package let said: String

    package init(stringLiteral value: String) { said = value.said }

    package init(stringInterpolation: StringInterpolation) { said = stringInterpolation.said }

    /// Collects a text in English, and its pattern where another language is spoken.
    package struct StringInterpolation: StringInterpolationProtocol {
        private let language = Language.current
        /// In English; what is said where a pattern has no translation.
        private var text: String
        private var pattern = ""
        private var values: [String] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + 8 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
            if language != .english { pattern += literal }
        }

        package mutating func appendInterpolation(_ value: some Any) {
            let value = "\(value)"
            text += value
            guard language != .english else { return }
            values.append(value)
            pattern += "{\(values.count)}"
        }

        /// A word that follows a number: `[token|tokens]` in the pattern. Chinese has one form for both.
        package mutating func appendInterpolation(_ count: Int, one: String, many: String) {
            text += count == 1 ? one : many
            if language != .english { pattern += "[\(one)|\(many)]" }
        }

        fileprivate var said: String {
            language == .english ? text : Catalogue.of(language).filled(pattern, values) ?? text
        }
    }
}

/// Says a text in the language that is spoken.
package func say(_ phrase: Phrase) -> String { phrase.said }

extension String {
    /// A text that was kept in English, in the language that is spoken; the text itself where there is no other.
    package var said: String {
        let language = Language.current
        return language == .english ? self : Catalogue.of(language).filled(self, []) ?? self
    }
}
