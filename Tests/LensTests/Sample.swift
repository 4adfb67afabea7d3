import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

/// Small models and texts that every test may ask for.
enum Sample {
    static func model(_ name: String = "llama_default") throws -> Model {
        try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
    }

    /// The same ids every time (a linear congruential generator), within the vocabulary of the fixtures.
    static func ids(_ count: Int, seed: UInt64 = 1) -> [Int32] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int32(state >> 58)
        }
    }

    static func recording(
        _ tokens: Int, _ specs: [String] = [], model name: String = "llama_default", chunkSize: Int? = nil,
        threads: Int = 2
    ) throws -> Recording {
        try Recorder(
            model: try model(name), scenario: try Scenario(parsing: specs), threads: threads, chunkSize: chunkSize
        ).record(ids(tokens))
    }

    /// The last snapshot before a run was stopped.
    static func stopped(_ tokens: Int, after limit: Int, _ specs: [String] = []) throws -> Recording {
        var last: Recording?
        #expect(throws: ModelError.cancelled) {
            try Recorder(model: try model(), scenario: try Scenario(parsing: specs), threads: 2, chunkSize: 256)
                .record(ids(tokens)) { snapshot in
                    last = snapshot
                    return snapshot.tokens < limit
                }
        }
        return try #require(last)
    }

    /// The sample model of the project.
    static func books() throws -> Model {
        try Model(contentsOf: Fixture.project.appendingPathComponent("samples/books-4m").path)
    }

    /// The first tokens of one of the project's texts, without special ones.
    static func text(_ name: String, characters: Int, model: Model) throws -> [Int32] {
        let url = Fixture.project.appendingPathComponent("samples/texts/\(name).txt")
        let text = String(try String(contentsOf: url, encoding: .utf8).prefix(characters))
        return try #require(model.tokenizer).encode(text, addSpecialTokens: false).ids
    }
}

/// Whether two numbers agree up to `tolerance`, or are both NaN or the same infinity.
func agree(_ a: Float, _ b: Float, _ tolerance: Float) -> Bool {
    a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance
}
