import CRopewalkPhrases

/// The texts of a language by their English.
package struct Catalogue: Sendable {
    /// A text with the file that it stands in.
    package struct Entry: Sendable {
        package let file: String
        package let english: String
        package let text: String
    }

    package let entries: [Entry]
    private let patterns: [String: Pattern]

    /// That of a language; English has none.
    package static func of(_ language: Language) -> Catalogue {
        switch language {
        case .english: empty
        case .chinese: chinese
        }
    }

    private static let empty = Catalogue([])
    private static let chinese = Catalogue(files())

    private init(_ entries: [Entry]) {
        self.entries = entries
        patterns = Dictionary(entries.map { ($0.english, Pattern($0.text)) }) { first, _ in first }
    }

    private static func files() -> [Entry] {
        (0..<phrases_files()).flatMap { file in
            var size = 0
            guard let text = phrases_text(file, &size), let name = phrases_name(file) else { return [Entry]() }
            let lines = String(decoding: UnsafeBufferPointer(start: text, count: size), as: UTF8.self)
            return PortableObject(lines).messages.map {
                Entry(file: String(cString: name), english: $0.id, text: $0.text)
            }
        }
    }

    /// The text of an English pattern with its values; nil where there is none.
    func filled(_ english: String, _ values: [String]) -> String? { patterns[english]?.filled(values) }
}

/// A text with places for values: `{1}` is the first.
struct Pattern: Sendable {
    private enum Part {
        case text(String)
        /// From 0.
        case value(Int)
    }

    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while let match = rest.firstMatch(of: /\{([1-9][0-9]?)\}/) {
            parts.append(.text(String(rest[..<match.range.lowerBound])))
            if let number = Int(match.output.1) { parts.append(.value(number - 1)) }
            rest = rest[match.range.upperBound...]
        }
        parts.append(.text(String(rest)))
        self.parts = parts
    }

    func filled(_ values: [String]) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .value(let index): values.indices.contains(index) ? values[index] : ""
            }
        }.joined()
    }
}
