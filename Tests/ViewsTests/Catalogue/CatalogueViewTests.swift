import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import Testing

@testable import RopewalkViews

@Suite struct CatalogueViewTests {
    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (78, 20), (118, 36), (200, 4), (5, 60),
    ]

    /// The whole catalogue with costs that grow with its order; the third method cannot be applied, the fifth was measured.
    private static func entries() -> [CatalogueEntry] {
        Catalogue.all.enumerated().map { index, type in
            var entry = CatalogueEntry(
                type.description, kind: type.kind,
                cost: index == 2 ? nil : MethodCost(flops: 1e9 * Double(index + 1), kvBytes: 1e6 / Double(index + 1)),
                state: index == 2 ? nil : 1000 * Double(index),
                hindrance: index == 2 ? "the model has no rotation" : nil)
            if index == 4 {
                entry.measured = .init(spec: "abf:base=500000", loss: 4.25, massKept: 1, outputError: 0.5)
            }
            entry.isInForce = index == 0
            entry.isCompared = index == 4
            return entry
        }
    }

    private static func list(
        _ column: CatalogueColumn = .kind, descending: Bool = false, selected: String = "abf", filter: String = "",
        depth: ColourDepth = .none
    ) -> CatalogueView {
        CatalogueView(
            entries: entries(), column: column, isDescending: descending, selected: selected, filter: filter,
            look: Look(depth: depth))
    }

    private static func tree(_ selected: String = "yarn", filter: String = "", depth: ColourDepth = .none)
        -> MethodTreeView
    {
        MethodTreeView(
            tree: MethodTree(), selected: selected, chosen: ["rope"], filter: filter, look: Look(depth: depth))
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
        let page = try MethodPage(named: "longrope")
        for filter in ["", "window", "nothing has this"] {
            for language in [Language.english, .chinese] {
                Language.with(language) {
                    let list = Self.list(filter: filter, depth: depth)
                    check { list.draw(in: $0, on: &$1) }
                    let tree = Self.tree(filter: filter, depth: depth)
                    check { tree.draw(in: $0, on: &$1) }
                    for first in [0, 7, 1000] {
                        let view = MethodPageView(page: page, first: first, look: Look(depth: depth))
                        check { view.draw(in: $0, on: &$1) }
                    }
                }
            }
        }
    }

    /// Numbers stand in their columns; what is in force, compared and in the way is marked.
    @Test func theListSaysWhatIsKnown() throws {
        let lines = Self.lines(118, 36) { Self.list().draw(in: $0, on: &$1) }
        #expect(lines[0].hasPrefix(" list  tree") && lines[1].contains("kind▴") && lines[1].hasSuffix("in its way"))
        func row(_ name: String) throws -> String { try #require(lines.first { $0.contains(" \(name) ") }) }
        #expect(try row("rope").hasPrefix("●  rope") && row("rope").contains("1.00 G 1.00 M"))
        #expect(try row("abf").hasPrefix(" + abf") && row("abf").contains("4.250") && row("abf").contains("0.500"))
        #expect(try row("pi").hasSuffix("the model has no rotation") && row("pi").contains("—"))
        #expect(lines[32].contains("Adjusted base frequency:") && lines[34].contains("abf:base=500000"))
        let small = Self.lines(78, 20) { Self.list().draw(in: $0, on: &$1) }
        #expect(small[1].contains("method") && small[1].contains("state") && small[1].contains("error"))
        #expect(small.count == 20 && small.contains { $0.contains("Xiong et al.") })
    }

    /// A line of time stands beside the branches: a dot under the year of the paper.
    @Test func theTreeHasADotAtEveryYear() throws {
        let lines = Self.lines(118, 36) { Self.tree().draw(in: $0, on: &$1) }
        let heading = try #require(lines[1].firstRange(of: "’23")?.lowerBound)
        let line = try #require(lines.first { $0.contains("─ yarn ") })
        let place = lines[1].distance(from: lines[1].startIndex, to: heading)
        #expect(Array(line)[place] == "●" && line.contains("YaRN · Peng et al."))
        #expect(lines.contains { $0.contains("─ ● rope") })
        let small = Self.lines(78, 20) { Self.tree().draw(in: $0, on: &$1) }
        #expect(small.contains { $0.contains("├─ yarn") })
    }

    /// In both directions, and what is not known comes last in both.
    @Test(arguments: CatalogueColumn.allCases) func everyColumnSorts(column: CatalogueColumn) {
        let up = Self.list(column).entries.map(\.name)
        let down = Self.list(column, descending: true).entries.map(\.name)
        #expect(up.count == Catalogue.all.count && Set(up) == Set(down))
        switch column {
        case .name: #expect(up == Catalogue.names.sorted() && down == up.reversed())
        case .flops:
            #expect(up.first == "rope" && up.last == "pi" && down.last == "pi" && down[down.count - 2] == "rope")
        case .cache: #expect(up.last == "pi" && down.first == "rope")
        case .state: #expect(up.first == "rope" && up.last == "pi")
        case .loss, .kept, .error: #expect(up.first == "abf" && down.first == "abf")
        case .hindrance: #expect(up.last == "pi" && down.first == "pi")
        case .kind: #expect(up.first == "rope" && down.first == "ablate")
        case .year:
            let unknown = Catalogue.all.count { $0.description.year == nil }
            #expect(Set(up.suffix(unknown)) == Set(down.suffix(unknown)))
        }
    }

    @Test func theFilterAndStepsStayInTheList() {
        let list = Self.list(.name, selected: "nope", filter: "H2O")
        #expect(list.entries.map(\.name) == ["h2o"] && list.name(after: 5) == "h2o" && list.name(after: -5) == "h2o")
        #expect(Self.list(filter: "nothing has this").name(after: 1) == nil)
        #expect(Self.tree(filter: "nothing has this").name(after: 1) == nil)
        #expect(Self.list(.name, selected: "abf").name(after: Int.max) == Catalogue.names.max())
        let tree = Self.tree()
        #expect(Set(tree.names) == Set(Catalogue.names) && tree.name(after: 0) == "yarn")
        #expect(tree.name(after: Int.min) == tree.names.first && tree.name(after: Int.max) == tree.names.last)
    }

    @Test func aPressFindsItsColumnMethodAndPage() {
        let rect = Rect(x: 2, y: 1, width: 118, height: 36)
        let list = Self.list(.name)
        let columns = list.columns(in: rect)
        #expect(columns.map(\.column) == CatalogueColumn.allCases)
        for (column, cells) in columns {
            #expect(list.column(atX: cells.lowerBound, y: 2, in: rect) == column)
            #expect(cells.upperBound <= rect.maxX)
        }
        #expect(list.column(atX: 10, y: 3, in: rect) == nil)
        let first = list.firstRow(height: list.frame(in: rect).rows.height)
        #expect(list.name(atY: 3, in: rect) == list.entries[first].name && list.name(atY: 36, in: rect) == nil)
        #expect(list.page(atX: 3, y: 1, in: rect) == .list && list.page(atX: 3, y: 2, in: rect) == nil)
        let tree = Self.tree("rope")
        #expect(tree.name(atY: 3, in: rect) == nil, "a branch is no method")
        #expect(tree.name(atY: 4, in: rect) == tree.names.first)
        // Columns are left out from the right to the left of their importance, never the name.
        let narrow = list.columns(in: Rect(x: 0, y: 0, width: 40, height: 10)).map(\.column)
        #expect(narrow == [.name, .year, .flops, .cache])
    }

    /// A dot for every method with a year, at its year.
    @Test func theFigureHasADotForEveryPaper() throws {
        let figure = try #require(Self.tree().figure)
        let marks = figure.plots[0].marks
        let dots = marks.compactMap { mark -> Double? in if case .dot(let point, _) = mark { point.x } else { nil } }
        let years = Catalogue.all.compactMap { $0.description.year }
        #expect(dots.sorted() == years.map(Double.init).sorted())
        #expect(figure.plots[0].y.ticks.count == Catalogue.all.count + MethodKind.allCases.count)
    }
}
