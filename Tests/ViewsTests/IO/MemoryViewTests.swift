import RopewalkCellGrid
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

@Suite struct MemoryViewTests {
    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (78, 20), (100, 50), (200, 4), (5, 60),
    ]

    /// Segments of `segment` tokens, a memory as long, and slots of `rate` tokens before it.
    private static func strip(query: Int, segment: Int, slots: Int, rate: Int) -> MemoryStrip {
        let start = query / segment * segment
        let memory = max(0, start - segment)..<start
        let first = max(0, memory.lowerBound - slots * rate)
        let compressed = stride(from: first, to: memory.lowerBound / rate * rate, by: rate).map { $0..<$0 + rate }
        let tokens = compressed + (memory.lowerBound...query).map { $0..<$0 + 1 }
        let all = tokens.map { Float(($0.lowerBound * 7 + 3) % 11 + 1) }
        let sum = all.reduce(0, +)
        return MemoryStrip(
            query: query, start: start,
            slots: zip(tokens, all).map { tokens, weight in
                MemoryStrip.Slot(
                    zone: tokens.lowerBound >= start
                        ? .segment : tokens.lowerBound >= memory.lowerBound ? .memory : .compressed,
                    tokens: tokens, weight: weight / sum, exact: weight / sum / 2)
            }, rate: rate, form: .mean, lost: 0.5, outputError: 0.25, basis: .exact)
    }

    private static func view(_ strip: MemoryStrip, selected: Int? = nil, depth: ColourDepth = .none) -> MemoryView {
        MemoryView(
            strip: strip, selected: selected, name: { $0 % 3 == 1 ? "猫" : "w\($0)" },
            look: Look(depth: depth))
    }

    private static func retrieval(_ count: Int, selected: Int?, depth: ColourDepth = .none) -> RetrievalView {
        RetrievalView(
            summary: [["the 8 nearest of 1,204 keys", "8 of 1,204"], ["moby.txt: 900 tokens", "moby.txt"]],
            errors: [["≈ output error 0.31", "≈ 0.31"]], titles: ["source", "token", "weight"],
            lines: (0..<count).map {
                RetrievalView.Line(
                    cells: ["moby.txt", "\($0)", "0.\($0)"], before: "Call me 猫猫猫 ", word: "Ishmael",
                    after: ". Some years ago")
            }, selected: selected, empty: "No keys lie before the window.", look: Look(depth: depth))
    }

    private static func lines(_ width: Int, _ height: Int, _ draw: (Rect, inout Grid) -> Void) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        draw(Rect(x: 0, y: 0, width: width, height: height), &grid)
        return grid.lines
    }

    @Test(arguments: ColourDepth.allCases, sizes) func theyStayInsideAtEverySize(
        depth: ColourDepth, size: (Int, Int)
    ) throws {
        func check(_ draw: (Rect, inout Grid) -> Void) {
            var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
            let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
            draw(rect, &grid)
            for y in 0..<grid.size.height {
                let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                #expect(outside.isEmpty, "\(size), row \(y - 3)")
            }
        }
        for (query, segment, slots, rate) in [(0, 1, 0, 1), (9, 16, 4, 2), (31, 4, 4, 2), (5000, 512, 512, 3)] {
            let strip = Self.strip(query: query, segment: segment, slots: slots, rate: rate)
            for selected in [nil, 0, strip.slots.count - 1] {
                let view = Self.view(strip, selected: selected, depth: depth)
                check { view.draw(in: $0, on: &$1) }
            }
        }
        for (count, selected) in [(0, nil), (1, 0), (40, 39)] as [(Int, Int?)] {
            let view = Self.retrieval(count, selected: selected, depth: depth)
            check { view.draw(in: $0, on: &$1) }
        }
    }

    /// A slot is as wide as the tokens that it stands for, so the strip is the text from the first one on.
    @Test func slotsAreAsWideAsTheirTokens() {
        let view = Self.view(Self.strip(query: 31, segment: 4, slots: 4, rate: 2))
        #expect((0..<16).map { view.slot(inCell: $0, of: 16) } == [0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11])
        #expect((0..<32).allSatisfy { view.tokens(ofCell: $0, of: 32) == 16 + $0 / 2..<17 + $0 / 2 })
        // A narrow cell shows its strongest slot.
        let strongest = view.slot(inCell: 0, of: 4)
        #expect(strongest == [0, 1].max { view.strip.slots[$0].weight < view.strip.slots[$1].weight })
    }

    @Test func zonesAndSlotsHaveTheirNumbers() {
        let strip = Self.strip(query: 31, segment: 4, slots: 4, rate: 2)
        let view = Self.view(strip, selected: strip.ranked[1])
        let text = Self.lines(130, 20) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(text.contains("4 slots of 2 tokens, one state each") && text.contains("memory of 4 tokens"))
        #expect(text.contains("the segment begins at token 28") && text.contains("reaches back 15 tokens"))
        #expect(text.contains("compressed memory") && text.contains("recent memory") && text.contains("own segment"))
        #expect(text.contains("▸") && text.contains("16–17"))
        #expect(view.facts[0][0] == "≈ output error 0.25 of this row" && view.facts[1].last == "lost 50.0 %")
        let narrow = Self.lines(38, 12) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(narrow.contains("4 slots of 2") || narrow.contains("segment from 28"))
    }

    @Test func aPressFindsItsSlotLineAndPage() {
        let strip = Self.strip(query: 31, segment: 4, slots: 4, rate: 2)
        let view = Self.view(strip)
        let rect = Rect(x: 0, y: 0, width: 70, height: 20)
        let frame = view.frame(in: rect)
        #expect(view.slot(atX: frame.strip.x, y: frame.strip.y, in: rect) == 0)
        #expect(view.slot(atX: frame.strip.maxX - 1, y: frame.strip.y, in: rect) == 11)
        #expect(view.slot(atX: 3, y: frame.list.y, in: rect) == nil)
        #expect(view.slot(atX: 3, y: frame.list.y + 2, in: rect) == strip.ranked[1])
        #expect(view.page(atX: 1, y: 0, in: rect) == .tiles && view.page(atX: 1, y: 1, in: rect) == nil)
        let found = Self.retrieval(40, selected: 39)
        let list = found.frame(in: rect).list
        #expect(found.line(atX: 3, y: list.maxY - 1, in: rect) == 39 && found.line(atX: 3, y: list.y, in: rect) == nil)
    }

    @Test func retrievedPassagesAreNamed() {
        let view = Self.retrieval(5, selected: 2)
        let text = Self.lines(90, 20) { view.draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(
            text.contains("the 8 nearest of 1,204 keys · moby.txt: 900 tokens") && text.contains("≈ output error 0.31"))
        #expect(text.contains("moby.txt · 2") && text.contains("⟦Ishmael⟧"))
        let none = Self.lines(60, 10) { Self.retrieval(0, selected: nil).draw(in: $0, on: &$1) }.joined(separator: "\n")
        #expect(none.contains("No keys lie before the window."))
    }

    /// Figures have a bar for each of the strongest slots and passages, those of the exact row beside.
    @Test func figuresHaveTheStrongestFirst() throws {
        let strip = Self.strip(query: 90, segment: 16, slots: 6, rate: 4)
        let figure = Self.view(strip).figure(title: "slots")
        func bars(_ plot: FigurePlot) -> [Double] {
            plot.marks.compactMap { if case .bar(row: _, from: _, to: let to, height: _, _) = $0 { to } else { nil } }
        }
        let shown = strip.ranked.prefix(24).map { strip.slots[$0] }
        #expect(bars(figure.plots[0]) == shown.map { Double($0.weight) })
        #expect(bars(figure.plots[1]) == shown.map { Double($0.exact) })
        #expect(figure.remarks.contains { $0.contains("compressed memory") })
        let lines = Self.retrieval(30, selected: nil).figure(title: "passages")
        #expect(lines?.plots.first?.y.ticks.count == 24 && lines?.remarks.last == "6 more lines are left out.")
        #expect(Self.retrieval(0, selected: nil).figure(title: "passages") == nil)
    }
}
