import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

@Suite struct WordViewTests {
    /// Softmax of scores that fall with the place, values of one length that alternate in direction.
    static func reading(
        keys: Int, others: Int = 0, sink: Float? = nil, softcap: Float? = nil, bias: Float? = nil, scale: Float = 0.5
    ) -> WordReading {
        let scores = (0..<keys).map { Float(4) - Float($0) / 2 }
        let seen = scores.indices.filter { $0 % 7 != 6 }
        let exponentials = scores.indices.map { seen.contains($0) ? expFloat(scores[$0] - 4) : 0 }
        let sinkPart = sink.map { expFloat($0 - 4) }
        let sum = exponentials.reduce(0, +) + (sinkPart ?? 0) + Float(others) * 0.01
        let additions = exponentials.enumerated().map { [$0.element / sum * ($0.offset % 2 == 0 ? 2 : -2), 0, 0, 0] }
        let output = additions.reduce([Float](repeating: 0, count: 4)) { zip($0, $1).map { $0 + $1 } }
        let square = output.reduce(0) { $0 + $1 * $1 }
        return WordReading(
            layer: 3, head: 7, query: keys - 1, scale: scale, dimension: 4, softcap: softcap, hasBias: bias != nil,
            keys: scores.indices.map { key in
                WordReading.Key(
                    token: key, scaled: scores[key] - (bias ?? 0),
                    capped: softcap.map { _ in scores[key] - (bias ?? 0) },
                    bias: bias, score: scores[key], rule: key % 7 == 6 ? .outside : .visible, isSeen: key % 7 != 6,
                    exponential: exponentials[key], weight: exponentials[key] / sum, valueLength: 2,
                    share: additions[key][0] * output[0] / square)
            },
            others: others == 0
                ? nil
                : WordReading.Rest(
                    count: others, exponential: Float(others) * 0.01, weight: Float(others) * 0.01 / sum, added: 0,
                    share: 0),
            sink: sink.map {
                WordReading.LearnedSink(score: $0, exponential: expFloat($0 - 4), weight: expFloat($0 - 4) / sum)
            },
            later: 3, highest: 4, sum: sum, output: output, basis: .exact, additions: additions)
    }

    static func view(
        _ reading: WordReading, _ step: WordStep, order: WordOrder = .weight, selected: Int = 0,
        depth: ColourDepth = .none
    ) -> WordView {
        WordView(
            reading: reading, step: step, order: order, selected: selected, query: "猫 3/3",
            name: { $0 == 0 ? "<|bos|>" : $0 % 3 == 1 ? "猫 1/3" : "␣word\($0)" }, kind: { $0 == 0 ? "special" : "" },
            why: "kept: 4 ≤ 4, not after the query",
            block: step.isOfKeys
                ? nil
                : WordBlock(
                    projected: 3, isLeftOut: false, allHeads: 9, share: 0.25, before: 40, attended: 45, after: 60,
                    vector: [1, 2]),
            expected: step == .next ? WordView.Expected(before: ["0.86 ␣the", "0.05 ␣a"], after: ["0.43 猫"]) : nil,
            missing: step == .block ? "This is being worked out." : nil, look: Look(depth: depth))
    }

    private static func lines(_ view: WordView, _ width: Int, _ height: Int) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: Rect(x: 0, y: 0, width: width, height: height), on: &grid)
        return grid.lines
    }

    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (100, 50), (200, 4), (5, 60),
    ]

    @Test(arguments: ColourDepth.allCases, sizes) func itStaysInsideAtEverySize(depth: ColourDepth, size: (Int, Int)) {
        for keys in [1, 9, 200] {
            for step in WordStep.allCases {
                let reading = Self.reading(keys: keys, others: keys > 9 ? 400 : 0, sink: keys == 9 ? 2 : nil)
                var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
                let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
                let view = Self.view(reading, step, selected: keys - 1, depth: depth)
                view.draw(in: rect, on: &grid)
                _ = view.footer(in: rect)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(step) \(size), row \(y - 3)")
                    if let line = view.line(atY: y, in: rect) { #expect(line < view.lines.count) }
                }
            }
        }
    }

    /// What comes later is not told yet; the formula has the numbers of the selected key.
    @Test func stepsAreStoppedAt() {
        let reading = Self.reading(keys: 5)
        let scores = Self.lines(Self.view(reading, .scores, selected: 1), 78, 12)
        #expect(scores[1] == " “猫 3/3” · “猫 1/3” = 7.00; ÷ √4 = 3.50")
        #expect(scores[2] == " score = q·k ÷ √4")
        #expect(scores[4].contains("<|bos|>") && scores[4].contains("4.00") && scores[4].contains("·"))
        let exponentials = Self.lines(Self.view(reading, .exponential, selected: 1), 78, 12)
        #expect(exponentials[1] == " “猫 1/3”: exp(3.50 − 4.00) = exp(−0.50) = 0.61")
        let weights = Self.lines(Self.view(reading, .weight, selected: 1), 78, 12)
        #expect(weights[1].contains("0.61 ÷ \(Figures.fixed(Double(reading.sum), 3)) = "))
        #expect(weights[1].contains("Σ exp of 5 keys"))
        let output = Self.lines(Self.view(reading, .output), 78, 12)
        #expect(
            output.contains { $0.hasPrefix(" Σ ") && $0.contains("1.00") && $0.hasSuffix("100.0 %") })
    }

    /// Scale, cap and bias are the model's own, and said to be.
    @Test func whatALayerDoesToScoresIsNamed() {
        let reading = Self.reading(keys: 3, softcap: 50, bias: -0.5, scale: 0.0625)
        let lines = Self.lines(Self.view(reading, .scores), 140, 12)
        #expect(
            lines[1]
                == " “猫 3/3” · “<|bos|>” = 72.00; × 0.0625 = 4.50; 50 · tanh(4.50 / 50) = 4.50; + bias (−0.50) = 4.00")
        #expect(lines[2].contains("× 0.0625 (the model's own; 1/√4 is 0.5000), then 50 · tanh(score / 50)"))
        #expect(lines[2].contains("then + the layer's bias"))
    }

    @Test func hiddenKeysAreMinusInfinityAndSayWhy() {
        let reading = Self.reading(keys: 8)
        let hidden = reading.keys.firstIndex { !$0.isSeen } ?? 0
        let lines = Self.lines(Self.view(reading, .mask, selected: hidden), 120, 20)
        #expect(lines[1].contains("is hidden (kept: 4 ≤ 4") && lines[1].contains("1.00 becomes −∞"))
        #expect(lines[2].contains("the 3 tokens after it are hidden: a decoder"))
        #expect(lines.contains { $0.contains("−∞ outsi") })
    }

    /// A learned sink is a line, by its weight, and part of the sum.
    @Test func learnedSinksAreLines() {
        let reading = Self.reading(keys: 6, sink: 3.2)
        #expect(WordView.lines(of: reading, by: .weight)[2] == .sink)
        #expect(WordView.lines(of: reading, by: .place)[0] == .sink)
        let lines = Self.lines(Self.view(reading, .weight, selected: 2), 100, 16)
        #expect(lines[1].contains("learned sink: 0.45 ÷") && lines.contains { $0.hasPrefix(" learned sink") })
    }

    /// All lines of a page, what is on other pages or on none, and the sum: the shown weights add up to 1.
    @Test(arguments: [WordOrder.weight, .place], [0, 9, 55]) func pagesAddUp(order: WordOrder, selected: Int) {
        let reading = Self.reading(keys: 60, others: 40, sink: 1)
        let view = Self.view(reading, .output, order: order, selected: selected)
        let rect = Rect(x: 0, y: 0, width: 100, height: 16)
        let frame = view.frame(in: rect)
        let page = view.page(height: frame.rows.height)
        #expect(page.contains(selected) && frame.rest != nil && frame.sum != nil)
        let shown = page.compactMap { index -> Int? in
            if case .key(let key) = view.lines[index] { return key } else { return nil }
        }
        let rest = reading.rest(without: shown)
        let hasSink = page.contains { view.lines[$0] == .sink }
        let weights = shown.reduce(rest.weight) { $0 + reading.keys[$1].weight } + (reading.sink?.weight ?? 0)
        #expect(abs(weights - 1) < 1e-5 && rest.count == 100 - shown.count)
        let lines = Self.lines(view, 100, 16)
        #expect(
            lines.contains {
                $0.contains("all \(rest.count) other keys")
                    || $0.contains("+ \(rest.count) more" + (hasSink ? "" : ", sink"))
            })
        #expect(view.footer(in: rect) == "lines \(page.lowerBound + 1)–\(page.upperBound) of 61")
        #expect(view.line(atY: frame.rows.y, in: rect) == page.lowerBound)
        #expect(view.step(atX: 1, y: 0, in: rect) == .scores && view.step(atX: 8, y: 0, in: rect) == .mask)
    }

    @Test func theBlockAndWhatIsExpectedAreTold() {
        let reading = Self.reading(keys: 5)
        let projection = Self.lines(Self.view(reading, .projection), 78, 12)
        #expect(projection.contains { $0.hasPrefix(" of which this head is") && $0.hasSuffix("+25.0 %") })
        let block = Self.lines(Self.view(reading, .block), 78, 12)
        #expect(block.contains { $0.contains("state after attention") && $0.hasSuffix("45.000") })
        #expect(block.contains { $0.contains("This is being worked out.") })
        let next = Self.lines(Self.view(reading, .next), 78, 12)
        #expect(next.contains { $0.contains("0.86 ␣the") && $0.contains("0.43 猫") })
    }

    /// What has room is there: every key, and of the sentences whole ones only.
    @Test(arguments: WordStep.allCases.filter(\.isOfKeys), [(58, 9), (58, 12), (58, 20), (78, 9), (78, 12), (78, 20)])
    func whatHasRoomIsThere(step: WordStep, size: (width: Int, height: Int)) {
        let (width, height) = size
        let view = Self.view(Self.reading(keys: 5), step, selected: 1)
        let rect = Rect(x: 0, y: 0, width: width, height: height)
        let frame = view.frame(in: rect)
        #expect(frame.rows.height == 5 || frame.rest != nil)
        #expect(height < 20 || frame.rows.height == 5)
        let sentences = view.formulaLines(width: width)
        let own = sentences.count { !$0.isGeneral }
        #expect([own, sentences.count].contains(frame.formula.height))
    }

    /// A page and the screen say the same of what products are multiplied by.
    @Test(arguments: [(0.5, "÷ √4"), (0.0442, "× 0.0442")] as [(Float, String)])
    func thePageNamesTheScale(scale: Float, text: String) {
        let view = Self.view(Self.reading(keys: 5, scale: scale), .scores)
        #expect(view.figure.plots.first?.x.title == "score q·k " + text)
    }
}
