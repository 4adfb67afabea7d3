import Foundation
import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension RotationView {
    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        let subspaces = rotation.inverseFrequencies.count
        guard subspaces > 0 else {
            return grid.writeNotice(
                say("This model does not turn its queries and keys: it has no rotary subspaces."), in: rect,
                style: look.theme.dim)
        }
        let rows = Self.rows(in: rect, hasBeside: beside != nil)
        let start = max(0, min(first, subspaces - rows.count))
        let columns = RotationColumns(rect, subspaces: subspaces)
        let numbers = RotationNumbers(self)
        columns.drawHeader(y: rect.y, numbers, look.theme, on: &grid)
        for (offset, y) in rows.enumerated() where start + offset < subspaces {
            columns.draw(numbers.line(start + offset), y: y, numbers, look.theme, on: &grid)
        }
        if rows.upperBound < rect.maxY {
            // Below the table, with an empty row between them where there is room.
            let y = min(rows.upperBound, rows.lowerBound + subspaces + 1)
            drawTotals(numbers, y: y, rect, on: &grid)
            if let beside, rect.height >= 6 { drawBeside(beside, y: y + 1, rect, on: &grid) }
        }
        if rect.height >= 6 {
            let shown = start..<min(subspaces, start + rows.count)
            drawExplanation(shown: shown, free: rows.count - subspaces - 1, rect, on: &grid)
        }
    }

    /// Subspaces that fit at once.
    package static func capacity(of rect: Rect) -> Int { rows(in: rect).count }

    /// What stands in the upper border.
    package var facts: String {
        guard let pair else { return methodTitle }
        let distance = say("cursor − anchor = \((pair.query - pair.key).grouped)")
        return "\(distance) · \(methodTitle)"
    }

    /// What stands in the lower border: the trained window in this model's numbers.
    package var footer: String {
        let all = rotation.inverseFrequencies.indices
        let critical = all.count { isCritical($0) }
        let before = trained.inverseFrequencies.indices.count { trained.isCritical($0) }
        let change = critical == before ? "" : say(" (\(before) in training)")
        return say("window \(trained.window.grouped) · \(critical) of \(all.count) critical\(change)")
    }

    /// Whether a subspace makes no full turn within the trained window, by the wavelength that the method gives it.
    func isCritical(_ subspace: Int) -> Bool { rotation.isCritical(subspace, window: trained.window) }

    /// Whether a method has changed how fast subspaces turn: then arcs are those of other wavelengths than λ.
    private var isChanged: Bool {
        zip(rotation.inverseFrequencies, trained.inverseFrequencies).contains { abs($0 - $1) > 1e-9 * $1 }
    }

    private static func rows(in rect: Rect, hasBeside: Bool = false) -> Range<Int> {
        let below = (rect.height >= 6 ? 2 : rect.height >= 4 ? 1 : 0) + (hasBeside && rect.height >= 6 ? 1 : 0)
        return rect.y + 1..<max(rect.y + 1, rect.maxY - below)
    }

    private func drawTotals(_ numbers: RotationNumbers, y: Int, _ rect: Rect, on grid: inout Grid) {
        let style = look.theme.title
        guard let pair else {
            let text = Sentence.fitting([missing], width: rect.width)
            grid.write(text, x: rect.x, y: y, style: look.theme.dim, in: rect)
            return
        }
        let weight = pair.weight.map { say("weight ") + Figures.weight($0) } ?? say("hidden by the mask")
        var x = grid.write("Σ q·k/√d \(Figures.signed(Double(pair.score), 2))", x: rect.x, y: y, style: style, in: rect)
        x = grid.write(" · " + weight, x: x, y: y, style: style, in: rect)
        if unturnedDimensions > 0 {
            let sum = Figures.signed(Double(pair.unturned), 2)
            let wordings = [
                say(" · \(unturnedDimensions) dimensions that do not turn add \(sum)"), say(" · unturned \(sum)"),
            ]
            let text = wordings.first { x + CellWidth.of($0) + 6 <= rect.maxX } ?? ""
            x = grid.write(text, x: x, y: y, style: style, in: rect)
        }
        let unseen = numbers.unseenCount
        let wordings = [
            say(" · ! \(unseen) of \(rotation.inverseFrequencies.count) unseen"), " · ! \(unseen)", "!\(unseen)",
        ]
        let text = wordings.first { x + CellWidth.of($0) <= rect.maxX } ?? ""
        grid.write(text, x: x, y: y, style: unseen > 0 ? look.theme.error : look.theme.good, in: rect)
    }

    /// What the second model makes of the pair.
    private func drawBeside(_ beside: Beside, y: Int, _ rect: Rect, on grid: inout Grid) {
        let pair = beside.pair
        let weight = pair.weight.map { say("weight ") + Figures.weight($0) } ?? say("hidden by the mask")
        let unseen = pair.shares.count { share in
            beside.trained.inverseFrequencies.indices.contains(share.subspace)
                && Familiarity(beside.trained, subspace: share.subspace, angle: share.angle) == .unseen
        }
        let marks = [say("! \(unseen) of \(pair.shares.count) unseen"), "! \(unseen)"]
        let text = Sentence.fitting(
            [[beside.name], ["Σ " + Figures.signed(Double(pair.score), 2)], [weight], marks], width: rect.width)
        grid.write(text, x: rect.x, y: y, style: unseen > 0 ? look.theme.error : look.theme.good, in: rect)
    }

    /// Signs and abbreviations, each in full and short.
    private var explanations: [[String]] {
        [
            [say("! angle never seen in training"), say("! unseen in training")],
            [say("+ turned further than in training, hand familiar"), say("+ turned further")],
            isChanged
                ? [say("━ arc that training saw, with its own λ"), say("━ seen, with other λ")]
                : [say("━ arc of the dial seen in training, ◆ hand"), say("━ seen")],
            [say("● critical: λ > window, no full turn in it"), say("● no full turn")],
            [say("λ tokens for one turn"), say("λ tokens a turn")], [say("share: of the score q·k/√d")],
            [say("turns: from anchor to cursor")], [say("┊ end of the trained window")],
            [say("i subspace, fastest first")],
        ]
    }

    /// Lines with which every subspace and every explanation has room.
    package func wholeHeight(width: Int) -> Int {
        let columns = max(1, min(explanations.count, width / Self.explanationWidth))
        let lines = (explanations.count + columns - 1) / columns
        // Names, an empty line around the totals, and what a second model makes of the pair.
        return 1 + rotation.inverseFrequencies.count + 4 + (beside == nil ? 0 : 1) + lines
    }

    private static let explanationWidth = 43

    /// What is out of sight, then signs and abbreviations.
    private func drawExplanation(
        shown: Range<Int>, free: Int, _ rect: Rect, on grid: inout Grid
    ) {
        let count = rotation.inverseFrequencies.count
        var parts: [[String]] = []
        if shown.count < count {
            let rest = "↑\(shown.lowerBound) ↓\(count - shown.upperBound)"
            parts.append([rest + say(" more subspaces"), rest + say(" more")])
        }
        parts += explanations
        // Rows that no subspace needs hold every explanation in full.
        let full = parts.compactMap(\.first)
        let columns = max(1, min(full.count, rect.width / Self.explanationWidth))
        let lines = (full.count + columns - 1) / columns
        if free > lines {
            for (index, part) in full.enumerated() {
                let x = rect.x + index % columns * Self.explanationWidth
                grid.write(part, x: x, y: rect.maxY - lines + index / columns, style: look.theme.dim, in: rect)
            }
            return
        }
        let text = Sentence.fitting(parts, width: rect.width)
        grid.write(text, x: rect.x, y: rect.maxY - 1, style: look.theme.dim, in: rect)
    }
}

/// What the lines of all subspaces have in common.
struct RotationNumbers {
    /// One line of the table.
    struct Line {
        let subspace: Int
        let wavelength: Double
        let turnsInWindow: Double
        let isCritical: Bool
        /// Radians, not wrapped; nil without a pair.
        let angle: Double?
        let familiarity: Familiarity
        let contribution: Float?
    }

    let view: RotationView
    private let trained: TrainedRange
    /// The largest contribution, whose bar is full.
    let largest: Float
    let longest: Double
    let shortest: Double

    init(_ view: RotationView) {
        self.view = view
        trained = view.trained
        largest = view.pair?.shares.reduce(0) { max($0, abs($1.contribution)) } ?? 0
        let wavelengths = view.rotation.inverseFrequencies.indices.map { view.rotation.wavelength($0) }
            .filter { $0.isFinite && $0 > 0 }
        longest = max(wavelengths.max() ?? 1, Double(view.trained.window))
        shortest = min(wavelengths.min() ?? 1, longest)
    }

    var unseenCount: Int { view.rotation.inverseFrequencies.indices.count { line($0).familiarity == .unseen } }

    func line(_ subspace: Int) -> Line {
        let wavelength = view.rotation.wavelength(subspace)
        let shares = view.pair?.shares
        let share = shares.flatMap { $0.indices.contains(subspace) ? $0[subspace] : nil }
        let isKnown = trained.inverseFrequencies.indices.contains(subspace)
        return Line(
            subspace: subspace, wavelength: wavelength,
            turnsInWindow: Double(view.trained.window) / wavelength,
            isCritical: view.isCritical(subspace), angle: share?.angle,
            familiarity: isKnown
                ? share.map { Familiarity(trained, subspace: subspace, angle: $0.angle) } ?? .seen : .seen,
            contribution: share?.contribution)
    }

    /// Where a wavelength lies between the shortest and the longest, on a logarithmic axis, 0 to 1.
    func position(ofWavelength wavelength: Double) -> Double {
        guard wavelength.isFinite, wavelength > 0, longest > shortest else { return 1 }
        return max(0, min(1, log(wavelength / shortest) / log(longest / shortest)))
    }
}
