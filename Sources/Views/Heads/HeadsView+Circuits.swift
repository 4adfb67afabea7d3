import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

extension HeadsView {
    /// The heads that hold a textbook circuit, the clearest first, and the value that says so.
    func holders(of circuit: HeadScore.Circuit) -> [(place: Place, value: Float)] {
        let found = circuits.filter { $0.circuit == circuit }
            .map { (place: Place(layer: $0.layer, head: $0.head), value: Self.value(of: circuit, in: $0)) }
        return found.sorted { $0.value > $1.value }
    }

    private static func value(of circuit: HeadScore.Circuit, in score: HeadScore) -> Float {
        switch circuit {
        case .previousToken: score.previousToken
        case .induction: score.induction
        case .sink: score.sink
        }
    }

    /// Names the heads of every circuit, one line each, and returns the row after them.
    func drawCircuits(in area: Rect, on grid: inout Grid) -> Int {
        // Less would leave the ranking no line of its own.
        guard !circuits.isEmpty, area.height >= 6 else { return area.y }
        let title = Sentence.fitting(
            [
                [
                    say("circuits, on random tokens repeated once:"), say("circuits (random tokens ×2):"),
                    say("circuits:"),
                ]
            ],
            width: area.width)
        grid.write(title, x: area.x, y: area.y, style: look.theme.dim, in: area)
        var y = area.y + 1
        for circuit in HeadScore.Circuit.allCases {
            let held = holders(of: circuit)
            let room = held.isEmpty ? 1 : min(held.count, area.width < 48 ? 2 : 1)
            guard y + room <= area.maxY - 2 else { break }
            drawHolders(held, of: circuit, in: Rect(x: area.x, y: y, width: area.width, height: room), on: &grid)
            y += room
        }
        return y
    }

    private func drawHolders(
        _ held: [(place: Place, value: Float)], of circuit: HeadScore.Circuit, in area: Rect, on grid: inout Grid
    ) {
        var x = grid.write(circuit.rawValue.said, x: area.x, y: area.y, style: look.theme.good, in: area)
        if area.height == 1 { x = area.x + 16 }
        var y = area.y
        guard !held.isEmpty else {
            grid.write("none", x: area.x + 16, y: y, style: look.theme.dim, in: area)
            return
        }
        if area.height > 1 { (x, y) = (area.x + 2, y + 1) }
        for (rank, holder) in held.enumerated() {
            let name = (rank > 0 ? " · " : "") + "L\(holder.place.layer) H\(holder.place.head) "
            let number = Figures.fixed(Double(holder.value), 2)
            let isLast = rank == held.count - 1
            guard x + CellWidth.of(name) + number.count + (isLast ? 0 : 2) <= area.maxX else {
                grid.write(" …", x: x, y: y, style: look.theme.dim, in: area)
                break
            }
            let style = holder.place == selected ? look.theme.title : look.theme.text
            x = grid.write(name + number, x: x, y: y, style: style, in: area)
        }
    }
}
