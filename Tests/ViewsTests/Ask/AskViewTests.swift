import RopewalkCellGrid
import Testing

@testable import RopewalkViews

@Suite struct AskViewTests {
    private func view(_ depth: ColourDepth, rows: Int, selected: Int = 0) -> AskView {
        AskView(
            page: .keys, summary: ["206 “␣Oh” reads in L3 H7; sinks and special tokens, at the end: weight 0.61"],
            columns: [.init("token", width: 7), .init("away", width: 7), .init("weight", width: 7)],
            rows: AskView.Rows(
                (0..<rows).map {
                    AskView.Row(
                        cells: ["\($0)", "\(206 - $0)", "0.71"], before: "what stands before 孔子 ", word: "␣dear",
                        after: "! Oh dear, and more of it", remark: $0 % 3 == 2 ? "sink" : "")
                }), selected: selected, look: Look(depth: depth))
    }

    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (100, 50), (200, 4), (5, 60),
    ]

    @Test(arguments: ColourDepth.allCases, sizes) func itStaysInsideAtEverySize(depth: ColourDepth, size: (Int, Int)) {
        for rows in [0, 1, 90] {
            var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
            let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
            let view = view(depth, rows: rows, selected: rows - 1)
            view.draw(in: rect, on: &grid)
            _ = view.footer(in: rect)
            for y in 0..<grid.size.height {
                let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                #expect(outside.isEmpty, "\(size), row \(y - 3)")
            }
        }
    }

    /// A matrix stays inside too, and a press finds the row that was drawn.
    @Test(arguments: ColourDepth.allCases, sizes) func matricesStayInside(depth: ColourDepth, size: (Int, Int)) {
        for count in [1, 7, 300] {
            let rows = Dictionary(
                uniqueKeysWithValues: (0..<count).map { row in (row, (0..<count).map { Float($0 % 5) / Float(row + 9) })
                })
            let matrix = PartsMatrix(
                count: count, rows: rows, selected: count - 1, isCausal: true, label: { "part \($0) 孔子" })
            let view = AskView(
                page: .sentences, summary: ["sentence 7 reads"],
                rows: AskView.Rows(
                    (0..<count).map { _ in
                        AskView.Row(cells: [], word: "")
                    }), selected: count - 1, matrix: matrix, look: Look(depth: depth))
            var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
            let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
            view.draw(in: rect, on: &grid)
            _ = view.footer(in: rect)
            for y in 0..<grid.size.height {
                let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                #expect(outside.isEmpty, "\(size), row \(y - 3)")
                if let row = view.row(atY: y, in: rect) { #expect(row < count) }
            }
        }
    }

    /// The key that is looked at is seen wherever it stands, and a press finds the cell of two parts.
    @Test(arguments: [(40, 6), (76, 18), (100, 30)]) func theColumnOfAKeyIsSeen(_ width: Int, _ height: Int) {
        let rect = Rect(x: 2, y: 1, width: width, height: height)
        for column in [0, 140, 299] {
            let rows = [200: (0..<300).map { Float($0) }]
            let matrix = PartsMatrix(
                count: 300, rows: rows, selected: 200, column: column, isCausal: false, label: { "part \($0)" })
            let frame = matrix.frame(in: rect)
            #expect(frame.columns.contains(column) && frame.rows.contains(200))
            let x = frame.x + (column - frame.columns.lowerBound) * frame.cellWidth
            let found = matrix.cell(atX: x, y: frame.y + 200 - frame.rows.lowerBound, in: rect)
            #expect(found?.row == 200 && found?.column == column)
            #expect(matrix.cell(atX: frame.x - 1, y: frame.y, in: rect) == nil)
            let figure = matrix.figure(title: "parts", map: .viridis)
            let raster = figure?.plots.first?.raster
            #expect(raster?.rows == 48 && raster?.columns == 48 && raster?.values.contains(Float(column)) == true)
            #expect(figure?.remarks.contains { $0.contains("Of 300 parts") } == true)
        }
        let unknown = PartsMatrix(count: 3, rows: [:], selected: 0, isCausal: true, label: { "\($0)" })
        #expect(unknown.figure(title: "parts", map: .viridis) == nil)
    }

    /// Columns are told by the numbers of their rows and by words, not by single letters where there is room; what has none is counted.
    @Test func theColumnsOfAMatrixHaveNames() {
        func lines(_ count: Int, _ width: Int, _ height: Int) -> [String] {
            let rows = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, [Float](repeating: 0.1, count: count)) })
            let matrix = PartsMatrix(
                count: count, rows: rows, selected: count - 1, isCausal: true, label: { "Sentence \($0) of many" })
            var grid = Grid(size: Size(width: width, height: height))
            matrix.draw(in: grid.bounds, look: Look(depth: .none), on: &grid)
            return grid.lines
        }
        let few = lines(8, 78, 20)
        #expect(few[0].contains("0 Sen 1 Sen") && few[1].contains("tence tence"), "\(few)")
        #expect(!few.contains { $0.contains("more") })
        let many = lines(14, 78, 14)
        #expect(many[0].contains("0  1  2  3") && many.contains { $0.contains("…  …  …") }, "\(many)")
        #expect(many.contains { $0.contains("… 5 more") }, "\(many)")
        let most = lines(60, 78, 20)
        #expect(most[0].contains("3 3 3 4 4 4") && most[1].contains("7 8 9 0 1 2"), "\(most)")
    }

    /// The words stand in one column, the page is that of the selected line, and a press finds what was drawn.
    @Test func linesArePagedAndFound() {
        let rect = Rect(x: 0, y: 0, width: 58, height: 9)
        let view = view(.none, rows: 30, selected: 7)
        var grid = Grid(size: Size(width: 58, height: 9))
        view.draw(in: rect, on: &grid)
        let rows = view.frame(in: rect).rows
        #expect(
            view.footer(in: rect)
                == "lines \(7 / rows.height * rows.height + 1)–\(7 / rows.height * rows.height + rows.height) of 30")
        #expect(view.row(atY: rows.y, in: rect) == view.firstRow(height: rows.height))
        #expect(view.row(atY: rows.y - 1, in: rect) == nil)
        #expect(view.page(atX: 1, y: 0, in: rect) == .keys && view.page(atX: 9, y: 0, in: rect) == .readers)
        let columns = (rows.y..<rows.maxY).compactMap { y in
            grid.lines[y].range(of: "␣dear").map {
                grid.lines[y].distance(from: grid.lines[y].startIndex, to: $0.lowerBound)
            }
        }
        #expect(columns.count == rows.height && Set(columns).count == 1)
    }
}
