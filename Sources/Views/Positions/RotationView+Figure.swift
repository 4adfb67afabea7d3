import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension RotationView {
    /// For a page; nil where nothing turns.
    package var figure: Figure? {
        let numbers = RotationNumbers(self)
        let lines = rotation.inverseFrequencies.indices.map { numbers.line($0) }
        guard !lines.isEmpty else { return nil }
        let height = min(420, max(110, 13 * Double(lines.count)))
        var plots = [wavelengths(lines, numbers, height)]
        if pair != nil { plots += [dials(lines, height), shares(lines, numbers, height)] }
        return Figure(title: title, plots: plots, columns: plots.count, remarks: remarks(lines))
    }

    private var title: String {
        guard let pair else { return say("Wavelengths of all subspaces: \(methodTitle)") }
        return say("Rotation from \(pair.key.grouped) to \(pair.query.grouped): \(methodTitle)")
    }

    private func remarks(_ lines: [RotationNumbers.Line]) -> [String] {
        var remarks = [say("\(footer): a critical subspace makes no full turn in the window.")]
        guard let pair else { return remarks + (missing.first.map { [$0 + "."] } ?? []) }
        let weight = pair.weight.map { say("weight \(Figures.weight($0))") } ?? say("hidden by the mask")
        var sum = say("Together q·k/√d = \(Figures.signed(Double(pair.score), 2)), \(weight).")
        if unturnedDimensions > 0 {
            sum +=
                say(
                    " Of it \(unturnedDimensions) dimensions that do not turn add \(Figures.signed(Double(pair.unturned), 2))."
                )
        }
        let unseen = lines.count { $0.familiarity == .unseen }
        remarks.append(sum)
        remarks.append(
            say(
                """
                Band: angles seen in training; \(unseen) of \(lines.count) subspaces stand outside of it, at angles that \
                training never showed.
                """))
        return remarks
    }

    private func rows(_ count: Int, titled: Bool) -> FigureAxis {
        let every = max(1, (count + 23) / 24)
        var axis = FigureAxis(
            titled ? say("subspace (0 turns fastest)") : "", 0...Double(count),
            ticks: titled
                ? stride(from: 0, to: count, by: every).map { FigureTick(Double($0) + 0.5, String($0)) } : [])
        axis.isDownwards = true
        return axis
    }

    private func wavelengths(
        _ lines: [RotationNumbers.Line], _ numbers: RotationNumbers, _ height: Double
    ) -> FigurePlot {
        let axis = ChartAxis(numbers.shortest * 0.8...numbers.longest * 1.2, isLogarithmic: true)
        var plot = FigurePlot(
            x: FigureAxis(say("wavelength (tokens)"), axis, count: 3) { Int($0.rounded()).grouped },
            y: rows(lines.count, titled: true), size: FigurePlot.Extent(width: 150, height: height))
        plot.marks = lines.map { line in
            let end = line.wavelength.isFinite ? line.wavelength : axis.range.upperBound
            return .bar(
                row: Double(line.subspace) + 0.5, from: axis.range.lowerBound, to: end, height: 0.6,
                line.isCritical ? .warning : .good)
        }
        plot.title = say("dashed: window \(trained.window.grouped)")
        plot.marks.append(.down(x: Double(trained.window), ""))
        return plot
    }

    private func dials(_ lines: [RotationNumbers.Line], _ height: Double) -> FigurePlot {
        var plot = FigurePlot(
            x: FigurePlot.dial, y: rows(lines.count, titled: false),
            size: FigurePlot.Extent(width: 110, height: height))
        plot.marks = lines.flatMap {
            FigurePlot.dial(row: Double($0.subspace) + 0.5, subspace: $0.subspace, angle: $0.angle, trained)
        }
        return plot
    }

    private func shares(
        _ lines: [RotationNumbers.Line], _ numbers: RotationNumbers, _ height: Double
    ) -> FigurePlot {
        let most = max(0.01, Double(numbers.largest) * 1.1)
        var plot = FigurePlot(
            x: FigureAxis(say("part of q·k/√d"), ChartAxis(-most...most), count: 3) {
                Figures.signed($0, most < 1 ? 2 : 1)
            },
            y: rows(lines.count, titled: false), size: FigurePlot.Extent(width: 110, height: height))
        plot.marks = lines.compactMap { line in
            line.contribution.map {
                .bar(
                    row: Double(line.subspace) + 0.5, from: 0, to: Double($0), height: 0.6, $0 < 0 ? .bad : .good)
            }
        }
        plot.marks.append(.down(x: 0, ""))
        return plot
    }
}

extension RotationMethodsView {
    /// For a page; nil where nothing turns.
    package var figure: Figure? {
        let turning = methods.filter { $0.subspaces > subspace }
        guard !turning.isEmpty else { return nil }
        let height = 17 * Double(turning.count)
        var dials = FigurePlot(
            x: FigurePlot.dial, y: .words("", turning.map(\.title), isDownwards: true),
            size: FigurePlot.Extent(width: 150, height: height))
        let most = turning.map(\.subspaces).max() ?? 1
        var unseen = FigurePlot(
            x: FigureAxis(say("subspaces at unseen angles"), ChartAxis(0...Double(most)), count: 4) {
                Figures.fixed($0, 0)
            },
            y: .words("", [], isDownwards: true), size: FigurePlot.Extent(width: 150, height: height))
        unseen.y.range = dials.y.range
        unseen.y.ticks = []
        for (row, method) in turning.enumerated() {
            let angles = method.encoding.angles(query: query, key: key)
            let place = Double(row) + 0.5
            dials.marks += FigurePlot.dial(
                row: place, subspace: subspace, angle: angles[subspace], method.trained)
            let count = (0..<method.subspaces).count {
                Familiarity(method.trained, subspace: $0, angle: angles[$0]) == .unseen
            }
            unseen.marks.append(.bar(row: place, from: 0, to: Double(count), height: 0.6, .bad))
        }
        return Figure(
            title: say("Subspace \(subspace) under each method, \((query - key).grouped) tokens back"),
            plots: [dials, unseen], columns: 2,
            remarks: [say("Band: angles seen in training; outside of it training never showed the angle.")])
    }
}

extension FigurePlot {
    /// One turn.
    static var dial: FigureAxis {
        // Hands at both ends are seen whole.
        FigureAxis(
            say("angle (turns)"), -0.04...1.04,
            ticks: [(0, "0"), (0.5, "0.5"), (1, "1")].map { FigureTick($0.0, $0.1) })
    }

    /// The arc that training showed, and a hand.
    static func dial(row: Double, subspace: Int, angle: Double?, _ trained: TrainedRange) -> [FigureMark] {
        guard trained.inverseFrequencies.indices.contains(subspace) else { return [] }
        let arc = trained.isCritical(subspace) ? min(1, trained.maximumAngle(subspace) / (2 * .pi)) : 1
        let band = FigureMark.bar(row: row, from: 0, to: arc, height: 0.7, .band)
        guard let angle, angle.isFinite else { return [band] }
        let turned = abs(angle).truncatingRemainder(dividingBy: 2 * .pi) / (2 * .pi)
        let isUnseen = Familiarity(trained, subspace: subspace, angle: angle) == .unseen
        return [band, .dot(FigureMark.Point(turned, row), isUnseen ? .bad : .text)]
    }
}
