import RopewalkMethods
import RopewalkPhrases

/// A long-context test with its numbers: what is hidden in a text, and what is asked for.
///
/// Written as methods are: `niah-multikey-1:keys=4`.
package struct NeedleTask: Hashable, Sendable {
    package let kind: Kind
    /// Numbers that differ from the usual ones.
    private var given: [String: Int]
    /// What a reader hides; only of `own`.
    package let own: OwnNeedle?

    /// The tests. RULER's have the names of its configuration, with hyphens.
    package enum Kind: String, CaseIterable, Sendable {
        case passkey
        case magicNumber = "magic-number"
        case needle
        case multiNeedle = "multi-needle"
        case benchSingle = "needlebench-single"
        case benchMulti = "needlebench-multi"
        case benchReasoning = "needlebench-reasoning"
        case ancestralTrace = "ancestral-trace"
        case single1 = "niah-single-1"
        case single2 = "niah-single-2"
        case single3 = "niah-single-3"
        case multiKey1 = "niah-multikey-1"
        case multiKey2 = "niah-multikey-2"
        case multiKey3 = "niah-multikey-3"
        case multiValue = "niah-multivalue"
        case multiQuery = "niah-multiquery"
        case variables = "vt"
        case commonWords = "cwe"
        case frequentWords = "fwe"
        case question1 = "qa-1"
        case question2 = "qa-2"
        case own
    }

    /// One number that a task takes.
    package struct Parameter: Equatable, Sendable {
        package let name: String
        package let usual: Int
        package let range: ClosedRange<Int>

        init(_ name: String, _ usual: Int, _ range: ClosedRange<Int>) {
            (self.name, self.usual, self.range) = (name, usual, range)
        }
    }

    package init(_ kind: Kind, own: OwnNeedle? = nil) {
        self.kind = kind
        given = [:]
        self.own = kind == .own ? own : nil
    }

    /// The tasks that a name stands for: itself, or `ruler` and `needlebench` for all of theirs.
    package static func tasks(parsing text: String) throws(NeedleError) -> [NeedleTask] {
        switch text {
        case "ruler": Kind.ruler.map { NeedleTask($0) }
        case "needlebench": Kind.needleBench.map { NeedleTask($0) }
        default: [try NeedleTask(parsing: text)]
        }
    }

    /// `name[:key=value[,key=value]...]`.
    package init(parsing text: String) throws(NeedleError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let kind = Kind(rawValue: parts[0]), kind != .own else {
            throw .unknownTask(parts[0], nearest: Self.nearest(to: parts[0]), known: Self.names)
        }
        self.init(kind)
        guard parts.count == 2 else { return }
        for pair in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            try set(sides[0], sides.count == 2 ? sides[1] : "")
        }
    }

    private mutating func set(_ name: String, _ text: String) throws(NeedleError) {
        guard let parameter = kind.parameters.first(where: { $0.name == name }) else {
            let names = kind.parameters.map(\.name).joined(separator: ", ")
            throw .parameter(
                task: kind.rawValue,
                problem: names.isEmpty
                    ? say("it takes no numbers")
                    : say("it has no \(name.prefix(40).debugDescription): it takes \(names)"))
        }
        guard let value = Int(text), parameter.range.contains(value) else {
            throw .parameter(
                task: kind.rawValue,
                problem: say(
                    "\(name) takes a whole number \(parameter.range.lowerBound) to \(parameter.range.upperBound)"))
        }
        given[name] = value == parameter.usual ? nil : value
    }

    /// Names that can be asked for.
    package static var names: [String] {
        Kind.allCases.filter { $0 != .own }.map(\.rawValue) + ["ruler", "needlebench"]
    }

    /// Names that are like a mistyped one, three at most, the likest first: those that it is a part of, and those with few other letters.
    private static func nearest(to name: String) -> [String] {
        let typed = Array(name.lowercased().unicodeScalars.prefix(64))
        guard !typed.isEmpty else { return [] }
        let ranked = names.map { known in
            let edits = editDistance(typed, Array(known.unicodeScalars))
            let isPart = typed.count > 2 && known.contains(name.lowercased())
            return (name: known, edits: isPart ? min(edits, 1) : edits)
        }
        return ranked.filter { $0.edits <= max(1, $0.name.count / 3) }.sorted {
            ($0.edits, $0.name.count, $0.name) < ($1.edits, $1.name.count, $1.name)
        }.prefix(3).map(\.name)
    }

    /// As it is parsed, with the numbers that are not the usual ones.
    package var spec: String {
        let numbers = kind.parameters.compactMap { parameter in
            given[parameter.name].map { "\(parameter.name)=\($0)" }
        }
        return numbers.isEmpty ? kind.rawValue : "\(kind.rawValue):\(numbers.joined(separator: ","))"
    }

    /// The number of that name, the usual one where none was given.
    func number(_ name: String) -> Int {
        given[name] ?? kind.parameters.first { $0.name == name }?.usual ?? 0
    }

    /// Whether the place of what is asked for can be chosen; lists have it everywhere.
    package var hasDepth: Bool { !kind.isSized }
}

/// A needle of a reader's own.
package struct OwnNeedle: Hashable, Sendable {
    package let needle: String
    package let question: String
    package let answer: String

    package init(needle: String, question: String, answer: String) {
        (self.needle, self.question, self.answer) = (needle, question, answer)
    }
}

extension NeedleTask.Kind {
    /// RULER's thirteen.
    package static let ruler: [Self] = [
        .single1, .single2, .single3, .multiKey1, .multiKey2, .multiKey3, .multiValue, .multiQuery, .variables,
        .commonWords, .frequentWords, .question1, .question2,
    ]
    /// NeedleBench's three, which its overall score is of.
    package static let needleBench: [Self] = [.benchSingle, .benchMulti, .benchReasoning]

    /// Whether it is a list that is made as long as the length allows, in place of a haystack with needles.
    var isSized: Bool { [.commonWords, .frequentWords, .ancestralTrace].contains(self) }

    /// What it takes, in the order of its spec.
    package var parameters: [NeedleTask.Parameter] {
        switch self {
        case .passkey: [.init("digits", 5, 1...32), .init("intro", 1, 0...1)]
        case .magicNumber: [.init("keys", 2, 1...16), .init("digits", 5, 1...32)]
        case .multiNeedle, .benchMulti: [.init("needles", 3, 2...16)]
        case .benchReasoning: [.init("steps", 3, 2...16)]
        case .ancestralTrace: [.init("steps", 0, 0...512)]
        case .multiKey1: [.init("keys", 4, 2...16)]
        case .multiValue: [.init("values", 4, 2...16)]
        case .multiQuery: [.init("queries", 4, 2...16)]
        case .variables: [.init("chains", 1, 1...8), .init("hops", 4, 1...16)]
        case .commonWords: [.init("common", 10, 2...20), .init("times", 30, 2...100), .init("rare", 3, 1...50)]
        case .frequentWords: [.init("top", 3, 1...8), .init("alpha", 20, 11...40)]
        case .needle, .benchSingle, .single1, .single2, .single3, .multiKey2, .multiKey3, .question1, .question2, .own:
            []
        }
    }

    /// What it is, in one line.
    package var meaning: String {
        switch self {
        case .passkey: say("a number, stated in one line twice over")
        case .magicNumber: say("a number for each of several cities, one of them asked for")
        case .needle: say("one made-up sentence between two sentences of the text; two words of it are asked for")
        case .multiNeedle: say("several such sentences, spread from the depth on; all are asked for")
        case .benchSingle: say("NeedleBench: one fact")
        case .benchMulti: say("NeedleBench: several facts, all asked for")
        case .benchReasoning: say("NeedleBench: a line of ancestors in several places; the eldest is asked for")
        case .ancestralTrace: say("NeedleBench: nothing but a line of ancestors, 2, 4, 8 ... of them, in any order")
        case .single1: say("RULER: a number for a word, among five sentences again and again")
        case .single2: say("RULER: a number for a word, in the text")
        case .single3: say("RULER: a UUID for a word, in the text")
        case .multiKey1: say("RULER: numbers for several words, one of them asked for")
        case .multiKey2: say("RULER: the same in a text of nothing but such numbers")
        case .multiKey3: say("RULER: a UUID for a UUID, in a text of nothing else")
        case .multiValue: say("RULER: several numbers for one word, all asked for")
        case .multiQuery: say("RULER: numbers for several words, all asked for")
        case .variables: say("RULER: names that are given the same number over several steps")
        case .commonWords: say("RULER: the words that a long list has most often")
        case .frequentWords: say("RULER: the most frequent of made-up words (Zipf)")
        case .question1: say("RULER: a question about one of many short notes (made up, in place of SQuAD)")
        case .question2: say("RULER: a question that takes two of the notes (made up, in place of HotpotQA)")
        case .own: say("a needle of one's own")
        }
    }

    /// Whether one of several answers is enough, as RULER counts questions.
    var takesAny: Bool { self == .question1 || self == .question2 }
}
