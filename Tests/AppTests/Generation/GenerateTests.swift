import RopewalkCellGrid
import RopewalkDocuments
import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkApp

/// A text that the model continues.
@Suite struct GenerateTests {
    /// What the model says behind the cursor is read, is a part of a text beside, and X or its count ends it.
    @Test func theModelGoesOnBehindTheCursor() throws {
        var player = try Samples.player()
        let before = player.state
        player.play(try ActionScript(parsing: "generate.with count=12; goto token 20; generate; wait"))
        let state = player.state
        #expect(state.original?.isContinued == true && state.generation.running == nil)
        #expect(state.tokenCount == 33 && state.focus.cursor == 32)
        let text = try #require(state.sources.text.value)
        let document = try #require(before.sources.document.value)
        let kept = document.byteRange(ofToken: 20).upperBound
        #expect(text.bytes.count > kept && text.bytes.prefix(kept).elementsEqual(document.text.bytes.prefix(kept)))
        let recording = try #require(state.lens?.recording)
        #expect(recording.isComplete && recording.ids == state.sources.document.value?.ids)
        #expect(state.notice?.text.contains("12 tokens follow") == true)
        // What a run over the continued text records is the same.
        let fresh = try Recorder(model: Samples.model.get()).record(recording.ids)
        for token in 0..<31 {
            let (found, expected) = (
                recording.negativeLogLikelihood(after: token), fresh.negativeLogLikelihood(after: token)
            )
            #expect(abs((found ?? 9) - (expected ?? 99)) < 1e-3)
        }
        // The tokens are those that were most probable, and their bytes are the text.
        let made = try #require(state.sources.document.value)
        #expect((0..<33).flatMap { made.byteRange(ofToken: $0).isEmpty ? [] : made.bytes(ofToken: $0) } == text.bytes)
        // At its end it goes on in the same text.
        let session = state.sessions.current
        player.play(try ActionScript(parsing: "generate; wait"))
        #expect(player.state.tokenCount == 45 && player.state.sessions.current == session)
        player.play(try ActionScript(parsing: "edit.original; wait"))
        #expect(player.state.sources.text.value?.bytes == before.sources.text.value?.bytes)
    }

    @Test func underAMethodItIsReadWithThat() throws {
        var player = try Samples.player()
        player.play(
            try ActionScript(
                parsing: "method window:size=8; wait; generate.with count=6; goto token 30; generate; wait"))
        let state = player.state
        #expect(state.tokenCount == 37 && state.runs.kept.exact?.scenario == state.scenario)
        #expect(state.runs.kept.exact?.decoder?.ids == state.sources.document.value?.ids)
        // The preview's recording is made afterwards.
        #expect(state.runs.kept.plain?.decoder?.isComplete == true)
    }

    /// Most Chinese characters are several tokens: behind a part of one the text goes on behind its last part.
    @Test func inTheMiddleOfACharacterItGoesOnBehindIt() throws {
        let analects = "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？"
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs(text: analects))
        player.play(try ActionScript(parsing: "wait"))
        let document = try #require(player.state.sources.document.value)
        let bytes = document.text.bytes
        func isInside(_ token: Int) -> Bool {
            let end = document.byteRange(ofToken: token).upperBound
            return end < bytes.count && bytes[end] & 0xC0 == 0x80
        }
        let token = try #require((4..<document.tokenCount - 4).first(where: isInside))
        player.play(try ActionScript(parsing: "goto token \(token); generate.saying 17"))
        #expect(player.refusals.last?.text.hasPrefix("a character ends behind this token") == true)
        let refusals = player.refusals.count
        player.play(try ActionScript(parsing: "generate.with count=3; goto token \(token); generate; wait"))
        #expect(player.refusals.count == refusals)
        let state = player.state
        let text = try #require(state.sources.text.value)
        let last = try #require((token..<document.tokenCount).first { !isInside($0) })
        let kept = document.byteRange(ofToken: last).upperBound
        #expect(state.original?.isContinued == true && last > token && text.bytes.count > kept)
        #expect(text.bytes.prefix(kept).elementsEqual(bytes.prefix(kept)))
    }

    /// What if it had said another token?
    @Test func aCandidateIsSaidFirst() throws {
        var player = try Samples.player()
        player.play(
            try ActionScript(
                parsing: "generate.with count=4; goto token 15; wait; ask next; ask.line +2; generate.candidate; wait"))
        let model = try Samples.model.get()
        let recording = try #require(player.state.lens?.recording)
        let logits = try #require(model.logits(after: 15, in: recording))
        let ranked = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
        #expect(ranked.prefix(6).contains(Int(recording.ids[16])) && Int(recording.ids[16]) != ranked[0])
        #expect(player.state.tokenCount == 21)
    }

    @Test func settingsAreReadAndRefused() throws {
        var choices = GenerateChoices()
        #expect(choices.settingsText == "temperature=0 count=100")
        try choices.take("temperature=0.8, top-k=40 top-p=0.9 min-p=0.05 seed=7 count=20")
        #expect(choices.settingsText == "temperature=0.8 top-k=40 top-p=0.9 min-p=0.05 seed=7 count=20")
        try choices.take("top-p=0.5")
        #expect(choices.sampling.temperature == 1 && choices.count == 20)
        for text in ["heat=1", "temperature=x", "top-k=0", "top-p=2", "count=0", "count=1.5", "seed", "temperature=-1"]
        {
            #expect(throws: GenerationError.self) { try choices.take(text) }
        }
    }

    @Test func tokensWaitUntilTheirCharactersAreWhole() throws {
        let tokenizer = try Samples.tokenizer.get()
        let ids = try tokenizer.encode("Ann 子曰😀", addSpecialTokens: false).ids
        var collector = TokenCollector(tokenizer: tokenizer)
        var bytes: [UInt8] = []
        var count = 0
        for id in ids {
            collector.add(id)
            if let tokens = collector.take(isLast: false) {
                bytes += tokens.flatMap(\.bytes)
                count += tokens.count
                #expect(String(validating: bytes, as: UTF8.self) != nil)
            }
        }
        let rest = collector.take(isLast: true) ?? []
        #expect(String(decoding: bytes + rest.flatMap(\.bytes), as: UTF8.self) == "Ann 子曰😀")
        #expect(count + rest.count == ids.count)
        // Half a character at the end is none.
        var broken = TokenCollector(tokenizer: tokenizer)
        let parts = try tokenizer.encode("😀", addSpecialTokens: false).ids
        if parts.count > 1 {
            broken.add(parts[0])
            #expect(broken.take(isLast: false) == nil)
            #expect(broken.take(isLast: true)?.flatMap(\.bytes) == Array("\u{FFFD}".utf8))
        }
    }
}
