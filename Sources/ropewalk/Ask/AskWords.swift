import RopewalkDocuments
import RopewalkExport
import RopewalkModels
import RopewalkPhrases

extension Asked {
    /// Tokens as a line can show them: programs read the bytes of each, people the character that it is a part of.
    func wordColumn(_ tokens: [Int]) -> AnswerTable.Column {
        .init(
            "word", .words(tokens.map(document.displayName(ofToken:))),
            shown: tokens.map { document.wholeName(ofToken: $0) })
    }

    /// The tokens around each, three on both sides, as they stand in the text.
    func surroundings(_ tokens: [Int]) -> [String] {
        tokens.map { token in
            TokenName.printable(document.spelled(max(0, token - 3)..<min(document.tokenCount, token + 4)))
        }
    }

    /// What makes a token stand apart from the words of the text; empty for most.
    func kind(_ token: Int, sinks: Set<Int>) -> String {
        if model.tokenizer?.isSpecial(Int(document.ids[token])) == true { return "special" }
        return sinks.contains(token) ? "sink" : ""
    }

    /// - Throws: where the model has several kinds of attention, whose tokens are those of two texts.
    func checkOneKind() throws(CommandError) {
        guard model.kinds.count > 1 else { return }
        throw .combination(
            say(
                "\(model.name) has \(model.kinds.count) kinds of attention over two texts: this question is about models with one"
            )
        )
    }

    /// - Throws: where the model predicts no next token.
    /// - Parameter isRecorded: whether losses of the run are all that is asked for, which a recording has without weights
    func checkPredicts(isRecorded: Bool = false) throws {
        try checkOneKind()
        if !isRecorded { try model.requireWeights(for: say("what is expected is made with them")) }
        if !model.hasWeights { return }
        guard model.kinds.first != .decoder || !model.hasHead else { return }
        throw CommandError.combination(say("\(model.name) predicts no next token: ask a decoder with a language head"))
    }

    /// - Throws: where the model has no such head.
    func check(_ head: AskedHead) throws(CommandError) {
        let shape = model.shape
        if let obstacle = model.traits.attentionObstacle(layer: head.layer, model: model.name) {
            throw .combination(say("\(obstacle): ask mixer shows what it reads"))
        }
        guard head.layer < shape.layers, head.head < shape.heads else {
            throw .outOfRange(
                option: "--head", value: "\(head.layer).\(head.head)",
                takes: say("a head of \(shape.layers) layers × \(shape.heads) heads, counted from 0, such as 0.0"))
        }
        let recording = model.hasWeights ? nil : (model.stored?.recordings ?? model.given?.recordings)?.main
        guard recording?.holds(layer: head.layer, head: head.head) == false else { return }
        throw .combination(
            say("\(model.name): layer \(head.layer), head \(head.head) is not recorded: ask about one that is"))
    }
}

/// A token as `--at 204` names it.
enum AskedToken {
    struct NotAToken: Error, CustomStringConvertible {
        var description: String { say("it takes one token by its number, counted from 0, such as 204") }
    }

    static func parse(_ text: String) throws -> Int {
        guard let token = Int(text) else { throw NotAToken() }
        return token
    }
}

/// A head as `--head 3.7` names it: layer and head from 0.
struct AskedHead {
    let layer: Int
    let head: Int

    struct NotAHead: Error, CustomStringConvertible {
        var description: String { say("it takes a layer and a head, counted from 0, such as 3.7") }
    }

    static func parse(_ text: String) throws -> AskedHead {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let layer = parts[0], let head = parts[1], layer >= 0, head >= 0 else {
            throw NotAHead()
        }
        return AskedHead(layer: layer, head: head)
    }
}
