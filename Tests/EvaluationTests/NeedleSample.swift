import Foundation
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkModels
import TestSupport
import Testing

/// The bundled model and a text to hide in.
enum NeedleSample {
    static func model() throws -> Model {
        try Model(contentsOf: Fixture.project.appendingPathComponent("samples/books-4m").path)
    }

    static func haystack(_ model: Model, characters: Int = 30_000) throws -> Haystack {
        let url = Fixture.project.appendingPathComponent("samples/texts/alice.txt")
        let text = String(try String(contentsOf: url, encoding: .utf8).prefix(characters))
        let tokenizer = try #require(model.tokenizer)
        return try Haystack(Document(text, tokenizer: tokenizer), tokenizer: tokenizer)
    }

    static func text(_ ids: some Sequence<Int32>, _ haystack: Haystack) -> String {
        String(decoding: ids.flatMap { haystack.tokenizer.bytes(of: Int($0)) }, as: UTF8.self)
    }

    /// Every task, with its usual numbers.
    static var tasks: [NeedleTask] {
        NeedleTask.Kind.allCases.filter { $0 != .own }.map { NeedleTask($0) } + [
            NeedleTask(
                .own,
                own: OwnNeedle(
                    needle: "The moon is a lamp.", question: "What is the moon? The moon is a", answer: "lamp"))
        ]
    }
}
