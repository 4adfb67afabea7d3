import RopewalkCellGrid
import TestSupport
import Testing

@testable import RopewalkApp

@Suite struct OverlayTests {
    private func picture(_ state: AppState) -> String { state.draw().lines.joined(separator: "\n") + "\n" }

    /// What is open without the panels behind it.
    private func overlay(_ state: AppState) -> String {
        var grid = Grid(size: state.size)
        let theme = Theme(depth: state.depth)
        switch state.overlay {
        case .help(let top):
            HelpOverlay(size: state.size, top: top, focused: state.panels.focused).draw(on: &grid, theme: theme)
        case .menu(let menu): MenuOverlay(menu: menu, place: state.menuPlace).draw(on: &grid, theme: theme)
        default: break
        }
        return grid.lines.joined(separator: "\n") + "\n"
    }

    @Test func helpIsMadeFromTheBindings() throws {
        var state = try Samples.state(width: 120, height: 140)
        try state.press("?")
        let screen = picture(state)
        for binding in KeyMap.bindings where !binding.help.isEmpty {
            #expect(screen.contains(binding.help.prefix(24)), "\(binding.help)")
        }
        _ = state.update(.resized(Size(width: 120, height: 64)))
        #expect(Golden.difference(overlay(state), "help-120x64") == nil)
        try state.press("Escape")
        #expect(state.overlay == nil)
    }

    /// Three columns where two would hide keys, and two where there is room for all.
    @Test func aWideScreenShowsAllKeys() throws {
        var state = try Samples.state(width: 200, height: 60)
        try state.press("?")
        let screen = picture(state)
        for binding in KeyMap.bindings where !binding.help.isEmpty {
            #expect(screen.contains(binding.help.prefix(24)), "\(binding.help)")
        }
        #expect(!screen.contains("more: j k"))
        _ = state.update(.resized(Size(width: 200, height: 90)))
        for binding in KeyMap.bindings where !binding.help.isEmpty { #expect(picture(state).contains(binding.help)) }
    }

    @Test func helpScrollsToItsEndOnASmallScreen() throws {
        var state = try Samples.state(width: 80, height: 24)
        try state.press("F1")
        #expect(Golden.difference(overlay(state), "help-80x24") == nil)
        try state.press(String(repeating: "PageDown ", count: 20))
        #expect(picture(state).contains("close the menu"))
    }

    @Test func menu() throws {
        var state = try Samples.state(width: 100, height: 34)
        let menu = MethodMenu(scenario: .plain)
        let steps = try #require(menu.entries.firstIndex { $0.description.name == "window" }) - menu.selected
        let down = "m " + String(repeating: "j ", count: steps)
        try state.press(down + "Enter Tab text:128 ")
        #expect(Golden.difference(overlay(state), "menu-100x34") == nil)
        var small = try Samples.state(width: 40, height: 10)
        try small.press(down)
        #expect(Golden.difference(overlay(small), "menu-40x10") == nil)
    }

    @Test func promptAndNotice() throws {
        var state = try Samples.state(width: 80, height: 24)
        try state.press("/ text:rab")
        #expect(state.draw().lines.last?.contains("search /rab") == true)
        try state.press("Enter : text:99999 Enter")
        let lines = state.draw().lines
        #expect(lines.contains { $0.contains("99999") && $0.contains("from 0 to") })
        try state.press("l")
        #expect(state.notice == nil)
    }

    @Test func aSmallScreenSaysWhatItNeeds() throws {
        let state = try Samples.state(width: 30, height: 6)
        #expect(picture(state).contains("40 x 10"))
    }
}
