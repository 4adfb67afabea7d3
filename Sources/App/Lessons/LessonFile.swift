import RopewalkPhrases

/// Reads a lesson from its file (docs/LESSONS.md): lines of `name: value`, and `step:` before every step.
struct LessonFile {
    private struct Entry {
        let line: Int
        let name: String
        var value: String

        /// What stands between a line and one that goes on: Chinese has no blanks between words.
        var joint: String { name.hasSuffix(".zh") ? "" : " " }
    }

    private let file: String
    private let entries: [Entry]

    /// Nobody writes longer ones.
    private static let mostSteps = 200

    init(_ text: String, file: String) throws(AppError) {
        self.file = file
        guard text.utf8.count <= Lesson.mostBytes else {
            throw .lesson(file: file, line: 1, problem: say("a lesson has at most \(Lesson.mostBytes.grouped) bytes"))
        }
        var entries: [Entry] = []
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(raw)
            if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
            if line.first?.isWhitespace == true {
                guard let last = entries.indices.last else {
                    throw .lesson(
                        file: file, line: index + 1,
                        problem: say("nothing stands before this line that it could go on with")
                    )
                }
                entries[last].value += entries[last].joint + line.trimmed
                continue
            }
            guard let colon = line.firstIndex(of: ":") else {
                throw .lesson(
                    file: file, line: index + 1,
                    problem:
                        say(
                            "'\(line.prefix(40))' is no line of a lesson: write NAME: VALUE, or begin it with a blank to go on"
                        )
                )
            }
            entries.append(
                Entry(
                    line: index + 1, name: String(line[..<colon]).trimmed,
                    value: String(line[line.index(after: colon)...]).trimmed))
        }
        self.entries = entries
    }

    func lesson() throws(AppError) -> Lesson {
        let starts = entries.indices.filter { entries[$0].name == "step" }
        guard let first = starts.first else {
            throw .lesson(file: file, line: max(1, entries.last?.line ?? 1), problem: say("it has no step: add step:"))
        }
        guard starts.count <= Self.mostSteps else {
            throw problem(entries[starts[Self.mostSteps]], say("a lesson has at most \(Self.mostSteps) steps"))
        }
        let head = Array(entries[..<first])
        try check(head, known: Self.headNames)
        guard let title = try text("title", in: head) else {
            throw .lesson(file: file, line: 1, problem: say("it has no title: add title: before the first step"))
        }
        if let both = head.last(where: { $0.name == "sentence" }), value("text", in: head) != nil {
            throw problem(both, say("text and sentence are both given: leave one out"))
        }
        var steps: [Lesson.Step] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : entries.count
            steps.append(try step(Array(entries[start + 1..<end]), at: entries[start]))
        }
        return Lesson(
            title: title, text: value("text", in: head), sentence: value("sentence", in: head),
            model: value("model", in: head), beside: value("beside", in: head), tokens: try tokens(head),
            methods: head.filter { $0.name == "method" }.map(\.value),
            methodLine: head.first { $0.name == "method" }?.line, preset: try preset(head), steps: steps)
    }

    private static let headNames: Set<String> = [
        "title", "title.zh", "text", "sentence", "model", "beside", "tokens", "method", "preset",
    ]
    private static let stepNames: Set<String> = [
        "do", "say", "say.zh", "ask", "ask.zh", "answer", "answer.zh", "look", "expect",
    ]
    /// What may stand several times.
    private static let repeated: Set<String> = ["method", "do", "expect"]

    private func check(_ entries: [Entry], known: Set<String>) throws(AppError) {
        var seen: Set<String> = []
        for entry in entries {
            guard known.contains(entry.name) else {
                throw problem(
                    entry,
                    say(
                        "'\(entry.name.prefix(30))' is not known here: it takes \(known.sorted().joined(separator: ", "))"
                    ))
            }
            guard !entry.value.isEmpty else { throw problem(entry, say("\(entry.name): has no value")) }
            guard seen.insert(entry.name).inserted || Self.repeated.contains(entry.name) else {
                throw problem(entry, say("\(entry.name): stands here twice"))
            }
        }
    }

    private func problem(_ entry: Entry, _ text: String) -> AppError {
        .lesson(file: file, line: entry.line, problem: text)
    }

    private func value(_ name: String, in entries: [Entry]) -> String? { entries.first { $0.name == name }?.value }

    /// A text with its translation; nil where there is none.
    private func text(_ name: String, in entries: [Entry]) throws(AppError) -> LessonText? {
        guard let english = value(name, in: entries) else {
            guard let other = entries.first(where: { $0.name == name + ".zh" }) else { return nil }
            throw problem(other, say("\(name).zh: has no \(name): beside it, which every language falls back to"))
        }
        return LessonText(english: english, chinese: value(name + ".zh", in: entries))
    }

    private func tokens(_ entries: [Entry]) throws(AppError) -> Int? {
        guard let entry = entries.first(where: { $0.name == "tokens" }) else { return nil }
        guard let count = Int(entry.value), (1...4_194_304).contains(count) else {
            throw problem(entry, say("tokens: takes a whole number from 1 on"))
        }
        return count
    }

    private func preset(_ entries: [Entry]) throws(AppError) -> Preset {
        guard let entry = entries.first(where: { $0.name == "preset" }) else { return .explore }
        guard let preset = Preset(rawValue: entry.value) else {
            throw problem(entry, say("preset: takes \(Preset.allCases.map(\.rawValue).joined(separator: ", "))"))
        }
        return preset
    }

    private func step(_ entries: [Entry], at start: Entry) throws(AppError) -> Lesson.Step {
        try check(entries, known: Self.stepNames)
        guard let caption = try text("say", in: entries) else {
            throw problem(start, say("the step says nothing: add say:"))
        }
        let (question, answer) = (try text("ask", in: entries), try text("answer", in: entries))
        guard (question == nil) == (answer == nil) else {
            throw problem(
                start,
                question == nil
                    ? say("the step has an answer: and no ask:") : say("the step has an ask: and no answer:"))
        }
        let (actions, lines) = try actions(entries)
        return Lesson.Step(
            line: start.line, actions: actions, actionLines: lines, caption: caption, question: question,
            answer: answer, look: try look(entries), claims: try claims(entries))
    }

    /// With the line of each.
    private func actions(_ entries: [Entry]) throws(AppError) -> ([ActionScript.Step], lines: [Int]) {
        var steps: [ActionScript.Step] = []
        var lines: [Int] = []
        for entry in entries where entry.name == "do" {
            do throws(AppError) { steps += try ActionScript(parsing: entry.value).steps } catch {
                throw problem(entry, error.description)
            }
            lines += Array(repeating: entry.line, count: steps.count - lines.count)
            for case .action(let action) in steps where !action.isForLessons {
                throw problem(
                    entry,
                    say("'\(action.text.prefix(40))' is no action for a lesson: it only looks, and leaves files alone"))
            }
        }
        return (steps, lines)
    }

    private func look(_ entries: [Entry]) throws(AppError) -> [Panel] {
        guard let entry = entries.first(where: { $0.name == "look" }) else { return [] }
        var panels: [Panel] = []
        for word in entry.value.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let panel = Panel.allCases.first(where: { "\($0)" == word }) else {
                throw problem(
                    entry, say("look: takes panels: \(Panel.allCases.map { "\($0)" }.joined(separator: ", "))"))
            }
            panels.append(panel)
        }
        return panels
    }

    private func claims(_ entries: [Entry]) throws(AppError) -> [LessonClaim] {
        var claims: [LessonClaim] = []
        for entry in entries where entry.name == "expect" {
            guard let kind = LessonClaim.Kind(parsing: entry.value) else { throw problem(entry, LessonClaim.form) }
            claims.append(LessonClaim(line: entry.line, text: entry.value, kind: kind))
        }
        return claims
    }
}

extension Lesson {
    /// Nobody writes a longer file.
    package static let mostBytes = 1 << 20

    /// - Parameter file: as errors name it
    package init(parsing text: String, file: String) throws(AppError) {
        self = try LessonFile(text, file: file).lesson()
    }
}

extension LessonClaim {
    static var form: String {
        say(
            """
            expect: takes 'screen WORDS', 'no screen WORDS', or a number: 'THING COLUMN TOKEN = 0.91 ± 0.01' \
            (< and > too; THING: row, column, losses, answers, steps; TOKEN: 4 or 512-599)
            """)
    }
}

extension LessonClaim.Kind {
    /// Nil where it is no claim.
    init?(parsing text: String) {
        if text.hasPrefix("screen ") {
            self = .screen(String(text.dropFirst(7)).trimmed, isThere: true)
        } else if text.hasPrefix("no screen ") {
            self = .screen(String(text.dropFirst(10)).trimmed, isThere: false)
        } else {
            let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 5, let thing = KeptThing(rawValue: words[0]), let tokens = Self.tokens(words[2]),
                let claim = LessonClaim.NumberClaim(Array(words[3...]))
            else { return nil }
            self = .number(thing, column: words[1], tokens: tokens, claim)
        }
    }

    private static func tokens(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, first >= -1, first <= last
        else { return nil }
        return first...last
    }
}

extension LessonClaim.NumberClaim {
    fileprivate init?(_ words: [String]) {
        guard let value = Double(words[1]), value.isFinite else { return nil }
        switch (words[0], words.count) {
        case ("<", 2): self = .below(value)
        case (">", 2): self = .above(value)
        case ("=", 4):
            guard ["±", "+-"].contains(words[2]), let tolerance = Double(words[3]), tolerance >= 0 else { return nil }
            self = .about(value, tolerance: tolerance)
        default: return nil
        }
    }
}

extension Action {
    /// Whether a lesson may ask for it: it changes what is shown, and no file, no model and no text.
    var isForLessons: Bool {
        switch self {
        case .move, .search, .places, .focus, .spans, .appearance, .panels, .map, .heads, .ask, .word, .io, .experts,
            .catalogue, .methods,
            .menu,
            .masks,
            .positions, .losses, .passages, .longTexts:
            true
        case .needles(let action): action != .open
        case .benchmarks(let action):
            switch action {
            case .turn, .move, .choose: true
            case .file, .open: false
            }
        case .second(.text), .second(.keep), .reading(.chapter), .program(.close): true
        case .models, .second, .reading, .edit, .generate, .session, .kept, .finder, .program, .lesson: false
        }
    }
}
