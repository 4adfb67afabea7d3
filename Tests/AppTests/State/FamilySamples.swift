import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport

@testable import RopewalkApp

/// The small models of every family with some token ids, which have no text.
enum FamilySamples {
    static let ids: [Int32] = (0..<60).map { (place: Int32) -> Int32 in
        let mixed: Int32 = place * 17 + place * place * 5
        return 3 + mixed % 55
    }

    /// A model that has read everything, after some keys.
    static func player(
        _ name: String, keys: String = "", width: Int = 200, height: Int = 60, limit: Int? = nil
    ) throws -> ScreenPlayer {
        let inputs = ProgramInputs(
            loadText: { try Document(ids: ids, tokenizer: nil).text },
            loadModel: { try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false) },
            tokenise: { _, _ in try Document(ids: ids, tokenizer: nil) }, threads: 1)
        let size = Size(width: width, height: height)
        var player = try ScreenPlayer(state: AppState(size: size, tokenLimit: limit), inputs: inputs)
        try player.play(KeyScript(parsing: keys))
        return player
    }

    /// The lines of a panel, with its borders.
    static func panel(_ panel: Panel, of player: inout ScreenPlayer) -> [String] {
        let grid = player.frame()
        guard let rect = player.state.layout.panels[panel] else { return [] }
        return (rect.y..<rect.maxY).map { y in (rect.x..<rect.maxX).map { grid[$0, y].text }.joined() }
    }
}
