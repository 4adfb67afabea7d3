import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// A recording in a folder on the screen: what is shown of a run, without the weights of its model.
@Suite struct RecordingAppTests {
    /// What a program has read, written by its own action.
    private static func folder(_ name: String, _ script: String = "") throws -> (folder: String, player: ScreenPlayer) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("app-\(UUID().uuidString)").path
        var player = try FamilySamples.player(name)
        if !script.isEmpty { player.play(try ActionScript(parsing: script + "; wait")) }
        player.play(try ActionScript(parsing: "recording.save \(folder); wait"))
        return (folder, player)
    }

    private static func opened(_ folder: String) throws -> ScreenPlayer {
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: folder + "/text.txt") },
            loadModel: { try Model(contentsOf: folder, needsTokenizer: false) },
            tokenise: { text, model in
                Document(text: text, encoding: try #require(model.stored).encoding, tokenizer: nil)
            }, threads: 1)
        return try ScreenPlayer(state: AppState(size: Size(width: 200, height: 60)), inputs: inputs)
    }

    @Test(arguments: ["llama_default", "gemma2", "bloom", "t5", "bert", "gpt_oss", "qwen3_moe", "modernbert"])
    func showsWhatTheRunShows(name: String) throws {
        var (folder, read) = try Self.folder(name)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(read.state.notice?.text.contains("0 tokens are recorded") == true, "\(read.state.notice?.text ?? "")")
        var stored = try Self.opened(folder)
        // Which head is shown first is found by runs over random tokens.
        stored.play(try ActionScript(parsing: "head 1.0; goto token 30"))
        read.play(try ActionScript(parsing: "head 1.0; goto token 30"))
        #expect(stored.frame().lines[0].contains("exact"), "\(stored.frame().lines[0])")
        for _ in stored.state.kinds {
            for panel in [Panel.map, .mask] {
                #expect(
                    FamilySamples.panel(panel, of: &stored) == FamilySamples.panel(panel, of: &read), "\(name) \(panel)"
                )
            }
            for panel in Preset.all.panels {
                let lines = FamilySamples.panel(panel, of: &stored)
                #expect(!lines.contains { $0.contains("not read yet") }, "\(panel)")
            }
            for player in ["K ] } W a"] {
                try stored.play(KeyScript(parsing: player))
                try read.play(KeyScript(parsing: player))
            }
        }
    }

    @Test func previewsMethodsAndStartsNoRun() throws {
        let (folder, _) = try Self.folder("llama_default")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var player = try Self.opened(folder)
        player.play(try ActionScript(parsing: "method window:size=8"))
        #expect(player.frame().lines[0].contains("preview"), "\(player.frame().lines[0])")
        #expect(player.state.notice?.kind != .error, "\(player.state.notice?.text ?? "")")
        player.play(try ActionScript(parsing: "recording.save \(folder).again"))
        #expect(player.refusals.last?.text.contains("copy its folder") == true)
    }

    /// A recording under a method opens under it.
    @Test func opensUnderItsMethods() throws {
        let (folder, _) = try Self.folder("llama_default", "method window:size=8")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var player = try Self.opened(folder)
        #expect(player.state.scenario.specs == ["window:size=8"])
        #expect(player.frame().lines[0].contains("exact"))
    }
}
