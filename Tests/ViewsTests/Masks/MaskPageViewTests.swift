import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkViews

@Suite struct MaskPageViewTests {
    private static let findings = [
        Finding(kind: .emptyQuery, count: 2, message: "queries that see no key: 2, first: query 30", query: 30),
        Finding(kind: .unreachableKey, count: 1, message: "keys that no other query sees: 1, first: key 4", key: 4),
    ]

    static func check() throws -> MaskStudy {
        let mask = try Mask(Scenario(parsing: ["lambda:sink=4,window=256"]), tokens: 4096)
        return .check(
            MaskCheck(
                tokens: 4096, findings: findings.map { MaskCheck.Fault($0) }, density: mask.density,
                causalDensity: mask.causalDensity, block: 128,
                tiles: try MaskTiles(mask, side: 128),
                groups: [
                    MaskCheck.Group(title: "lambda:sink=4,window=256, first in L0 H0", heads: 31, isShown: true),
                    MaskCheck.Group(title: "all that there is, first in L3 H7", heads: 1, isShown: false),
                ]))
    }

    static func comparison() throws -> MaskStudy {
        let a = try Mask(Scenario(parsing: ["window:size=64"]), tokens: 300)
        let b = try Mask(Scenario(parsing: ["lambda:sink=4,window=64"]), tokens: 300)
        return .comparison(MaskComparison(name: "window", other: "lambda", difference: try MaskDiff(a, b)))
    }

    static func reach() throws -> MaskStudy {
        let mask = try Mask(Scenario(parsing: ["window:size=8"]), tokens: 64)
        let reachability = Reachability(mask, layers: 4)
        let tokens = [0, 21, 42, 63]
        let columns = tokens.map { reachability.depths(from: $0) }
        return .reach(
            MaskReach(
                query: 40, key: 20, layers: 4, path: reachability.path(from: 20, to: 40), tokens: tokens,
                depths: tokens.map { row in columns.map { $0[row] } }))
    }

    private func picture(_ view: MaskPageView, _ size: Size) -> String {
        let grid = drawn(width: size.width, height: size.height) { rect, grid in
            MaskTabs(page: view.page, look: view.look).draw(in: rect, on: &grid)
            view.draw(in: MaskTabs.content(of: rect, page: view.page), on: &grid)
        }
        return PlainText.text(grid)
    }

    @Test func pagesInWords() throws {
        let look = Look(depth: .none)
        var text = ""
        for (page, study) in [
            (MaskPage.check, try Self.check()), (.compare, try Self.comparison()), (.reach, try Self.reach()),
            (.check, .impossible("own.npy: the mask spans 10 tokens")),
        ] {
            text += picture(MaskPageView(page: page, study: study, look: look), Size(width: 58, height: 16)) + "\n"
        }
        #expect(Golden.difference(text, "mask-pages") == nil)
    }

    @Test func placesAreFoundWithTheMouseAndKeptInSight() throws {
        let view = MaskPageView(page: .check, study: try Self.check(), selected: 1, look: Look(depth: .none))
        let rect = Rect(x: 0, y: 0, width: 40, height: 20)
        let grid = drawn(width: 40, height: 20) { view.draw(in: $0, on: &$1) }
        let y = try #require(grid.lines.firstIndex { $0.contains("unreachable-key") })
        #expect(view.place(atY: y, in: rect) == 1 && view.place(atY: 0, in: rect) == nil)
        #expect(grid[0, y].style == Look(depth: .none).theme.selection)
        let small = drawn(width: 40, height: 4) { view.draw(in: $0, on: &$1) }
        #expect(small.lines.joined().contains("unreachable-key") && small.lines.joined().contains("more"))
    }

    @Test func whatIsMissingIsSaid() {
        let look = Look(depth: .none)
        let waiting = picture(MaskPageView(page: .check, study: nil, look: look), Size(width: 50, height: 6))
        #expect(waiting.contains("is being looked at"))
        let advice = MaskPageView(page: .compare, study: nil, advice: "d asks for a method", look: look)
        #expect(picture(advice, Size(width: 50, height: 6)).contains("d asks for a method"))
    }

    @Test func aTabIsWhereItIsDrawn() throws {
        let rect = Rect(x: 3, y: 2, width: 58, height: 14)
        var grid = Grid(size: Size(width: 64, height: 20))
        MaskTabs(page: .row, look: Look(depth: .none)).draw(in: rect, on: &grid)
        let line = Array(grid.lines[2])
        for page in MaskPage.pages(withKernel: false) {
            let x = try #require(line.indices.first { String(line[$0...]).hasPrefix(page.rawValue) })
            #expect(MaskTabs.page(atX: x, in: rect) == page)
        }
        #expect(MaskTabs.content(of: Rect(x: 0, y: 0, width: 9, height: 6), page: .row).height == 6)
        #expect(MaskTabs.content(of: Rect(x: 0, y: 0, width: 9, height: 6), page: .check).height == 5)
    }

    @Test func noPageWritesOutside() throws {
        for study in [try Self.check(), try Self.comparison(), try Self.reach()] {
            for width in [0, 1, 7, 30, 90] {
                for height in [0, 1, 2, 9] {
                    let view = MaskPageView(page: .reach, study: study, look: Look(depth: .ansi8))
                    var grid = Grid(size: Size(width: width + 4, height: height + 4))
                    let rect = Rect(x: 2, y: 2, width: width, height: height)
                    MaskTabs(page: .reach, look: view.look).draw(in: rect, on: &grid)
                    view.draw(in: MaskTabs.content(of: rect, page: .reach), on: &grid)
                    for y in 0..<height + 4 {
                        for x in 0..<width + 4 where !rect.contains(x: x, y: y) { #expect(grid[x, y] == .blank) }
                    }
                }
            }
        }
    }
}
