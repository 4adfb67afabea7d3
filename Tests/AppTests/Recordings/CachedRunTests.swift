import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp

/// What was read once is on the screen at once the second time, and said to be of then.
@Suite struct CachedRunTests {
    private let cache = RecordingCache(
        folder: FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)").path,
        limit: 1 << 30, program: "test")

    private func player(_ name: String = "llama_default", cache: RecordingCache?) throws -> ScreenPlayer {
        var inputs = ProgramInputs(
            loadText: { try Document(ids: FamilySamples.ids, tokenizer: nil).text },
            loadModel: { try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false) },
            tokenise: { _, _ in try Document(ids: FamilySamples.ids, tokenizer: nil) }, threads: 1)
        inputs.cache = cache
        return try ScreenPlayer(state: AppState(size: Size(width: 200, height: 60)), inputs: inputs)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: cache.folder) }

    @Test func theSecondTimeNothingIsRun() throws {
        defer { remove() }
        var first = try player(cache: cache)
        #expect(!first.frame().lines[0].contains("recorded"), "\(first.frame().lines[0])")
        #expect(cache.entries().count == 1 && cache.entries().first?.tokens == FamilySamples.ids.count)
        var second = try player(cache: cache)
        #expect(second.state.runs.kept.plain?.main?.isStored == true)
        #expect(second.frame().lines[0].contains("exact · recorded 2"), "\(second.frame().lines[0])")
        #expect(cache.entries().count == 1)
        for panel in Preset.all.panels {
            #expect(FamilySamples.panel(panel, of: &second) == FamilySamples.panel(panel, of: &first), "\(panel)")
        }
        // What needs weights has them.
        #expect(second.state.sources.model.value?.hasWeights == true)
        let scripts = ["method window:size=8; wait", "method yarn:factor=2; wait", "method window:size=8; wait"]
        for (place, script) in scripts.enumerated() {
            for index in 0..<2 {
                var player = index == 0 ? first : second
                player.play(try ActionScript(parsing: script))
                #expect(player.frame().lines[0].contains("exact"), "\(player.frame().lines[0])")
                if index == 0 { first = player } else { second = player }
            }
            #expect(cache.entries().count == min(3, place + 2))
            #expect(FamilySamples.panel(.map, of: &second) == FamilySamples.panel(.map, of: &first), "\(script)")
        }
    }

    @Test func whatIsDamagedIsRunAgain() throws {
        defer { remove() }
        _ = try player(cache: cache)
        let id = try #require(cache.entries().first?.id)
        let part = cache.folder + "/\(id)/part-00000.safetensors"
        truncate(part, 100)
        var player = try player(cache: cache)
        #expect(player.frame().lines[0].contains("exact") && !player.frame().lines[0].contains("recorded"))
        #expect(player.state.notice?.kind != .error && player.refusals.isEmpty)
        #expect(cache.entries().map(\.id) == [id])
        #expect(try FileManager.default.attributesOfItem(atPath: part)[.size] as? Int != 100)
    }

    @Test func whatCannotBeKeptIsTold() throws {
        defer { remove() }
        let small = RecordingCache(folder: cache.folder, limit: 1000, program: "test")
        let player = try player(cache: small)
        #expect(player.state.notice?.kind == .warning, "\(player.state.notice?.text ?? "")")
        #expect(player.state.notice?.text.contains("is not kept") == true, "\(player.state.notice?.text ?? "")")
        #expect(player.state.unwritten.isEmpty)
        // What files do not hold is no news.
        #expect(try self.player("qwen3_moe", cache: small).state.notice?.text.contains("kept") != true)
        #expect(try self.player(cache: nil).state.runs.kept.plain?.main?.recorded == nil)
    }
}
