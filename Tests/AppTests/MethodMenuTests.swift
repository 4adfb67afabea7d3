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
        try state.press("m")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        let overlay = MenuOverlay(menu: menu, size: state.size)
        let wanted = try index("topk", in: menu)
        let row = try #require(
            (0..<state.size.height).first { overlay.entry(atX: overlay.rect.x + 5, y: $0) == wanted })
        try state.press("mouse:\(overlay.rect.x + 5),\(row)")
        #expect(state.scenario.selection is TopK)
        try state.press("mouse:0,0")
        #expect(state.overlay == nil)
    }
}
