import RopewalkCellGrid
import RopewalkDocuments
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkApp
@testable import RopewalkViews

/// The map of a second model beside the first one's.
@Suite struct SecondMapTests {
    private func image(_ lens: Lens?, _ state: AppState) -> [Float] {
        lens?.map(state.mapRequest).values.map { $0.isNaN ? -1 : $0 } ?? []
    }

    @Test(arguments: [(200, 60), (120, 40), (80, 24), (60, 20), (40, 10)])
    func bothAreDrawnAtEverySize(width: Int, height: Int) throws {
        for depth in [ColourDepth.indexed256, .none] {
            for keys in ["Tab", "Tab z", "Tab z + + j l", "p"] {
                var player = try SecondSamples.player(keys: keys, width: width, height: height, depth: depth)
                let lines = player.frame().lines
                guard player.state.layout.panels[.map] != nil else { continue }
                #expect(lines.contains { $0.contains("[2] Map") && $0.contains("L3 H7") }, "\(keys)")
                #expect(lines.contains { $0.contains("╭─ book") && $0.contains("L3 H7") }, "\(keys) \(lines)")
            }
        }
    }

    /// The cells of the panel that both stand in.
    private func maps(_ player: inout ScreenPlayer) throws -> String {
        let rect = try #require(player.state.layout.panels[.map])
        let grid = player.frame()
        return (rect.y..<rect.maxY).map { y in
            (rect.x..<rect.maxX).map { grid[$0, y].text }.joined() + "\n"
        }.joined()
    }

    @Test func theScreenShowsBoth() throws {
        for (name, keys, width, height) in [
            ("beside-120x40", "Tab", 120, 40), ("beside-80x24", "Tab +", 80, 24), ("beside-wide", "Tab z", 120, 30),
        ] {
            var player = try SecondSamples.player(keys: keys, width: width, height: height)
            let text = try maps(&player)
            #expect(Golden.difference(text, name) == nil)
        }
    }

    @Test func theSecondFollowsKeysAndMouse() throws {
        var player = try SecondSamples.player(keys: "Tab z")
        let split = PanelSplit(try #require(player.state.layout.panels[.map]))
        let place = (x: split.inners.second.x + 10, y: split.inners.second.y + 8)
        let cell = try #require(
            MapView.cell(
                atX: place.x, y: place.y, in: split.inners.second, request: player.state.mapRequest, depth: .indexed256)
        )
        player.play(try KeyScript(parsing: "mouse:\(place.x),\(place.y)"))
        #expect(player.state.focus.cursor == cell.query.lowerBound)
        #expect(player.state.focus.anchor == .token(cell.key.lowerBound))
        player.play(try KeyScript(parsing: "+ + {"))
        let side = try #require(MapSide(second: player.state))
        #expect(side.request == player.state.mapRequest && side.basis == "exact")
    }

    @Test func aMethodIsPreviewedAndThenExact() throws {
        var player = try SecondSamples.player()
        player.play(try ActionScript(parsing: "method pi:factor=4"))
        #expect(player.state.secondScenario == player.state.scenario)
        #expect(player.state.secondLens?.basis == .exact)
        #expect(player.state.second?.kept.exact?.scenario == player.state.scenario)
        // Until its own run has come to the cursor it is a preview, and says so.
        var state = player.state
        state.second?.kept.exact = nil
        state.followRuns()
        #expect(MapSide(second: state)?.basis == "preview")
        #expect(state.draw().lines[0].contains("exact · preview beside"))
    }

    @Test func aModelBesideItselfHasTheSameMap() throws {
        let player = try SecondSamples.player { try Samples.model.get() }
        let own = image(player.state.lens, player.state)
        #expect(own.contains { $0 > 0.1 } && own == image(player.state.secondLens, player.state))
    }

    /// Against the attention that PEFT's merged model has, and that of the model without it.
    @Test(arguments: ["llama", "llama_rs", "gpt2"]) func anAdapterMovesTheMap(name: String) throws {
        let folder = "adapters/\(name)"
        let (ids, file) = try SecondSamples.expected(folder)
        var player = try SecondSamples.adapted(folder, adapter: folder + "/adapter", beside: folder, ids: ids)
        #expect(player.frame().lines.contains { $0.contains("╭─ \(name) ─") && $0.contains("· exact ─") })
        for (lens, tensor) in [(player.state.lens, "merged_attention"), (player.state.secondLens, "plain_attention")] {
            let expected = try file.floats(tensor)
            for head in 0..<2 {
                let request = MapRequest(layer: 1, head: head, cell: 1, rows: 20, columns: 20)
                let found = try #require(lens).map(request).values
                let differences = found.indices.map { place in
                    found[place].isNaN ? 0 : abs(found[place] - expected[head * 400 + place])
                }
                #expect(found.count { !$0.isNaN } == 210 && differences.max() ?? 1 < 1e-5, "\(tensor)")
            }
        }
    }

    /// Both lie in one folder, and are measured apart in Loss.
    @Test func anAdapterAndItsBaseAreMeasuredApart() throws {
        let folder = "adapters/llama"
        let player = try SecondSamples.adapted(folder, adapter: folder + "/adapter", beside: folder, ids: Array(1...20))
        let asked = player.state.contenders.compactMap { player.state.question($0) }
        #expect(asked.count >= 2 && asked.indices.allSatisfy { !asked[..<$0].contains(asked[$0]) })
    }

    @Test func aHeadThatTheSecondLacksIsNamed() throws {
        // Eight layers beside fewer.
        let first = try Model(contentsOf: Fixture.path("hf/gemma3"), needsTokenizer: false)
        var player = try SecondSamples.adapted(
            "hf/gemma3", adapter: nil, beside: "hf/llama_tied", keys: "] ] ] ] ] ] ] } } } } }")
        let shape = try #require(player.state.second?.model.value?.shape)
        let side = try #require(MapSide(second: player.state))
        #expect(side.request.layer == min(player.state.focus.layer, shape.layers - 1))
        #expect(side.request.head == min(player.state.focus.head, shape.heads - 1))
        #expect((side.missing == nil) == (first.shape.layers <= shape.layers && first.shape.heads <= shape.heads))
        if let missing = side.missing {
            #expect(player.frame().lines.contains { $0.contains(missing) })
        }
    }

    @Test func otherTokensHaveNoMapBeside() throws {
        var player = try SecondSamples.player(beside: SecondSamples.other)
        #expect(!player.state.hasSecondMap && MapSide(second: player.state) == nil)
        #expect(player.state.notice?.text.contains("in Loss alone") == true)
        // Its distances are counted in tokens that nobody sees.
        player.play(try ActionScript(parsing: "panel focus distance; panel.zoom"))
        let name = try #require(player.state.second?.model.value?.name)
        let lines = player.frame().lines
        // Of one line a stroke stands before the name, of several the symbols of each.
        func hasLegend(_ name: String) -> Bool {
            lines.contains { line in ["━ ", "o ", "x "].contains { line.contains($0 + name) } }
        }
        #expect(hasLegend("rope") && !hasLegend(name))
    }

    @Test func theSecondReadsBehindTheFirstAndCanBeStopped() throws {
        var state = try SecondSamples.loaded()
        #expect(state.runs.running != nil && state.second?.running == nil)
        let recording = try SecondSamples.recording(state)
        #expect(state.update(.run(.finished(recording))).map(\.label).contains("readBeside"))
        #expect(state.draw().lines[0].contains("reading beside 0 %"))
        // The first one's run goes before.
        state.change(to: try Scenario(parsing: ["pi:factor=2"]))
        #expect(state.update(.asked(.methods(.run))).map(\.label).contains("cancelBeside"))
        _ = state.update(.second(.run(state.second?.run ?? 0, .stopped(.plain, nil))))
        #expect(state.second?.running == nil)
        // What an earlier run reports is of no interest any more.
        _ = state.update(.second(.run(0, .finished(recording))))
        #expect(state.second?.kept == KeptRuns())
    }

    @Test func aRunThatFailsIsToldAndNotTriedAgain() throws {
        var state = try SecondSamples.loaded()
        _ = state.update(.run(.finished(try SecondSamples.recording(state))))
        let run = try #require(state.second?.run)
        let effects = state.update(.second(.run(run, .stopped(try Samples.model.get().defaultScenario, "no room"))))
        #expect(state.notice?.text == "no room" && !effects.map(\.label).contains("readBeside"))
    }

    @Test func learnedPlacesLimitTheSecondAlone() throws {
        let player = try SecondSamples.adapted("hf/llama_tied", adapter: nil, beside: "hf/gpt2")
        let limit = try #require(player.state.second?.model.value?.traits.limit)
        let read = player.state.second?.recording?.tokens
        #expect(read == min(limit, FamilySamples.ids.count))
        #expect(player.state.runs.kept.plain?.main?.tokens == FamilySamples.ids.count)
    }
}
