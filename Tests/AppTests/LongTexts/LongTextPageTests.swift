import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import TestSupport
import Testing

@testable import RopewalkApp

@Suite struct LongTextPageTests {
    private static let reference = Fixture.project.appendingPathComponent("samples/long-texts/reference.json").path

    private static func player(_ text: String) throws -> ScreenPlayer {
        var inputs = Samples.inputs(text: text)
        inputs.longTextReference = { try LongTextReference(contentsOf: reference) }
        return try ScreenPlayer(state: AppState(size: Size(width: 160, height: 50)), inputs: inputs)
    }

    /// As `ropewalk data` sorts it, with what decided and all that was measured.
    @Test func theOpenTextIsSorted() throws {
        let url = Fixture.project.appendingPathComponent("samples/texts/alice.txt")
        let text = String(try String(contentsOf: url, encoding: .utf8).prefix(6000))
        var player = try Self.player(text)
        player.play(try ActionScript(parsing: "panel show loss; loss.page data; wait"))
        #expect(player.refusals.isEmpty)
        let state = player.state
        let question = try #require(state.longTextQuestion)
        let answer = try #require(state.longTexts.answer(to: question))
        #expect(answer.isComplete && answer.problem == nil && answer.withoutReference == nil && answer.remark == nil)
        #expect(answer.pieces.count == answer.starts.count && answer.pieces.map(\.start) == answer.starts)
        #expect(answer.piece == 512 && !answer.pieces.isEmpty && state.longTexts.running == nil)
        let ids = try Samples.tokenizer.get().encode(text, addSpecialTokens: false).ids
        var metrics = LongTextMetrics(Array(text.utf8), tokens: ids)
        metrics.coherence = Coherence(answer.pieces)
        #expect(answer.measured == metrics)
        let reference = try LongTextReference(contentsOf: Self.reference)
        let name = try Samples.model.get().name
        let verdict = LongTextVerdict(
            metrics, reference.table(metrics.language, model: name, tokenizer: name),
            characters: reference.characters[metrics.language])
        player.play(try ActionScript(parsing: "panel focus loss; panel.zoom"))
        let screen = player.frame().lines.joined(separator: "\n")
        #expect(screen.contains(verdict.words))
        let isOpen = verdict.between != nil
        #expect(screen.contains((isOpen ? "by the rule \(verdict.kind.rawValue): " : "decided by: ") + verdict.reason))
        #expect(screen.contains("percentile: of 100 documents"))
        #expect(screen.contains("acc_delta") && screen.contains("thresholds are our own"))
    }

    /// Kinds and metrics have their words in Chinese too.
    @Test func everythingIsSaidInChinese() {
        Language.with(.chinese) {
            for kind in LongTextKind.allCases {
                #expect(kind.meaning.said != kind.meaning && kind.rawValue.said != kind.rawValue)
            }
            for metric in LongTextMetric.allCases { #expect(metric.meaning.said != metric.meaning, "\(metric)") }
        }
    }

    /// A short text has no piece, and without a reference the size alone is looked at: both are said.
    @Test func whatIsMissingIsSaid() throws {
        var player = try Samples.player(Size(width: 160, height: 50))
        player.play(try ActionScript(parsing: "panel show loss; loss.page data; wait"))
        let question = try #require(player.state.longTextQuestion)
        let answer = try #require(player.state.longTexts.answer(to: question))
        #expect(answer.isComplete && answer.starts.isEmpty)
        #expect(answer.remark?.hasPrefix("no coherence: the text has") == true)
        #expect(answer.withoutReference == "there is no reference corpus to compare with")
        #expect(player.frame().lines.joined(separator: "\n").contains("no coherence"))
    }

    @Test func measuringCanBeStopped() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        let effects = state.take(.asked(.losses(.page(.data))))
        #expect(effects.map(\.label).contains("measureText"))
        let running = try #require(state.longTexts.running)
        #expect(state.isMeasuring && state.nextNeedles().isEmpty)
        #expect(state.cancelLosses().map(\.label).contains("cancelText"))
        _ = state.take(.longTexts(.failed(running, nil)))
        #expect(state.longTexts.running == nil && state.nextLongText().isEmpty)
        _ = state.perform(.losses(.measure))
        #expect(state.nextLongText().map(\.label) == ["measureText"])
        _ = state.take(.longTexts(.failed(running, "it is broken")))
        #expect(state.longTexts.answer(to: running)?.problem == "it is broken" && state.nextLongText().isEmpty)
    }

    @Test func keysScrollTheTable() throws {
        var state = try Samples.stateWithModel()
        _ = state.perform(.panels(.show(.loss)))
        state.panels.focus(.loss)
        try state.press("t t t j j Space k")
        #expect(state.losses.page == .data && state.longTexts.top == 11)
        _ = state.perform(.longTexts(.scroll(-1_000_000)))
        #expect(state.longTexts.top == 0)
    }
}
