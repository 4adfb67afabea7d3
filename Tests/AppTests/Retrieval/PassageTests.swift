import RopewalkCellGrid
import RopewalkDocuments
import RopewalkRetrieval
import RopewalkViews
import Testing

@testable import RopewalkApp

/// Passages by both ranks, and what is retrieved for chunks beside what the model reads of them.
@Suite struct PassageTests {
    /// Some hundreds of tokens: several chunks.
    private static let text = [
        "White whales swim in the cold sea. A whale sings for hours, and other whales answer.",
        (1...12).map { "Spinner \($0) walks backwards down the lane before noon." }.joined(separator: " "),
        "At the far end the yarns were tarred and dried for nine days.",
        (13...24).map { "Spinner \($0) walks backwards down the lane before noon." }.joined(separator: " "),
        "The whales of the cold sea sing again, and who has heard them answers.",
    ].joined(separator: "\n\n")

    private static func player(_ size: Size = Size(width: 160, height: 50)) throws -> ScreenPlayer {
        try ScreenPlayer(state: AppState(size: size), inputs: Samples.inputs(text: text))
    }

    /// Typed words are looked up by their terms and by the states of the recording; `n` says both.
    @Test func bothRanksAreSaid() throws {
        var player = try Self.player()
        player.play(try ActionScript(parsing: "wait; search.forwards \"about:whales that sing\"; wait"))
        let search = try #require(player.state.window.search)
        let answer = try #require(search.passages)
        #expect(answer.remark == nil && answer.asking == nil && answer.leaks.isEmpty)
        #expect(search.hits == answer.hits.map(\.bytes) && search.names.count == search.hits.count)
        #expect(answer.hits.allSatisfy { $0.hit.byVector != nil } && answer.hits.contains { $0.hit.byTerms != nil })
        #expect(answer.hits.map(\.rank).sorted() == Array(1...answer.hits.count))
        let best = try #require(answer.hits.first { $0.rank == 1 })
        let fused =
            (best.hit.byTerms.map { 1 / Double(60 + $0.rank) } ?? 0)
            + (best.hit.byVector.map { 1 / Double(60 + $0.rank) } ?? 0)
        #expect(abs(best.hit.fused - fused) < 1e-12)
        player.play(try ActionScript(parsing: "search.next"))
        let notice = try #require(player.state.notice?.text)
        #expect(notice.hasPrefix("passage #") && notice.contains("fused 0.0") && notice.contains("states #"))
    }

    /// The chunk at the cursor asks: nothing of it and nothing later is found, and that is shown.
    @Test func theChunkAtTheCursorAsks() throws {
        var player = try Self.player()
        player.play(try ActionScript(parsing: "wait; goto share 60%; search.forwards about:; wait"))
        let answer = try #require(player.state.window.search?.passages)
        let asking = try #require(answer.asking)
        #expect(asking.lowerBound <= player.state.cursorByte)
        #expect(!answer.hits.isEmpty && answer.hits.allSatisfy { $0.bytes.upperBound <= asking.lowerBound })
        #expect(answer.leaks.contains { $0.leak == .overlaps } && answer.leaks.contains { $0.leak == .later })
        #expect(player.state.notice?.text.contains("left out as leaks") == true)
        let names = player.state.placeList(.hits).entries.map(\.name)
        #expect(names.count == answer.hits.count + answer.leaks.count && names.contains { $0.hasPrefix("leak, ") })
        var named = try Self.player()
        named.play(try ActionScript(parsing: "wait; goto share 60%; retrieval.cursor; wait"))
        #expect(named.state.window.search?.passages?.hits.map(\.bytes) == answer.hits.map(\.bytes))
        named.play(try ActionScript(parsing: "retrieval.last; wait"))
        let last = try #require(named.state.window.search?.passages)
        #expect(last.query == .last && last.leaks.allSatisfy { $0.leak == .overlaps })
    }

    /// Without a recording terms alone are compared, and why is said.
    @Test func withoutARecordingTermsAloneAreCompared() throws {
        var state = try Samples.state(text: Self.text)
        let effects = state.find("about:yarns", forwards: true)
        #expect(effects.map(\.label) == ["find about:yarns"] && state.isBusy)
        // Its terms are lit already.
        #expect((1...2).contains(state.window.search?.hits.count ?? 0))
        guard case .passages(.find(let ask)) = effects[0] else { return }
        #expect(ask.remark == "by terms alone: no model has read the text" && ask.states == nil)
        let text = try #require(state.sources.text.value)
        let index = try PassageIndex(text, TextRetrieval.plan.chunks(text), states: nil)
        let found = try index.retriever.find(RetrievalQuery(words: "yarns"), count: 10)
        let answer = PassageAnswer(ask.query, asking: nil, found, index.chunks, remark: ask.remark)
        _ = state.update(
            .passages(.found(answer, pattern: ask.pattern, forwards: true, number: ask.number)))
        #expect(state.passages.asked == nil && state.notice?.text.contains("by terms alone") == true)
        let late = state.notice
        _ = state.update(.passages(.notFound("too late", number: ask.number - 1)))
        #expect(state.notice == late)
    }

    /// Means of recorded states, as they are defined.
    @Test func vectorsAreMeansOfLastStates() throws {
        var player = try Self.player()
        player.play(try ActionScript(parsing: "wait"))
        let document = try #require(player.state.sources.document.value)
        let recording = try #require(player.state.runs.kept.plain?.decoder)
        let states = PassageStates(document: document, recording: recording)
        let index = try PassageIndex(document.text, ChunkMap.plan.chunks(document), states: states)
        #expect(index.hasStates && index.chunks.count > 4 && index.last == index.chunks.count - 1)
        let chunk = index.chunks[2]
        var mean = [Double](repeating: 0, count: recording.shape.hidden)
        for token in chunk.units {
            for (place, number) in (recording.lastHidden(of: token) ?? []).enumerated() {
                mean[place] += Double(number) / Double(chunk.units.count)
            }
        }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let vector = try #require(index.vector(2))
        #expect(zip(vector, mean).allSatisfy { abs(Double($0) - $1 / length) < 1e-5 })
        #expect(index.chunk(atByte: chunk.bytes.lowerBound) == 2)
        #expect(index.chunk(atByte: chunk.bytes.upperBound - 1) == 2 && index.chunk(atByte: 0) == 0)
    }

    /// A page of both maps with their agreement; Enter goes to the chunk, what it reads as the anchor.
    @Test func chunksAreMappedBesideAttention() throws {
        var player = try Self.player()
        player.play(try ActionScript(parsing: "panel show loss; loss.page retrieval; wait"))
        #expect(player.refusals.isEmpty)
        let state = player.state
        let question = try #require(state.chunkMapQuestion)
        let map = try #require(state.passages.map(of: question))
        #expect(map.isComplete && map.problem == nil && state.passages.running == nil)
        #expect(map.attention.count == map.chunks.count && map.found.count == map.chunks.count)
        // Shares of each chunk's attention: less than all where special tokens, which lie in no chunk, get some.
        for row in map.attention { #expect(row.reduce(0, +) > 0 && row.reduce(0, +) < 1.001) }
        #expect(map.attention[0].dropFirst().allSatisfy { $0 == 0 })
        for (chunk, found) in map.found.enumerated() {
            #expect(found.hits.allSatisfy { $0.chunk < chunk } && found.hits.count <= ChunkMap.count)
        }
        let screen = player.frame().lines.joined(separator: "\n")
        #expect(screen.contains("retrieved") && screen.contains("recall"))
        // The chunk at the cursor is looked at, or the first that has one before it, with what is found first for it.
        let begin = player.state.chunkPlace
        #expect(player.state.passages.selected == nil && begin.row >= 1)
        #expect(map.found[begin.row].hits.first?.chunk == begin.column)
        #expect(screen.contains("chunk \(begin.row), L"))
        #expect(screen.contains("chunk \(begin.row) gives chunk \(begin.column)"))
        let steps = PassageAction.move(Steps(rows: 3 - begin.row, columns: 1 - begin.column)).text
        player.play(try ActionScript(parsing: steps + "; retrieval.open"))
        #expect(player.state.passages.selected == .init(row: 3, column: 1))
        #expect(player.state.focus.cursor == map.chunks[3].units.upperBound - 1)
        #expect(player.state.focus.anchor == .token(map.chunks[1].units.lowerBound))
    }

    /// Nothing is selected until someone does: the maps follow the cursor.
    @Test func theMapsFollowTheCursor() throws {
        var player = try Self.player()
        player.play(try ActionScript(parsing: "panel show loss; loss.page retrieval; wait; goto share 80%"))
        let state = player.state
        let map = try #require(state.chunkMapQuestion.flatMap { state.passages.map(of: $0) })
        let place = state.chunkPlace
        #expect(map.chunks[place.row].units.contains(state.focus.cursor))
        #expect(map.found[place.row].hits.first?.chunk == place.column)
        let left = PassageAction.move(Steps(rows: 0, columns: -100)).text
        player.play(try ActionScript(parsing: left + "; goto share 20%"))
        #expect(player.state.chunkPlace == .init(row: place.row, column: 0))
    }

    /// Passages have their ranks in the margin and a line below their words; the paint behind these stays.
    @Test func passagesAreNumberedInTheMargin() throws {
        var player = try Self.player()
        player.play(
            try ActionScript(
                parsing: "wait; search.forwards \"about:whales that sing\"; wait; panel focus text; panel.zoom"))
        player.play(try ActionScript(parsing: "search.next"))
        let answer = try #require(player.state.window.search?.passages)
        let text = player.frame().lines.joined(separator: "\n")
        for hit in answer.hits.prefix(1) { #expect(text.contains("│\(hit.rank % 10)"), "\(hit.rank)") }
        #expect(player.state.notice?.text.contains(" of \(answer.hits.count), fused ") == true)
    }

    @Test func keysAreThoseOfThePage() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        state.panels.focus(.loss)
        try state.press("t t")
        #expect(state.losses.page == .retrieval && state.pageContext(of: .loss) == .passages)
        #expect(state.chunkMapObstacle == "the text is not read to its end yet: chunks are compared then")
        #expect(state.nextChunks().isEmpty)
        let cursor = state.focus.cursor
        try state.press("j l")
        #expect(state.focus.cursor == cursor)
        try state.press("T T")
        #expect(state.losses.page == .positions)
    }
}
