import RopewalkCellGrid
import RopewalkEvaluation
import RopewalkExport
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// One prompt with its needles lit, and what every head gives them under each method.
struct NeedleShow {
    let run: NeedleRun
    let place: NeedlePrompt.Place

    func write() throws {
        let depth = ColoursOfOutput.depth
        var text = ""
        for task in run.plan.tasks {
            let prompt = try run.prompt(task, place)
            text +=
                say("\(task.spec), \(prompt.ids.count.grouped) tokens, depth \(place.depth) %, seed \(place.seed)")
                + "\n\n"
            text += lit(prompt, depth) + "\n\n"
            for method in run.plan.methods {
                var reader = NeedleReader(
                    model: run.model, scenario: try scenario(method), threads: run.threads)
                reader.isCancelled = run.isCancelled
                text += Printable.lines(Self.report(try reader.result(of: prompt), method)) + "\n"
            }
        }
        if depth == .none { try StandardOutput.write(text) } else { try StandardOutput.write(escapes: text) }
    }

    private func scenario(_ line: String) throws(MethodError) -> Scenario {
        try Scenario(line: line, position: run.model.defaultScenario.position, loader: MaskFile.loader)
    }

    /// The text with the needles in reverse, other needles underlined, and the answer in bold; between marks without colours.
    private func lit(_ prompt: NeedlePrompt, _ depth: ColourDepth) -> String {
        var text = ""
        var token = 0
        for (range, sign) in spans(prompt) {
            text += plain(prompt.ids[token..<range.lowerBound])
            let words = plain(prompt.ids[range])
            switch (depth, sign) {
            case (.none, .asked): text += "⟦\(words)⟧"
            case (.none, .other): text += "⟨\(words)⟩"
            case (.none, .answer): text += "⟪\(words)⟫"
            case (_, .asked): text += "\u{1B}[7m\(words)\u{1B}[0m"
            case (_, .other): text += "\u{1B}[4m\(words)\u{1B}[0m"
            case (_, .answer): text += "\u{1B}[1;7m\(words)\u{1B}[0m"
            }
            token = range.upperBound
        }
        return text + plain(prompt.ids[token...])
    }

    private enum Sign { case asked, other, answer }

    /// In order and apart.
    private func spans(_ prompt: NeedlePrompt) -> [(Range<Int>, Sign)] {
        var spans: [(Range<Int>, Sign)] = prompt.needles.map { ($0.tokens, $0.isAsked ? .asked : .other) }
        spans.append((prompt.answer, .answer))
        spans.sort { $0.0.lowerBound < $1.0.lowerBound }
        var apart: [(Range<Int>, Sign)] = []
        for span in spans where span.0.lowerBound >= apart.last?.0.upperBound ?? 0 { apart.append(span) }
        return apart
    }

    /// Nothing of it speaks to the terminal.
    private func plain(_ ids: ArraySlice<Int32>) -> String {
        let tokenizer = run.haystack.tokenizer
        let bytes = ids.filter { !tokenizer.isSpecial(Int($0)) }.flatMap { tokenizer.bytes(of: Int($0)) }
        return Printable.lines(String(decoding: bytes, as: UTF8.self))
    }

    private static func report(_ result: NeedleResult, _ method: String) -> String {
        let verdict =
            result.isFound
            ? say("found")
            : say("not found: the most likely tokens are \(Printable.text(result.reading).debugDescription)")
        var lines = ["\(method): \(verdict)"]
        lines.append(
            say(
                "loss \(Figures.fixed(result.loss, 3)) nats over \(result.answerTokens) tokens, worst rank \(result.rank.grouped)"
            )
                + (result.choice.map { say("; rank \($0.rank) of \($0.count) answers") } ?? ""))
        guard result.heads > 0, !result.mass.isEmpty else { return lines.map { $0 + "\n" }.joined() }
        lines.append(say("attention on the needle from the token before the answer, %; (n): only n % of it is seen"))
        let rows = stride(from: 0, to: result.mass.count, by: result.heads).map { first in
            ["L\(first / result.heads)"]
                + (first..<first + result.heads).map { head in
                    let mass = NeedleMeasure.mass.text(
                        result.mass[head].isFinite ? 100 * Double(result.mass[head]) : nil)
                    let seen = result.seen.indices.contains(head) ? result.seen[head] : .nan
                    return seen < 1 ? "\(mass) (\(Int((100 * seen).rounded())))" : mass
                }
        }
        let table = AlignedTable(
            header: [""] + (0..<result.heads).map { "H\($0)" }, rows: rows,
            sides: Array(repeating: .right, count: result.heads + 1))
        return lines.map { $0 + "\n" }.joined() + table.text
    }
}
