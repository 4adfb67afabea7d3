import RopewalkCellGrid
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// What the legend below the text says, at the sizes that terminals have.
struct LegendTests {
    private static let sizes = [(80, 24), (100, 30), (120, 40)]

    private func legend(_ keys: String, _ size: (Int, Int)) throws -> (text: String, border: String) {
        var player = try AskPlay.player("G " + keys, size: Size(width: size.0, height: size.1))
        let lines = player.frame().lines
        let footer = try #require(lines.firstIndex { $0.hasPrefix("╰") && $0.contains(" cursor ") })
        let border = try #require(lines.first { $0.contains("[1] Text") })
        let panel = try #require(lines[footer - 1].dropFirst().split(separator: "│").first)
        return (String(panel), String(border.prefix { $0 != "╮" }))
    }

    /// The share that leaves the screen is whole or not there; the layers stand in the border.
    @Test(arguments: ["~ ~ ~ ~ ~", "~ ~ ~ ~ ~ ~"], sizes) func rolloutsSayWhatLeavesTheScreen(
        keys: String, size: (Int, Int)
    ) throws {
        let legend = try legend(keys, size)
        #expect(legend.text.contains(/[0-9.]+ off (the )?screen/), "\(legend.text)")
        #expect(!legend.text.contains(#/, ·|· *$|·  /#), "\(legend.text)")
        #expect(legend.border.contains("L0–3") && legend.border.contains("rollout"), "\(legend.border)")
    }

    @Test(arguments: ["", "~", "~ ~", "~ ~ ~", "~ ~ ~ ~", "& & &", "| h h h &"], sizes) func othersAreWhole(
        keys: String, size: (Int, Int)
    ) throws {
        let legend = try legend(keys, size)
        #expect(legend.text.contains(/[a-z]{4}/) && !legend.text.contains(#/[,·] *$|^ *·|, ·/#), "\(legend.text)")
    }
}
