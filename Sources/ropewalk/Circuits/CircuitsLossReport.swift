import Foundation
import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// What needle tests lose without heads, as `ropewalk circuits --ablate` prints it.
struct CircuitsLossReport {
    /// Nothing is left out of the first.
    let results: [HeadLosses.Result]
    /// By which the heads were found, and others, of the tests.
    let seeds: [Int]
    let testSeeds: [Int]
    let measure: HeadMeasure

    private typealias Result = HeadLosses.Result

    // MARK: For people

    /// A line for the whole model, and for every count one of the strongest heads and one of all draws of others.
    var text: String {
        guard let whole = results.first else { return "" }
        var rows = [cells(say("nothing"), [whole], heads: "")]
        for group in groups {
            let count = group[0].set.heads.count
            if case .random = group[0].set.choice {
                let draws = group.count
                rows.append(
                    cells(
                        say("\(count) at random, \(draws) \(draws, one: "draw", many: "draws")"), group,
                        heads: say("none of the strongest")))
            } else {
                rows.append(cells(say("\(count) strongest"), group, heads: Self.names(group[0].set)))
            }
        }
        let header = [
            say("left out"), say("found"), say("change"), say("loss"), say("change"), say("text"), say("change"),
            say("heads"),
        ]
        let table = AlignedTable(
            header: header, rows: rows, sides: [.left, .right, .right, .right, .right, .right, .right, .left])
        return table.text + Printable.lines(notes(whole))
    }

    private func notes(_ whole: HeadLosses.Result) -> String {
        let prompts = whole.prompts
        var text =
            "\n"
            + say(
                """
                found: answers found, per cent of \(prompts.grouped) \(prompts, one: "prompt", many: "prompts") (seeds \(Self.list(testSeeds))); loss: of the answers, nats a \
                token; text: mean loss of the text, nats; changes with their spread over seeds and draws. Strongest by \
                \(measure.rawValue) on seeds \(Self.list(seeds))\n
                """)
        if let problem = results.lazy.compactMap(\.problem).first {
            text += say("– not read: \(Printable.text(problem))") + "\n"
        }
        return text
    }

    /// Sets of one count and kind, in their order: all draws together.
    private var groups: [[HeadLosses.Result]] {
        var groups: [[HeadLosses.Result]] = []
        for result in results.dropFirst() {
            if case .random = result.set.choice, case .random? = groups.last?[0].set.choice,
                groups.last?[0].set.heads.count == result.set.heads.count
            {
                groups[groups.count - 1].append(result)
            } else {
                groups.append([result])
            }
        }
        return groups
    }

    private func cells(_ name: String, _ group: [HeadLosses.Result], heads: String) -> [String] {
        func mean(_ part: KeyPath<Result, [Double]>, _ format: String) -> String {
            let value = Result.mean(group.flatMap { $0[keyPath: part] })
            return value.isFinite ? String(format: format, value) : "—"
        }
        func change(_ part: KeyPath<Result, [Double]>, _ format: String) -> String {
            guard let whole = results.first, group.first?.set.choice != HeadSet.Choice.none else { return "" }
            let changes = group.flatMap { Result.changes($0[keyPath: part], from: whole[keyPath: part]) }
            let (mean, spread) = (Result.mean(changes), Result.spread(changes))
            guard mean.isFinite else { return "—" }
            let sign = mean > 0 ? "+" : ""
            return sign + String(format: format, mean) + (spread.isFinite ? " ±" + String(format: format, spread) : "")
        }
        return [
            name, mean(\.found, "%.0f"), change(\.found, "%.0f"), mean(\.loss, "%.2f"), change(\.loss, "%.2f"),
            mean(\.textLoss, "%.3f"), change(\.textLoss, "%.3f"), heads,
        ]
    }

    private static func names(_ set: HeadSet) -> String {
        set.heads.prefix(mostNamed).map(\.name).joined(separator: " ") + (set.heads.count > mostNamed ? " ..." : "")
    }

    private static let mostNamed = 16

    /// "0–4", "3, 5, 7".
    private static func list(_ seeds: [Int]) -> String {
        guard let first = seeds.first, let last = seeds.last else { return "" }
        if seeds.count > 2, seeds == Array(first...max(first, last)) { return "\(first)–\(last)" }
        return seeds.prefix(8).map { String($0) }.joined(separator: ", ") + (seeds.count > 8 ? " ..." : "")
    }

    // MARK: For programs

    /// A line a set of heads.
    var table: AnswerTable {
        func numbers(_ value: (HeadLosses.Result) -> Double) -> AnswerTable.Column.Values {
            .numbers(results.map { Float(value($0)) })
        }
        func changes(_ part: KeyPath<Result, [Double]>, _ summary: ([Double]) -> Double) -> AnswerTable.Column.Values {
            numbers { result in
                guard let whole = results.first, result.set.choice != HeadSet.Choice.none else { return .nan }
                return summary(Result.changes(result[keyPath: part], from: whole[keyPath: part]))
            }
        }
        var columns: [AnswerTable.Column] = [
            .init("left_out", .words(results.map { Self.word($0.set.choice) })),
            .init("count", .integers(results.map(\.set.heads.count))),
            .init("draw", .integers(results.map { if case .random(let draw) = $0.set.choice { draw } else { -1 } })),
            .init(
                "heads", .words(results.map { $0.set.heads.map { "\($0.layer).\($0.head)" }.joined(separator: " ") })),
            .init("method", .words(results.map { $0.specs.joined(separator: " ") })),
            .init("prompts", .integers(results.map(\.prompts))),
        ]
        let parts: [(String, KeyPath<Result, [Double]>)] = [
            ("found", \.found), ("score", \.score), ("loss", \.loss), ("text_loss", \.textLoss),
        ]
        for (name, part) in parts {
            columns.append(.init(name, numbers { Result.mean($0[keyPath: part]) }))
            columns.append(.init(name + "_change", changes(part, Result.mean)))
            columns.append(.init(name + "_spread", changes(part, Result.spread)))
        }
        columns.append(.init("problem", .words(results.map { $0.problem ?? "" })))
        return AnswerTable(columns)
    }

    private static func word(_ choice: HeadSet.Choice) -> String {
        switch choice {
        case .none: "nothing"
        case .strongest: "strongest"
        case .random: "random"
        }
    }
}
