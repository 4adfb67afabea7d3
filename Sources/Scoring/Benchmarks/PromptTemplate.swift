import RopewalkPhrases

/// A prompt with places for what a question has: `{context}` and `{input}` as Python's `str.format` fills them, or `$DOC$`,
/// `$Q$`, `$C_A$` ... of LongBench v2.
package struct PromptTemplate: Equatable, Sendable {
    private enum Part: Equatable {
        case text(String)
        case member(String)
    }

    private let parts: [Part]

    private static let members = ["context", "input", "document", "question", "inst"]
    private static let marks = ["$DOC$", "$Q$", "$C_A$", "$C_B$", "$C_C$", "$C_D$"]

    /// - Parameter source: names it in errors
    package init(_ text: String, source: String) throws(ScoringError) {
        parts =
            text.contains("$DOC$") || text.contains("$Q$")
            ? Self.marked(text) : try Self.formatted(text, source: source)
    }

    private static func marked(_ text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "$") {
            guard let mark = marks.first(where: { rest[start...].hasPrefix($0) }) else {
                parts.append(.text(String(rest[...start])))
                rest = rest[rest.index(after: start)...]
                continue
            }
            parts += [.text(String(rest[..<start])), .member(mark)]
            rest = rest[start...].dropFirst(mark.count)
        }
        return parts + [.text(String(rest))]
    }

    private static func formatted(_ text: String, source: String) throws(ScoringError) -> [Part] {
        var parts: [Part] = []
        var literal = String.UnicodeScalarView()
        let scalars = PythonText.codePoints(text)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            let isDoubled = place + 1 < scalars.count && scalars[place + 1] == scalar
            switch scalar {
            case "{" where isDoubled, "}" where isDoubled:
                literal.append(scalar)
                place += 2
            case "{":
                guard let end = scalars[place...].firstIndex(of: "}") else {
                    throw .kind(file: source, problem: say("a prompt has a { without its }"))
                }
                let name = PythonText.string(scalars[(place + 1)..<end])
                guard members.contains(name) else {
                    let known = members.joined(separator: ", ")
                    throw .kind(
                        file: source,
                        problem: say("a prompt asks for {\(ScoringError.shown(name))}: there are \(known)"))
                }
                parts += [.text(String(literal)), .member(name)]
                literal = String.UnicodeScalarView()
                place = end + 1
            case "}": throw .kind(file: source, problem: say("a prompt has a } without its {"))
            default:
                literal.append(scalar)
                place += 1
            }
        }
        return parts + [.text(String(literal))]
    }

    /// The prompt of a question.
    /// - Parameter context: what takes the place of its context
    package func filled(_ item: BenchmarkItem, context: String? = nil) -> String {
        let context = context ?? item.context ?? ""
        let isMarked = parts.contains { if case .member(let name) = $0 { name.hasPrefix("$") } else { false } }
        return parts.map { part in
            switch part {
            case .text(let text): return text
            case .member("context"), .member("document"): return context
            case .member("input"), .member("question"), .member("inst"): return item.question
            case .member(let mark):
                let choice = ["$C_A$", "$C_B$", "$C_C$", "$C_D$"].firstIndex(of: mark)
                let value = mark == "$DOC$" ? context : mark == "$Q$" ? item.question : choice.map { item.classes[$0] }
                // LongBench v2 strips what it fills in.
                let text = value ?? ""
                return isMarked ? PythonText.string(PythonText.stripped(PythonText.codePoints(text))) : text
            }
        }.joined()
    }
}
