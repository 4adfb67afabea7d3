import RopewalkFormats
import TestSupport
import Testing

/// Worked examples of needle tests and perplexity, and small models and texts.
struct NeedleVectors {
    let inputs: JSONValue
    let outputs: JSONValue

    init(_ name: String) throws {
        let entry = try #require(
            try JSONDocument(contentsOf: Fixture.path("vectors/needles.json")).root[name], "\(name)")
        inputs = try #require(entry["inputs"])
        outputs = try #require(entry["outputs"])
    }
}

extension JSONValue {
    func integers(_ name: String) throws -> [Int] { try #require(self[name]?.array).compactMap(\.integer) }
    func numbers(_ name: String) throws -> [Double] { try #require(self[name]?.array).compactMap(\.number) }
}
