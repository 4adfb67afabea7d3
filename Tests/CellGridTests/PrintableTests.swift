import RopewalkCellGrid
import Testing

@Suite struct PrintableTests {
    @Test func everyControlCharacterIsVisibleInOneCell() {
        var values = Array(UInt32(0)..<0x20) + Array(0x7F..<0xA0)
        values += [0xAD, 0x61C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF, 0xFE0F, 0x3164]
        values += Array(0x202A...0x202E) + Array(0x2066...0x2069) + [0xE000, 0xFFFE, 0xE0001, 0x10FFFF]
        for value in values {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var grid = Grid(size: Size(width: 3, height: 1))
            #expect(grid.write(String(scalar), x: 0, y: 0) == 1)
            #expect(grid[0, 0].text != " " && grid[0, 0].text != String(scalar), "U+\(String(value, radix: 16))")
            #expect(CellWidth.of(String(scalar)) == 1)
        }
        #expect(Printable.text("a\u{7}\t\u{7F}\r\n\u{202E}b") == "a␇␉␡␤⇄b")
    }

    @Test(arguments: [
        ("a", 1), ("é", 1), ("中", 2), ("Ａ", 2), ("ｱ", 1), ("😀", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("\u{301}", 0),
        ("e\u{301}", 1), ("👨‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 1), ("1️⃣", 1), ("…", 1), ("▀", 1), ("\u{3000}", 2), ("", 0),
        ("क्षि", 3), ("\r\n", 1),
    ])
    func widths(_ text: String, _ width: Int) {
        #expect(CellWidth.of(text) == width)
        var grid = Grid(size: Size(width: 8, height: 1))
        #expect(grid.write(text, x: 1, y: 0) == 1 + width)
    }

    @Test func everyGlyphHasOneSpacingScalarAtMost() {
        for glyph in DisplayText.glyphs("👨‍👩‍👧🇩🇪क्षिe\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{202E}") {
            let spacing = glyph.text.unicodeScalars.filter { CellWidth.of(String($0)) > 0 }
            #expect(spacing.count == 1 && glyph.text.unicodeScalars.count <= 1 + DisplayText.mostMarks)
        }
    }

    @Test func everyScalarOccupiesWhatItsWidthSays() {
        for value in stride(from: UInt32(0), to: 0x20000, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var grid = Grid(size: Size(width: 4, height: 1))
            let end = grid.write("x" + String(scalar), x: 0, y: 0)
            #expect(end == CellWidth.of("x" + String(scalar)))
            let shown = grid.text(row: 0)
            #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.properties.generalCategory != .format })
        }
    }

    @Test func prefixesFit() {
        #expect(CellWidth.prefix(of: "中文", fitting: 3) == ("中", 2))
        #expect(CellWidth.truncated("中文", to: 3) == "中…")
        #expect(CellWidth.truncated("中文", to: 4) == "中文")
        #expect(CellWidth.truncated("ab", to: 0) == "")
    }
}
