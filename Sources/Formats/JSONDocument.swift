import Foundation
import RopewalkPhrases

/// A JSON file that has been read whole: `config.json`, `tokenizer.json`, an index of shards.
package struct JSONDocument: Sendable {
    /// The largest file that is read, in bytes; the largest published tokenizers have 35 MB.
    package static let sizeLimit = 64 << 20
    /// How many arrays and objects may lie within one another.
    package static let depthLimit = 64

    /// Names the document in errors.
    package let source: String
    package let root: JSONValue

    /// - Parameter takesPipes: whether a pipe is read to its end, as `<(…)` of a shell is one
    package init(
        contentsOf path: String, sizeLimit: Int = JSONDocument.sizeLimit, takesPipes: Bool = false
    ) throws(FormatError) {
        let data = try RegularFile.map(path, sizeLimit: sizeLimit, takesPipes: takesPipes)
        try self.init(data, source: path)
    }

    package init(
        _ data: Data, source: String, depthLimit: Int = JSONDocument.depthLimit
    ) throws(FormatError) {
        self.source = source
        var parser = JSONParser([UInt8](data), maximumDepth: depthLimit)
        do {
            root = try parser.parse()
        } catch {
            throw .json(file: source, line: error.line, problem: error.problem)
        }
    }

    /// The members of the document, which must be an object.
    package func members() throws(FormatError) -> [JSONValue.Member] {
        guard let members = root.members else {
            throw .json(file: source, line: 1, problem: say("an object in braces is expected"))
        }
        return members
    }
}
