import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension WordView {
    /// What becomes of the head's output, line by line.
    func drawFacts(in rect: Rect, on grid: inout Grid) {
        guard rect.height > 0 else { return }
        var y = rect.y
        for (name, value) in facts {
            guard y < rect.maxY else { return }
            // The number stands in the last line of what it is.
            let lines = Sentence.wrapped(name, width: max(1, rect.width - CellWidth.of(value) - 4))
            for line in lines.prefix(rect.maxY - y) {
                grid.write(line, x: rect.x + 1, y: y, style: look.theme.dim, in: rect)
                y += 1
            }
            grid.writeRight(
                value, endX: rect.maxX - 1, y: y - 1, width: rect.width / 3, style: look.theme.text, in: rect)
        }
        if step == .next, let expected { y = draw(expected, y: y, in: rect, on: &grid) }
        guard let missing, y < rect.maxY else { return }
        for line in Sentence.wrapped(missing, width: max(1, rect.width - 2)) where y < rect.maxY {
            grid.write(line, x: rect.x + 1, y: y, style: look.theme.dim, in: rect)
            y += 1
        }
    }

    private var facts: [(name: String, value: String)] {
        func length(_ value: Float) -> String { Figures.fixed(Double(value), 3) }
        guard let block else { return [] }
        var facts: [(name: String, value: String)] = []
        switch step {
        case .projection:
            facts = [
                (say("output of the head, length"), length(reading.outputLength)),
                (
                    block.isLeftOut
                        ? say("what is added (the scenario leaves the head out), length") : say("W_O · output, length"),
                    length(block.projected)
                ),
            ]
            if let all = block.allHeads { facts.append((say("all heads of the layer together, length"), length(all))) }
            if let share = block.share {
                facts.append((say("of which this head is"), Figures.signed(Double(share) * 100, 1) + " %"))
            }
        case .block:
            guard let before = block.before, let after = block.after else { return [] }
            facts = [(say("before: the state that comes into the layer"), length(before))]
            facts.append((say("all heads by W_O: what attention adds"), length(block.allHeads ?? 0)))
            if let attended = block.attended {
                facts.append((say("state after attention"), length(attended)))
                facts.append((say("after: the state that goes on, with feed-forward"), length(after)))
            } else {
                facts.append((say("after: the state that goes on, with attention and feed-forward"), length(after)))
            }
        case .scores, .mask, .exponential, .weight, .value, .output, .next: break
        }
        return facts
    }

    /// Side by side: before the layer, and after it.
    private func draw(_ expected: Expected, y: Int, in rect: Rect, on grid: inout Grid) -> Int {
        let width = max(1, (rect.width - 3) / 2)
        let second = rect.x + 2 + width
        guard y < rect.maxY else { return y }
        grid.writeTruncated(say("before"), x: rect.x + 1, y: y, width: width, style: look.theme.title, in: rect)
        grid.writeTruncated(say("after"), x: second, y: y, width: width, style: look.theme.title, in: rect)
        let count = max(expected.before.count, expected.after.count)
        for row in 0..<min(count, rect.maxY - y - 1) {
            for (x, list) in [(rect.x + 1, expected.before), (second, expected.after)] where list.indices.contains(row)
            {
                grid.writeTruncated(list[row], x: x, y: y + 1 + row, width: width - 1, style: look.theme.text, in: rect)
            }
        }
        return y + 1 + count
    }
}
