import Foundation
import RopewalkCellGrid
import RopewalkPhrases

/// The columns of the table of subspaces, as many as a panel has room for.
struct RotationColumns {
    private let rect: Rect
    private let index: Int
    private let hasWavelength: Bool
    /// Cells of the bar on the logarithmic axis; 0: none.
    private let axis: Int
    private let hasTurns: Bool
    private let hasAngle: Bool
    /// Cells of the dial with the trained arc; 0: none.
    private let arc: Int
    /// Cells of the bar of the share.
    private let share: Int

    /// Widths, each with the blank before it; the dial with its mark is never left out.
    private static let wavelengthWidth = 10
    private static let turnsWidth = 11
    private static let dialWidth = 6
    private static let angleWidth = 9
    private static let numberWidth = 8

    init(_ rect: Rect, subspaces: Int) {
        self.rect = rect
        index = max(2, String(max(0, subspaces - 1)).count) + 2
        var room = rect.width - index - Self.dialWidth - Self.numberWidth
        func take(_ width: Int) -> Bool {
            guard room >= width else { return false }
            room -= width
            return true
        }
        hasAngle = take(Self.angleWidth)
        hasWavelength = take(Self.wavelengthWidth)
        hasTurns = take(Self.turnsWidth)
        // A blank stands before each bar.
        arc = room > AngleDial.narrowest ? min(room - 1, room >= 60 ? 16 : 8) : 0
        room -= arc > 0 ? arc + 1 : 0
        axis = room >= 24 ? min(48, room * 2 / 3) : 0
        let free = max(0, min(17, room - axis - (axis > 0 ? 2 : 1)))
        // A zero needs a middle.
        share = free >= 5 ? (free - 1) / 2 * 2 + 1 : 0
    }

    func drawHeader(y: Int, _ numbers: RotationNumbers, _ theme: Theme, on grid: inout Grid) {
        let window = Figures.short(numbers.view.trained.window)
        var line = Figures.padded("i", to: index - 2) + "  "
        // A long window takes a cell or two of the column before, so that a blank stands there.
        let borrowed = hasTurns && axis == 0 ? max(0, say("turns/\(window)").count + 1 - Self.turnsWidth) : 0
        if hasWavelength { line += Figures.padded("λ", to: Self.wavelengthWidth - borrowed) }
        if axis > 0 { line += " " + axisHeader(window, numbers) }
        if hasTurns { line += Figures.padded(say("turns/\(window)"), to: Self.turnsWidth + borrowed) }
        if arc > 0 { line += " " + Figures.left(arc >= 12 ? say("0 seen arc 2π") : say("arc"), to: arc) }
        line += say("  dial")
        if hasAngle { line += Figures.padded(say("turns"), to: Self.angleWidth) }
        line += Figures.padded(say("share"), to: Self.numberWidth)
        if share >= 9 { line += " " + centred("−  0  +", in: share) }
        grid.write(line, x: rect.x, y: y, style: theme.dim, in: rect)
    }

    private func centred(_ text: String, in width: Int) -> String {
        String(repeating: " ", count: (width - CellWidth.of(text)) / 2) + text
    }

    /// The name of the axis, and the window's length where its mark stands.
    private func axisHeader(_ window: String, _ numbers: RotationNumbers) -> String {
        var cells = [Character](repeating: " ", count: axis)
        for (place, character) in say("λ log").enumerated() where place < axis { cells[place] = character }
        let mark = markColumn(numbers)
        let start = max(0, min(axis - window.count, mark - window.count + 1))
        if start > 5 || axis < 12 {
            for (place, character) in window.enumerated() where start + place < axis {
                cells[start + place] = character
            }
        }
        return String(cells)
    }

    private func markColumn(_ numbers: RotationNumbers) -> Int {
        let position = numbers.position(ofWavelength: Double(numbers.view.trained.window))
        return min(axis - 1, Int(position * Double(axis)))
    }

    func draw(
        _ line: RotationNumbers.Line, y: Int, _ numbers: RotationNumbers, _ theme: Theme, on grid: inout Grid
    ) {
        let text = line.familiarity == .unseen ? theme.error : theme.text
        let isSelected = line.subspace == numbers.view.selected
        var x = grid.write(
            Figures.padded(String(line.subspace), to: index - 2), x: rect.x, y: y,
            style: isSelected ? theme.selection : theme.dim, in: rect)
        x = grid.write(line.isCritical ? " ●" : "  ", x: x, y: y, style: theme.warning, in: rect)
        if hasWavelength {
            let decimals = line.wavelength < 100 ? 2 : line.wavelength < 10_000 ? 1 : 0
            let wavelength = Figures.padded(
                Figures.fixed(line.wavelength, decimals), to: Self.wavelengthWidth)
            x = grid.write(wavelength, x: x, y: y, style: line.isCritical ? theme.warning : theme.text, in: rect)
        }
        if axis > 0 { x = drawAxis(line, x: x + 1, y: y, numbers, theme, on: &grid) }
        if hasTurns {
            let turns = Figures.padded(Figures.fixed(line.turnsInWindow, 2), to: Self.turnsWidth)
            x = grid.write(turns, x: x, y: y, style: theme.text, in: rect)
        }
        if arc > 0 {
            AngleDial(trained: numbers.view.trained, look: numbers.view.look).draw(
                line.subspace, angle: line.angle, x: x + 1, y: y, width: arc, in: rect, on: &grid)
            x += arc + 1
        }
        x = grid.write(
            "   " + AngleDial.arrow(line.angle) + line.familiarity.mark + " ", x: x, y: y, style: text, in: rect)
        if hasAngle {
            let turned = line.angle.map { Figures.fixed($0 / (2 * .pi), 2) } ?? "–"
            x = grid.write(Figures.padded(turned, to: Self.angleWidth), x: x, y: y, style: text, in: rect)
        }
        drawShare(line, x: x, y: y, numbers, theme, on: &grid)
    }

    private func drawAxis(
        _ line: RotationNumbers.Line, x: Int, y: Int, _ numbers: RotationNumbers, _ theme: Theme, on grid: inout Grid
    ) -> Int {
        let bar = Bar.line(max(0.01, numbers.position(ofWavelength: line.wavelength)), width: axis)
        grid.write(bar, x: x, y: y, style: line.isCritical ? theme.warning : theme.good, in: rect)
        let mark = x + markColumn(numbers)
        grid.write("┊", x: mark, y: y, style: theme.title, in: rect)
        return x + axis
    }

    private func drawShare(
        _ line: RotationNumbers.Line, x: Int, y: Int, _ numbers: RotationNumbers, _ theme: Theme, on grid: inout Grid
    ) {
        let number = line.contribution.map { Figures.signed(Double($0), 2) } ?? "–"
        // What rounds to nothing is neither good nor bad.
        let style = number.hasPrefix("−") ? theme.error : number.hasPrefix("+") ? theme.good : theme.text
        let after = grid.write(
            Figures.padded(number, to: Self.numberWidth), x: x, y: y, style: style, in: rect)
        guard share > 0, let contribution = line.contribution, numbers.largest > 0 else { return }
        let bar = Bar.signed(Double(contribution / numbers.largest), width: share)
        grid.write(bar, x: after + 1, y: y, style: style, in: rect)
    }
}
