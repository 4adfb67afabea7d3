import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// One line of a file of results: a cell and what came of it.
package struct NeedleRecord: Equatable, Sendable {
    package let cell: NeedleCell
    package let outcome: NeedleOutcome

    package init(_ cell: NeedleCell, _ outcome: NeedleOutcome) { (self.cell, self.outcome) = (cell, outcome) }

    /// JSON on one line, without the line's end.
    package var line: String {
        var members: [(String, String)] = [
            ("task", JSONText.quoted(cell.task)), ("method", JSONText.quoted(cell.method)),
            ("length", String(cell.place.length)), ("depth", String(cell.place.depth)),
            ("seed", String(cell.place.seed)),
        ]
        switch outcome {
        case .failed(let why): members.append(("problem", JSONText.quoted(why)))
        case .read(let result): members += Self.members(of: result)
        }
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func members(of result: NeedleResult) -> [(String, String)] {
        [
            ("tokens", String(result.tokens)), ("true_depth", number(result.depth)),
            ("found", String(result.isFound)),
            ("share", number(result.share)), ("ended", String(result.isEnded)),
            ("reading", JSONText.quoted(result.reading)),
            ("first_wrong", result.firstWrong.map { String($0) } ?? "null"), ("loss", number(result.loss)),
            ("answer_tokens", String(result.answerTokens)), ("rank", String(result.rank)),
            ("choice_rank", result.choice.map { String($0.rank) } ?? "null"),
            ("choices", result.choice.map { String($0.count) } ?? "null"), ("heads", String(result.heads)),
            ("mass", list(result.mass)), ("seen", list(result.seen)),
        ] + (result.copies.map { [("copies", copies($0))] } ?? [])
    }

    private static func copies(_ copies: NeedleCopies) -> String {
        func all(_ value: (NeedleCopies.Head) -> String) -> String {
            "[" + copies.heads.map { $0.map(value) ?? "null" }.joined(separator: ", ") + "]"
        }
        let members = [
            ("steps", String(copies.steps)), ("needle_tokens", String(copies.needleTokens)),
            ("different_tokens", String(copies.differentTokens)), ("drawn_hits", number(copies.drawnHits)),
            ("drawn_copied", number(copies.drawnCopied)), ("hits", all { String($0.hits) }),
            ("copied", all { String($0.copied) }), ("shuffled_hits", all { number($0.shuffledHits) }),
            ("shuffled_copied", all { number($0.shuffledCopied) }),
        ]
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func list(_ values: [Float]) -> String {
        "[" + values.map { number($0) }.joined(separator: ", ") + "]"
    }

    /// With as many digits as give the very same number back, so that a run that is gone on with says what one at a stretch says;
    /// what is no number is null.
    private static func number(_ value: Double) -> String { value.isFinite ? value.description : "null" }

    private static func number(_ value: Float) -> String {
        // Files are read with doubles: between two roundings the shortest digits might give a neighbour.
        guard value.isFinite, Double(value.description).map({ Float($0) }) == value else {
            return number(Double(value))
        }
        return value.description
    }

    /// Nil where the line is no record.
    init?(_ value: JSONValue) {
        guard let task = value["task"]?.string, let method = value["method"]?.string,
            let length = value["length"]?.integer, let depth = value["depth"]?.integer,
            let seed = value["seed"]?.integer
        else { return nil }
        cell = NeedleCell(task: task, method: method, place: .init(length: length, depth: depth, seed: seed))
        if let why = value["problem"]?.string {
            outcome = .failed(why)
        } else {
            guard let result = NeedleResult(value) else { return nil }
            outcome = .read(result)
        }
    }
}

extension NeedleResult {
    fileprivate init?(_ value: JSONValue) {
        guard let tokens = value["tokens"]?.integer, let isFound = value["found"]?.bool,
            let share = value["share"]?.number, let reading = value["reading"]?.string,
            let answerTokens = value["answer_tokens"]?.integer, let rank = value["rank"]?.integer,
            let heads = value["heads"]?.integer, tokens >= 0, answerTokens >= 0, heads >= 0, rank >= 0
        else { return nil }
        func list(_ name: String) -> [Float] { value[name]?.array?.map { Float($0.number ?? .nan) } ?? [] }
        let choice = value["choice_rank"]?.integer.flatMap { rank in
            value["choices"]?.integer.flatMap { $0 > 0 ? Choice(rank: rank, count: $0) : nil }
        }
        self.init(
            tokens: tokens, depth: value["true_depth"]?.number ?? 0, isFound: isFound, share: share,
            isEnded: value["ended"]?.bool ?? true, reading: reading, firstWrong: value["first_wrong"]?.integer,
            loss: value["loss"]?.number ?? .infinity, answerTokens: answerTokens, rank: rank, choice: choice,
            mass: list("mass"), seen: list("seen"), heads: heads, copies: value["copies"].flatMap { NeedleCopies($0) })
    }
}

extension NeedleCopies {
    /// Nil where it is none; files that are older than it have none.
    fileprivate init?(_ value: JSONValue) {
        guard let steps = value["steps"]?.integer, let needleTokens = value["needle_tokens"]?.integer,
            let differentTokens = value["different_tokens"]?.integer, let drawnHits = value["drawn_hits"]?.number,
            let drawnCopied = value["drawn_copied"]?.number, let hits = value["hits"]?.array,
            let copied = value["copied"]?.array, let shuffledHits = value["shuffled_hits"]?.array,
            let shuffledCopied = value["shuffled_copied"]?.array, steps >= 0, needleTokens >= 0, differentTokens >= 0,
            [copied.count, shuffledHits.count, shuffledCopied.count].allSatisfy({ $0 == hits.count })
        else { return nil }
        self.init(
            steps: steps, needleTokens: needleTokens, differentTokens: differentTokens, drawnHits: drawnHits,
            drawnCopied: drawnCopied,
            heads: hits.indices.map { index in
                guard let hit = hits[index].integer, let copy = copied[index].integer,
                    let shuffled = shuffledHits[index].number, let different = shuffledCopied[index].number
                else { return nil }
                return Head(hits: hit, copied: copy, shuffledHits: shuffled, shuffledCopied: different)
            })
    }
}

/// The first line of a file of results: what has to be the same for all others to belong together.
package struct NeedleHeader: Equatable, Sendable {
    package let model: String
    package let parameters: Int
    /// The text's name, and what tells its tokens from others.
    package let text: String
    package let fingerprint: String
    /// Where needles may go; empty for what each task asks for.
    package let borders: String
    /// Other answers to choose among.
    package let choices: Int

    package init(
        model: String, parameters: Int, text: String, ids: [Int32], borders: NeedleStory.Borders?, choices: Int
    ) {
        (self.model, self.parameters, self.text) = (model, parameters, text)
        // FNV-1a.
        let hash = ids.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64(bitPattern: Int64($1))) &* 0x100_0000_01B3
        }
        fingerprint = "\(ids.count)/\(String(hash, radix: 16))"
        self.borders = borders?.rawValue ?? ""
        self.choices = choices
    }

    /// The version of the format.
    private static let version = 1

    package var line: String {
        "{\"needles\": \(Self.version), \"model\": \(JSONText.quoted(model)), \"parameters\": \(parameters), "
            + "\"text\": \(JSONText.quoted(text)), \"tokens\": \"\(fingerprint)\", \"borders\": \"\(borders)\", "
            + "\"candidates\": \(choices)}"
    }

    init?(_ value: JSONValue) {
        guard value["needles"]?.integer == Self.version, let model = value["model"]?.string,
            let parameters = value["parameters"]?.integer, let text = value["text"]?.string,
            let fingerprint = value["tokens"]?.string, let borders = value["borders"]?.string,
            let choices = value["candidates"]?.integer
        else { return nil }
        (self.model, self.parameters, self.text) = (model, parameters, text)
        (self.fingerprint, self.borders, self.choices) = (fingerprint, borders, choices)
    }

    /// What differs from another one; nil where results of both belong together. The text may go by another name.
    func difference(from other: NeedleHeader) -> String? {
        if model != other.model || parameters != other.parameters {
            return say("its results are of the model \(other.model), this is \(model)")
        }
        if fingerprint != other.fingerprint { return say("its results are of another text, \(other.text)") }
        if borders != other.borders { return say("its needles were placed with other borders") }
        return choices == other.choices
            ? nil : say("its answers were chosen among \(other.choices + 1), and now it would be \(choices + 1)")
    }
}
