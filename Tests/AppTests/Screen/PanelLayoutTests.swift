import RopewalkCellGrid
import Testing

@testable import RopewalkApp

@Suite struct PanelLayoutTests {
    static let sizes = [(200, 60), (160, 50), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10)]

    private func table(_ preset: Preset, beside: Panel? = nil) -> [String] {
        Self.sizes.map { width, height in
            let layout = PanelLayout(
                size: Size(width: width, height: height), shown: preset.panels, focus: preset.focused, beside: beside)
            let panels = layout.order.compactMap { panel in
                layout.panels[panel].map { "\(panel.name) \($0.x),\($0.y) \($0.width)x\($0.height)" }
            }
            return "\(width)x\(height): " + panels.joined(separator: " · ")
        }
    }

    @Test func explore() {
        #expect(
            table(.explore, beside: .map) == [
                "200x60: Text 0,1 66x58 · Map 66,1 67x33 · Heads 66,34 67x25 · Rotation 133,1 67x58",
                "160x50: Text 0,1 53x48 · Map 53,1 53x27 · Heads 53,28 53x21 · Rotation 106,1 54x48",
                "120x40: Text 0,1 60x22 · Rotation 0,23 60x16 · Map 60,1 60x22 · Heads 60,23 60x16",
                "100x30: Text 0,1 50x16 · Rotation 0,17 50x12 · Map 50,1 50x16 · Heads 50,17 50x12",
                "80x24: Text 0,1 40x22 · Map 40,1 40x22",
                "60x20: Text 0,1 60x9 · Map 0,10 60x9",
                "40x10: Text 0,1 40x8",
            ])
    }

    /// Beside a short text the table of a word has room for all its columns.
    @Test func word() {
        #expect(
            table(.word) == [
                "200x60: Text 0,1 100x58 · Word 100,1 100x58", "160x50: Text 0,1 80x48 · Word 80,1 80x48",
                "120x40: Text 0,1 40x38 · Word 40,1 80x38", "100x30: Text 0,1 40x28 · Word 40,1 60x28",
                "80x24: Text 0,1 80x8 · Word 0,9 80x14", "60x20: Text 0,1 60x7 · Word 0,8 60x11",
                "40x10: Word 0,1 40x8",
            ])
    }

    @Test func rotation() {
        #expect(
            table(.rotation) == [
                "200x60: Text 0,1 66x58 · Loss 66,1 67x58 · Rotation 133,1 67x29 · Distance 133,30 67x29",
                "160x50: Text 0,1 53x48 · Loss 53,1 53x48 · Rotation 106,1 54x24 · Distance 106,25 54x24",
                "120x40: Text 0,1 60x22 · Rotation 0,23 60x16 · Loss 60,1 60x19 · Distance 60,20 60x19",
                "100x30: Text 0,1 50x16 · Rotation 0,17 50x12 · Loss 50,1 50x14 · Distance 50,15 50x14",
                "80x24: Text 0,1 80x12 · Rotation 0,13 80x10",
                "60x20: Text 0,1 60x10 · Rotation 0,11 60x8",
                "40x10: Rotation 0,1 40x8",
            ])
    }

    @Test func allPanelsAreDroppedOneByOneWhereThereIsNoRoom() {
        #expect(
            table(.all) == [
                "200x60: Text 0,1 66x58 · Map 66,1 67x18 · Mask 66,19 67x13 · Heads 66,32 67x13 · Loss 66,45 67x14"
                    + " · Rotation 133,1 67x12 · Distance 133,13 67x12 · Answers 133,25 67x17 · Word 133,42 67x17",
                "160x50: Text 0,1 53x48 · Map 53,1 53x15 · Mask 53,16 53x11 · Heads 53,27 53x11 · Loss 53,38 53x11"
                    + " · Rotation 106,1 54x10 · Distance 106,11 54x10 · Answers 106,21 54x14 · Word 106,35 54x14",
                "120x40: Text 0,1 60x22 · Rotation 0,23 60x16 · Map 60,1 60x15 · Mask 60,16 60x11 · Heads 60,27 60x12",
                "100x30: Text 0,1 50x16 · Rotation 0,17 50x12 · Map 50,1 50x16 · Mask 50,17 50x12",
                "80x24: Text 0,1 40x22 · Map 40,1 40x22",
                "60x20: Text 0,1 60x9 · Map 0,10 60x9",
                "40x10: Text 0,1 40x8",
            ])
    }

    @Test func aZoomedPanelTakesTheScreenAndASmallScreenHoldsNone() {
        let size = Size(width: 80, height: 24)
        let zoomed = PanelLayout(size: size, shown: Preset.all.panels, focus: .mask, zoomed: true)
        #expect(zoomed.panels == [.mask: Rect(x: 0, y: 1, width: 80, height: 22)])
        for size in [Size(width: 39, height: 24), Size(width: 80, height: 9), Size(width: 0, height: 0)] {
            let layout = PanelLayout(size: size, shown: Preset.all.panels, focus: .text)
            #expect(layout.isTooSmall && layout.panels.isEmpty)
        }
    }

    /// Panels fill the area between header and status without overlap, whatever is shown, at any size.
    @Test func panelsTileTheScreen() {
        for width in stride(from: 40, through: 320, by: 13) {
            for height in stride(from: 10, through: 90, by: 7) {
                for mask in 1..<32 {
                    let shown = Set(Panel.allCases.filter { mask >> ($0.rawValue - 1) & 1 == 1 })
                    guard let focus = shown.first else { continue }
                    let layout = PanelLayout(size: Size(width: width, height: height), shown: shown, focus: focus)
                    let cells = layout.panels.values.reduce(0) { $0 + $1.width * $1.height }
                    #expect(cells == width * (height - 2), "\(width)x\(height) \(shown)")
                    #expect(layout.panels[focus] != nil)
                }
            }
        }
    }
}
