import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// Which tokens are global where inputs do not say, as transformers has it.
struct LongformerGlobalsTests {
    /// [<s>, question, question, </s>, </s>, text, text, </s>]
    static let answerable: [Int32] = [0, 7, 8, 2, 2, 9, 10, 2]

    private static func outline(_ architecture: String?, separator: Int? = nil) throws -> ModelOutline {
        let data = try Fixture.data("hf/longformer/config.json")
        var root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        root["architectures"] = architecture.map { [$0] }
        if let separator { root["sep_token_id"] = separator }
        let text = try JSONSerialization.data(withJSONObject: root)
        return try ModelOutline(
            Configuration(file: "config.json", root: try JSONDocument(text, source: "config.json").root), path: "",
            name: "longformer")
    }

    @Test(
        arguments: [
            (nil, []), ("LongformerModel", []), ("LongformerForMaskedLM", []),
            ("LongformerForTokenClassification", []), ("LongformerForSequenceClassification", [0]),
            ("LongformerForQuestionAnswering", [0, 1, 2]), ("LongformerForMultipleChoice", [5, 6, 7]),
        ] as [(String?, [Int])])
    func theArchitectureDecides(architecture: String?, places: [Int]) throws {
        let traits = try Self.outline(architecture).traits
        let globals = try #require(traits.standardGlobals)
        #expect(globals(Self.answerable) == places)
        #expect(globals([]).isEmpty)
        #expect(traits.notes.count == 1 && traits.notes[0].contains("global_attention_mask"))
    }

    /// Transformers takes such texts with a mask of their own only.
    @Test(arguments: ["LongformerForQuestionAnswering", "LongformerForMultipleChoice"])
    func threeSeparatorsAreNeeded(architecture: String) throws {
        let globals = try #require(try Self.outline(architecture).traits.standardGlobals)
        #expect(globals([0, 7, 2]).isEmpty && globals(Self.answerable + [2]).isEmpty)
        let others = try #require(try Self.outline(architecture, separator: 5).traits.standardGlobals)
        #expect(others(Self.answerable).isEmpty && !others([0, 7, 5, 5, 9, 5]).isEmpty)
    }

    /// Token 0 of a masked-language model was global though nobody asked for it.
    @Test func aRunHasThoseOfItsInputsOrElseOfTheArchitecture() throws {
        let model = try Model(contentsOf: Fixture.path("hf/longformer"), needsTokenizer: false)
        func globals(_ inputs: ModelInputs) throws -> Set<Int>? {
            try Recorder(model: model, threads: 2).record(inputs).main?.setup.globals
        }
        let ids = (0..<20).map { Int32($0 + 4) }
        #expect(try globals(ModelInputs(ids: ids)) == [])
        #expect(try globals(ModelInputs(ids: ids, globals: [0, 3])) == [0, 3])
    }
}
