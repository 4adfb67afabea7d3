import RopewalkCellGrid

@testable import RopewalkApp

/// The program with the sample text, and what its Answers panel says.
enum AskPlay {
    static func player(_ keys: String, size: Size = Size(width: 120, height: 40)) throws -> ScreenPlayer {
        var player = try ScreenPlayer(state: AppState(size: size), inputs: Samples.inputs())
        player.play(try KeyScript(parsing: keys))
        return player
    }

    static func table(_ player: ScreenPlayer) -> AskTable {
        var answers = Answers()
        _ = answers.frame(of: player.state)
        return AskTables(player.state).table(&answers)
    }
}
