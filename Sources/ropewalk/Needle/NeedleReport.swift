import Foundation
import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What came of all prompts, as maps for people and as a table for programs.
struct NeedleReport {
    let run: NeedleRun
    let outcomes: [NeedleCell: NeedleOutcome]
    let measure: NeedleMeasure

    /// Task by task, and of each the methods in their order.
    var maps: [(map: NeedleMap, title: String)] {
        run.plan.tasks.flatMap { task in
            run.plan.methods.map { method in
                let title = (try? Scenario(line: method, loader: MaskFile.loader))?.shortLine ?? method
                return (NeedleMap(task, method: method, plan: run.plan) { outcomes[$0] }, title)
            }
        }
    }

    // MARK: For people

    func write() throws(ExportError) {
        let depth = ColoursOfOutput.depth
        let look = Look(depth: depth)
        let maps = maps
        let views = maps.map { NeedleMapView($0.map, measure: measure, title: $0.title, look: look) }
        let width = min(400, views.map(\.width).max() ?? 80)
        var text = ""
        for view in views {
            var grid = Grid(size: Size(width: width, height: view.height))
            view.draw(in: grid.bounds, on: &grid)
            text += (depth == .none ? PlainText.text(grid) : AnsiText.text(grid, depth: depth)) + "\n"
        }
        // What is coloured has been through a grid, which shows no control character; the notes have names of files.
        text += Printable.lines(notes(maps))
        if depth == .none { try StandardOutput.write(text) } else { try StandardOutput.write(escapes: text) }
    }

    private func notes(_ maps: [(map: NeedleMap, title: String)]) -> String {
        let seeds = run.plan.seeds
        let name = Printable.text(run.haystack.name)
        var lines = [
            say(
                "\(measure.meaning); \(seeds.count) \(seeds.count, one: "seed", many: "seeds") (\(Self.list(seeds))) a place, in \(name)"
            )
        ]
        let tallies = maps.flatMap { $0.map.tallies.joined() }
        if measure == .choice, let chance = tallies.lazy.compactMap(\.chance).first {
            lines.append(say("by chance: \(Figures.fixed(chance, 0)) %"))
        }
        if let bench = bench(maps) { lines.append(bench) }
        var seen: Set<String> = []
        for problem in tallies.compactMap(\.problem) where seen.insert(problem).inserted && seen.count <= 8 {
            lines.append(say("– not read: \(Printable.text(problem))"))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// NeedleBench's overall scores, where its three tasks are all there.
    private func bench(_ maps: [(map: NeedleMap, title: String)]) -> String? {
        let parts = run.plan.methods.compactMap { method -> String? in
            let means = NeedleTask.Kind.needleBench.map { kind in
                maps.first { $0.map.method == method && $0.map.task.kind == kind }?.map.mean(.score)
            }
            guard let single = means[0] ?? nil, let multi = means[1] ?? nil, let reasoning = means[2] ?? nil else {
                return nil
            }
            let scores = [1, 2].map {
                AnswerScore.needleBenchOverall(single: single, multi: multi, reasoning: reasoning, version: $0)
            }
            return "\(method) \(Figures.fixed(scores[0], 1)) / \(Figures.fixed(scores[1], 1))"
        }
        return parts.isEmpty
            ? nil : say("NeedleBench overall (.4 .3 .3 / equal thirds): \(parts.joined(separator: "; "))")
    }

    /// "0–2", "3, 5, 7".
    private static func list(_ seeds: [Int]) -> String {
        guard let first = seeds.first, let last = seeds.last else { return "" }
        if seeds.count > 2, seeds == Array(first...max(first, last)) { return "\(first)–\(last)" }
        return seeds.prefix(8).map { String($0) }.joined(separator: ", ") + (seeds.count > 8 ? " ..." : "")
    }

    var figures: [Figure] {
        let look = Look(depth: .direct, ground: .light)
        let maps = maps
        let window = run.model.shape.trainedWindow
        let figures = [
            NeedleMapsFigure(maps, measure: measure, seeds: run.plan.seeds.count, look: look).figure,
            NeedleReachFigure(maps, measure: measure, window: window, look: look).figure,
        ]
        return figures.compactMap { figure in
            var figure = figure
            figure?.facts = [run.haystack.name, run.model.name, say("exact runs")]
            return figure
        }
    }

    // MARK: For programs

    /// A line a prompt, in the order of the plan.
    var table: AnswerTable {
        let rows = run.plan.cells.compactMap { cell in outcomes[cell.cell].map { (cell.cell, $0) } }
        func result<Value>(_ value: (NeedleResult) -> Value, _ missing: Value) -> [Value] {
            rows.map { if case .read(let result) = $0.1 { value(result) } else { missing } }
        }
        func numbers(_ value: (NeedleResult) -> Double?) -> AnswerTable.Column.Values {
            .numbers(result({ Float(value($0) ?? .nan) }, .nan))
        }
        return AnswerTable([
            .init("task", .words(rows.map(\.0.task))), .init("method", .words(rows.map(\.0.method))),
            .init("length", .integers(rows.map(\.0.place.length))),
            .init("depth", .integers(rows.map(\.0.place.depth))), .init("seed", .integers(rows.map(\.0.place.seed))),
            .init("tokens", .integers(result({ $0.tokens }, 0))), .init("true_depth", numbers { $0.depth }),
            .init("found", numbers { $0.isFound ? 1 : 0 }), .init("share", numbers { $0.share }),
            .init("ended", numbers { $0.isEnded ? 1 : 0 }), .init("loss", numbers { $0.loss }),
            .init("answer_tokens", .integers(result({ $0.answerTokens }, 0))),
            .init("rank", .integers(result({ $0.rank }, 0))),
            .init("choice_rank", .integers(result({ $0.choice?.rank ?? 0 }, 0))),
            .init("choices", .integers(result({ $0.choice?.count ?? 0 }, 0))),
            .init("mass_layer", .integers(result({ $0.strongest?.layer ?? -1 }, -1))),
            .init("mass_head", .integers(result({ $0.strongest?.head ?? -1 }, -1))),
            .init("mass", numbers { $0.strongest.map { Double($0.mass) } }), .init("seen", numbers { $0.meanSeen }),
            .init("reading", .words(result({ $0.reading }, ""))),
            .init("problem", .words(rows.map { if case .failed(let why) = $0.1 { why } else { "" } })),
        ])
    }
}
