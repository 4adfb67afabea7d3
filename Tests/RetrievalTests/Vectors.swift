import RopewalkFormats
import TestSupport
import Testing

/// Worked examples of the specification.
enum Vectors {
    static func example(_ id: String) throws -> (inputs: JSONValue, outputs: JSONValue) {
        let root = try JSONDocument(Fixture.data("vectors/long-texts.json"), source: "long-texts.json").root
        let example = try #require(root[id])
        return (try #require(example["inputs"]), try #require(example["outputs"]))
    }

    static func numbers(_ value: JSONValue?) -> [Double] { (value?.array ?? []).compactMap(\.number) }
    static func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
}
