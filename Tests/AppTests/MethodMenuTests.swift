import CellGrid
import Methods
import Testing

@testable import App

@Suite struct MethodMenuTests {
    private func index(_ name: String, in menu: MethodMenu) throws -> Int {
        try #require(menu.entries.firstIndex { $0.description.name == name })
    }

    @Test func oneOfPositionAndSelectionSeveralWindows() throws {
        var menu = MethodMenu(scenario: .plain)
        for name in ["pi", "window", "lambda", "topk"] {
            menu.select(try index(name, in: menu))
            menu.choose()
        }
        #expect(menu.scenario?.specs.map { $0.prefix { $0 != ":" } } == ["pi", "window", "lambda", "topk"])
        menu.select(try index("ntk", in: menu))
        #expect(menu.replaced(by: menu.selected) == "pi")
        menu.choose()
        #expect(menu.scenario?.position is NTKAware)
        menu.choose()
        #expect(menu.scenario?.position is RoPE)
    }

    @Test func numbersAreTypedSteppedAndChecked() throws {
        var menu = MethodMenu(scenario: .plain)
        menu.select(try index("lambda", in: menu))
        menu.choose()
        menu.step(1)
        #expect(menu.entries[menu.selected].values[0] == 5)
        menu.selectParameter(1)
        menu.step(-1)
        #expect(menu.entries[menu.selected].values[1] == 256)
        for digit in "100" { menu.type(digit) }
        menu.choose()
        #expect(menu.scenario?.specs == ["lambda:sink=5,window=100"])
        menu.type("0")
        menu.choose()
        #expect(menu.refusal?.contains("window") == true)
        #expect(menu.scenario?.specs == ["lambda:sink=5,window=100"])
        menu.type("x")
        #expect(menu.typed == nil)
    }

    @Test func choosingPreviewsAtOnceAndTheRunFollowsWhenTheMenuCloses() throws {
        var state = try Samples.stateWithModel()
        let steps = try index("window", in: MethodMenu(scenario: .plain)) - MethodMenu(scenario: .plain).selected
        try state.press("m " + String(repeating: "j ", count: steps) + "Enter")
        #expect(state.scenario.specs == ["window:size=512"] || state.scenario.specs.first?.hasPrefix("window") == true)
        #expect(state.overlay != nil)
        try state.press("Right")
        #expect(state.scenario.specs.first?.hasPrefix("window:size=") == true)
        try state.press("Escape y")
        #expect(state.scenario.isPlain && state.overlay == nil)
    }

    @Test func aClickChoosesAnEntry() throws {
        var state = try Samples.state()
        let closed = MethodMenu(scenario: .plain)
        let wanted = try index("topk", in: closed)
        // Near enough to be on the screen.
        try state.press("m " + String(repeating: "j ", count: wanted - closed.selected - 1))
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        let overlay = MenuOverlay(menu: menu, place: state.menuPlace)
        #expect(menu.selected == wanted - 1)
        let row = try #require(
            (0..<state.size.height).first { overlay.entry(atX: overlay.rect.x + 5, y: $0) == wanted })
        try state.press("mouse:\(overlay.rect.x + 5),\(row)")
        #expect(state.scenario.selection is TopK)
        try state.press("mouse:0,0")
        #expect(state.overlay == nil)
    }

    @Test func whatChangesNothingSaysWhy() throws {
        var menu = MethodMenu(scenario: .plain)
        for name in ["full", "causal"] {
            menu.select(try index(name, in: menu))
            menu.choose()
            #expect(menu.refusal?.contains("changes nothing") == true)
            #expect(menu.scenario?.isPlain == true)
        }
    }

    /// The reason for a refused number is not lost with the entry or the menu.
    @Test func aRefusedNumberKeepsTheMenuOpen() throws {
        var state = try Samples.stateWithModel()
        let steps = try index("window", in: MethodMenu(scenario: .plain)) - MethodMenu(scenario: .plain).selected
        try state.press("m " + String(repeating: "j ", count: steps) + "text:0 Escape")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        #expect(menu.refusal?.contains("1 to") == true)
        try state.press("text:0 j")
        guard case .menu(let still) = state.overlay else { throw AppError.loading("no menu") }
        #expect(still.selected == menu.selected && still.refusal != nil)
        try state.press("j Escape")
        #expect(state.overlay == nil)
    }

    @Test func stepsStopAtTheRangeAndSayIt() throws {
        var menu = MethodMenu(scenario: .plain)
        menu.select(try index("pi", in: menu))
        for _ in 0..<10 { menu.step(-1) }
        #expect(menu.refusal?.contains("factor takes") == true)
        menu.step(1)
        #expect(menu.refusal == nil)
    }

    /// The menu leaves the cursor's row of the text in sight at every size and preset.
    @Test func theMenuDoesNotCoverTheCursor() throws {
        for (width, height) in [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10)] {
            for preset in ["", "p", "p p", "p p p", "z"] {
                var state = try Samples.state(width: width, height: height)
                try state.press("l l l \(preset) m")
                guard state.layout.panels[.text] != nil else { continue }
                let area = state.menuPlace.area
                let rect = state.textRect
                let rows = try #require(state.textLayout).rows(from: state.top, count: rect.height)
                let row = try #require(rows.firstIndex { $0.bytes.contains(state.cursorByte) })
                let name: Comment = "\(width)x\(height) \(preset)"
                #expect(!area.contains(x: rect.x, y: rect.y + row), name)
                #expect(area.height >= min(8, (height - 2) / 2) && area.maxX <= width && area.maxY < height, name)
            }
        }
    }
}
