import RopewalkFormats
import RopewalkPhrases

/// The texts of a file for `ropewalk tokens --batch`.
struct TokenBatch {
    struct Entry {
        let text: String
        let addSpecialTokens: Bool
    }

    let entries: [Entry]

    init(contentsOf path: String) throws {
        guard let values = try JSONDocument(contentsOf: path, takesPipes: true).root.array else {
            throw CommandError.content(file: path, problem: say("a JSON array of strings or objects is expected"))
        }
        entries = try values.enumerated().map { place, value in
            guard let text = value.string ?? value["text"]?.string else {
                throw CommandError.content(
                    file: path, problem: say("element \(place) is neither a string nor has a text"))
            }
            guard let flag = value["add_special_tokens"] else { return Entry(text: text, addSpecialTokens: true) }
            guard let addSpecialTokens = flag.bool else {
                throw CommandError.content(
                    file: path, problem: say("element \(place): add_special_tokens is neither true nor false"))
            }
            return Entry(text: text, addSpecialTokens: addSpecialTokens)
        }
    }
}
