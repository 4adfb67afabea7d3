import Foundation
import RopewalkMethods
import RopewalkPhrases
import RopewalkScoring

/// Scores by task and by group, with what they rest on.
struct EvaluateReport: Encodable {
    private let outcome: Evaluation.Outcome
    private let hasOwnPrompts: Bool

    init(_ outcome: Evaluation.Outcome, hasOwnPrompts: Bool) {
        (self.outcome, self.hasOwnPrompts) = (outcome, hasOwnPrompts)
    }

    // MARK: Text

    var text: String {
        guard !outcome.summary.rows.isEmpty else { return say("no answer got a score\n") + remarks }
        let hasLengths = outcome.summary.rows.contains { $0.byLength.contains { $0 != nil } }
        let hasParts = outcome.summary.rows.contains { !$0.parts.isEmpty }
        var header = [say("task"), say("metric"), say("questions"), say("score")]
        if hasLengths { header += ["0-4k", "4-8k", "8k+"] }
        if hasParts { header += ["ROUGE-1", "ROUGE-2", "ROUGE-L"] }
        let rows = outcome.summary.rows.map { row in
            var cells = [row.task, row.metric, row.questions.grouped, Self.percent(row.score)]
            if hasLengths { cells += row.byLength.map(Self.percent) }
            if hasParts { cells += (0..<3).map { Self.percent(row.parts.indices.contains($0) ? row.parts[$0] : nil) } }
            return cells
        }
        let sides: [AlignedTable.Side] = [.left, .left] + Array(repeating: .right, count: header.count - 2)
        var text = AlignedTable(header: header, rows: rows, sides: sides).text
        if !outcome.summary.groups.isEmpty {
            text +=
                "\n"
                + AlignedTable(
                    header: [say("group"), say("questions"), say("score")],
                    rows: outcome.summary.groups.map { [$0.name.said, $0.count.grouped, Self.percent($0.score)] },
                    sides: [.left, .right, .right]
                ).text
        }
        return text + "\n" + remarks
    }

    private static func percent(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "—" }

    /// What is to be known of the scores.
    private var remarks: String {
        var lines: [String] = []
        if outcome.chosen > 0 {
            let chance = String(format: "%.1f", 100 * outcome.chance)
            lines.append(
                say(
                    "\(outcome.chosen.grouped) \(outcome.chosen, one: "answer was", many: "answers were") chosen among candidates by likelihood: chance is \(chance) %"
                ))
        }
        for (reason, count) in outcome.summary.unscored { lines.append("\(count.grouped) x \(reason)") }
        if outcome.cut > 0 {
            lines.append(
                say(
                    "\(outcome.cut.grouped) \(outcome.cut, one: "prompt was", many: "prompts were") longer than the budget and cut"
                ))
        }
        if outcome.cutQuestions > 0 {
            lines.append(
                say(
                    "\(outcome.cutQuestions.grouped) \(outcome.cutQuestions, one: "question is", many: "questions are") longer than the budget: of them too only a part was read"
                ))
        }
        if outcome.cutsByCharacters {
            lines.append(
                say("Chinese was cut by characters, not as published: --dictionary takes the folder of jieba"))
        }
        if hasOwnPrompts {
            lines.append(say("prompts are our own words: these are not the scores of published tables (--prompts)"))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: JSON

    private enum Keys: String, CodingKey {
        case tasks, groups, unscored, chosen, chance, cutPrompts, cutQuestions, brokenLines, words, ownPrompts
    }

    private struct Task: Encodable {
        let benchmark: String
        let task: String
        let metric: String
        let questions: Int
        let score: Double
        let byLength: [Double?]
        let parts: [Double]
    }

    private struct Group: Encodable {
        let name: String
        let questions: Int
        let score: Double
    }

    private struct Unscored: Encodable {
        let reason: String
        let questions: Int
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Keys.self)
        let tasks = outcome.summary.rows.map {
            Task(
                benchmark: $0.benchmark.rawValue, task: $0.task, metric: $0.metric, questions: $0.questions,
                score: $0.score, byLength: $0.byLength, parts: $0.parts)
        }
        try object.encode(tasks, forKey: .tasks)
        try object.encode(
            outcome.summary.groups.map { Group(name: $0.name, questions: $0.count, score: $0.score) }, forKey: .groups)
        try object.encode(
            outcome.summary.unscored.map { Unscored(reason: $0.reason, questions: $0.count) }, forKey: .unscored)
        try object.encode(outcome.chosen, forKey: .chosen)
        try object.encode(outcome.chosen > 0 ? outcome.chance : nil, forKey: .chance)
        try object.encode(outcome.cut, forKey: .cutPrompts)
        try object.encode(outcome.cutQuestions, forKey: .cutQuestions)
        try object.encode(outcome.problems.count, forKey: .brokenLines)
        try object.encode(outcome.cutsByCharacters ? "characters" : "published", forKey: .words)
        try object.encode(hasOwnPrompts, forKey: .ownPrompts)
    }
}
