import Foundation
import RopewalkMethods
import TestSupport
import Testing

@Suite struct CataloguePageTests {
    /// The second part of `docs/METHODS.md` is made from the catalogue: RECORD_GOLDEN=1 makes it anew.
    @Test func thePageOfMethodsIsUpToDate() throws {
        let page = Fixture.project.appendingPathComponent("docs/METHODS.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: CataloguePageText.marker)?.lowerBound)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try (text[..<start] + CataloguePageText.text).write(to: page, atomically: true, encoding: .utf8)
            Issue.record("recorded \(page.path): look at it, then run again without RECORD_GOLDEN")
        }
        #expect(try String(contentsOf: page, encoding: .utf8)[start...] == CataloguePageText.text)
    }

    /// A bar in a formula would end its cell.
    @Test func everyRowHasSixCells() {
        let rows = CataloguePageText.text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == Catalogue.all.count)
        for row in rows {
            #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 7, "\(row)")
        }
    }
}
