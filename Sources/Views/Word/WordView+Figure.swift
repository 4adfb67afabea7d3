import RopewalkLens
import RopewalkPhrases

extension WordView {
    /// Lines on a page at most.
    private static let most = 20

    /// For a page: of every key its score, its weight, and what it adds to the head's output.
    package var figure: Figure {
        let shown = Array(lines.prefix(Self.most))
        let keys = shown.compactMap { line -> Int? in
            if case .key(let index) = line { index } else { nil }
        }
        let rest = reading.rest(without: keys)
        let rows = shown.map(row) + (rest.count > 0 ? [self.row(rest)] : [])
        var plots = [scores(rows), weights(rows), added(rows)]
        for index in plots.indices.dropFirst() { plots[index].y.ticks = [] }
        return Figure(title: say("“\(query)”, word by word"), plots: plots, columns: 3, remarks: remarks(rows))
    }

    private struct Row {
        let name: String
        /// Nil where several keys share the row.
        let score: Double?
        let isSeen: Bool
        let weight: Double
        /// Nil where it has no value to add.
        let share: Double?
    }

    private func row(_ line: Line) -> Row {
        switch line {
        case .key(let index):
            let key = reading.keys[index]
            let kind = kind(key.token)
            return Row(
                name: "\(name(key.token)) \(key.token.grouped)" + (kind.isEmpty ? "" : " (\(kind))"),
                score: Double(key.score), isSeen: key.isSeen, weight: Double(key.weight), share: Double(key.share))
        case .sink:
            return Row(
                name: say("learned sink"), score: reading.sink.map { Double($0.score) }, isSeen: true,
                weight: Double(reading.sink?.weight ?? 0), share: nil)
        }
    }

    private func row(_ rest: WordReading.Rest) -> Row {
        Row(
            name: say("\(rest.count.grouped) other \(rest.count, one: "key", many: "keys")"), score: nil, isSeen: true,
            weight: Double(rest.weight),
            share: Double(rest.share))
    }

    private func plot(_ title: String, _ axis: ChartAxis, _ rows: [Row], text: (Double) -> String) -> FigurePlot {
        FigurePlot(
            x: FigureAxis(title, axis, count: 3, text: text), y: .words("", rows.map(\.name), isDownwards: true),
            size: FigurePlot.Extent(width: 120, height: 17 * Double(max(1, rows.count))))
    }

    private func scores(_ rows: [Row]) -> FigurePlot {
        let known = rows.compactMap { $0.isSeen ? $0.score : nil }.filter(\.isFinite)
        let (low, high) = (min(0, known.min() ?? 0), max(0, known.max() ?? 0))
        let air = max(0.1, (high - low) * 0.08)
        var plot = plot(
            say("score q·k \(reading.scaleFactor)"), ChartAxis(low - air...high + air), rows
        ) {
            Figures.fixed($0, 1)
        }
        plot.marks = rows.enumerated().flatMap { index, row -> [FigureMark] in
            let place = Double(index) + 0.5
            guard let score = row.score, score.isFinite else { return [] }
            guard row.isSeen else {
                return [.word(FigureMark.Point(low - air / 2, place), say("hidden"), .dim, endsThere: false)]
            }
            return [.bar(row: place, from: 0, to: score, height: 0.6, score < 0 ? .bad : .good)]
        }
        plot.marks.append(.down(x: 0, ""))
        return plot
    }

    private func weights(_ rows: [Row]) -> FigurePlot {
        let most = max(0.001, rows.map(\.weight).max() ?? 1)
        // Room for the numbers behind the bars.
        var plot = plot(say("weight"), ChartAxis(0...most * 1.6), rows) { Figures.fixed($0, most < 0.1 ? 3 : 2) }
        plot.marks = rows.enumerated().flatMap { index, row -> [FigureMark] in
            let place = Double(index) + 0.5
            return [
                .bar(row: place, from: 0, to: row.weight, height: 0.6, .good),
                .word(
                    FigureMark.Point(row.weight + most * 0.04, place), Figures.weight(Float(row.weight)), .text,
                    endsThere: false),
            ]
        }
        return plot
    }

    private func added(_ rows: [Row]) -> FigurePlot {
        let shares = rows.compactMap(\.share).filter(\.isFinite).map { $0 * 100 }
        let (low, high) = (min(0, shares.min() ?? 0), max(1, shares.max() ?? 0))
        let air = (high - low) * 0.08
        var plot = plot(say("part of the output (%)"), ChartAxis(low - (low < 0 ? air : 0)...high + air), rows) {
            Figures.fixed($0, 0)
        }
        plot.marks = rows.enumerated().compactMap { index, row in
            row.share.map {
                .bar(row: Double(index) + 0.5, from: 0, to: $0 * 100, height: 0.6, $0 < 0 ? .bad : .good)
            }
        }
        plot.marks.append(.down(x: 0, ""))
        return plot
    }

    private func remarks(_ rows: [Row]) -> [String] {
        let cap = reading.softcap.map { say(", capped at \(Figures.fixed(Double($0), 0))") } ?? ""
        let bias = reading.hasBias ? say(", with a bias of the layer") : ""
        var remarks = [
            say("Softmax over the scores\(cap)\(bias); sorted by \(order.rawValue.said)."),
            say(
                """
                Part of the output: weight · value along the head's output, of length \
                \(Figures.fixed(Double(reading.outputLength), 3)).
                """),
        ]
        if reading.later > 0 { remarks.append(say("Later keys, which are hidden from it: \(reading.later.grouped).")) }
        return remarks
    }
}
