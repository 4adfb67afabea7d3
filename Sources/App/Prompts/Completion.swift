import RopewalkMethods

/// What the word before the place of typing could become.
package struct Completion: Equatable, Sendable {
    /// What the word may be replaced by, in order; all begin with it.
    let candidates: [String]
    /// The text before the word.
    let head: String
    let word: String

    /// The longest beginning that all candidates share.
    var shared: String {
        guard var common = candidates.first.map({ Array($0) }) else { return word }
        for candidate in candidates.dropFirst() {
            common = zip(common, candidate).prefix { $0.0 == $0.1 }.map(\.0)
        }
        return common.count >= word.count ? String(common) : word
    }

    /// A file's name behind `file:`; nil where the text ends in no such thing.
    static func path(in text: String, isRule: Bool) -> (head: String, path: String)? {
        guard let mark = text.ranges(of: "file:").last else { return nil }
        let head = text[..<mark.lowerBound]
        // Arrays of a rule stand at its end.
        if head.hasSuffix("="), head.contains(" where ") {
            return (String(text[..<mark.upperBound]), String(text[mark.upperBound...]))
        }
        // In a list of methods a file takes all that follows, as elsewhere.
        guard isRule ? head.allSatisfy(\.isWhitespace) : head.last.map(\.isWhitespace) ?? true else { return nil }
        return (String(text[..<mark.upperBound]), String(text[mark.upperBound...]))
    }

    /// Words of a rule: its names, and the beginning of a file's.
    static func rule(_ text: String) -> Completion {
        let (head, word) = split(text) { $0.isLetter || $0 == ":" || $0 == "_" }
        if let clause = head.firstRange(of: " where ") {
            let isPath = head.last == "="
            let free = isPath ? ["file:"] : arrays(in: String(head[..<clause.lowerBound])).map { $0 + "=file:" }
            return Completion(candidates: free.filter { $0.hasPrefix(word) }, head: head, word: word)
        }
        let names = ["q", "k", "n", "layer", "head", "item", "min(", "max(", "abs("]
        let all = names + (head.allSatisfy(\.isWhitespace) ? ["file:"] : ["where "])
        return Completion(candidates: all.filter { $0.hasPrefix(word) }, head: head, word: word)
    }

    /// The names in a rule that something is looked up in.
    private static func arrays(in rule: String) -> [String] {
        var names: [String] = []
        for part in rule.split(separator: "[", omittingEmptySubsequences: false).dropLast() {
            let name = split(String(part)) { $0.isLetter || $0.isNumber || $0 == "_" }.word
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Names of methods, and behind a colon those of their parameters.
    static func methods(_ text: String) -> Completion {
        let (head, spec) = split(text) { !$0.isWhitespace && $0 != "+" }
        guard let colon = spec.firstIndex(of: ":"),
            let type = Catalogue.method(named: String(spec[..<colon]))
        else {
            let names = Catalogue.names.map { name in
                let takes = Catalogue.method(named: name).map { !$0.description.parameterNames.isEmpty } ?? false
                return name + (takes ? ":" : "")
            }
            let candidates = (names + ["file:", "expr:"]).filter { $0.hasPrefix(spec) }
            return Completion(candidates: candidates, head: head, word: spec)
        }
        let (before, word) = split(String(spec[spec.index(after: colon)...])) { $0 != "," }
        let given = before.split(separator: ",").map { $0.prefix { $0 != "=" } }
        let names = type.description.parameterNames.filter { !given.contains($0[...]) }.map { $0 + "=" }
        return Completion(
            candidates: names.filter { $0.hasPrefix(word) }, head: head + spec[...colon] + before, word: word)
    }

    /// Names of actions, and what they take where that is one of some names.
    static func actions(_ text: String) -> Completion {
        let form = ActionForm.all.filter { text.hasPrefix($0.name + " ") }.max { $0.name.count < $1.name.count }
        guard let form else {
            let names = ActionForm.all.map { $0.name + ($0.takes.isEmpty ? "" : " ") }
            return Completion(candidates: names.filter { $0.hasPrefix(text) }, head: "", word: text)
        }
        let word = String(text.dropFirst(form.name.count + 1))
        let candidates = form.values.filter { $0.hasPrefix(word) }
        return Completion(candidates: candidates, head: form.name + " ", word: word)
    }

    /// Names of claims.
    static func claims(_ text: String) -> Completion {
        let (head, word) = split(text) { $0 != "," }
        let candidates = MaskClaim.names.filter { $0.hasPrefix(word) }
        return Completion(candidates: candidates, head: head, word: word)
    }

    /// Cuts off the longest end whose characters all fit.
    private static func split(_ text: String, _ fits: (Character) -> Bool) -> (head: String, word: String) {
        let word = text.reversed().prefix(while: fits).reversed()
        return (String(text.dropLast(word.count)), String(word))
    }
}

extension MethodDescription {
    /// Its parameters and lists as specs name them.
    fileprivate var parameterNames: [String] { parameters.map(\.name) + lists.map(\.name) }
}
