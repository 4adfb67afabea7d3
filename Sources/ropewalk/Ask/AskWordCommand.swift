import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask word TEXT --at Q --head L.H`.
struct AskWordCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case keys, block, next
    }

    static let configuration = CommandConfiguration(
        commandName: "word",
        abstract: say("One word, step by step: scores, mask, exp, weights, values, output, block, next."),
        discussion: say(
            """
            --show keys: a line a key, highest weight first. product: q·k; scaled: times the layer's scale; score: with its cap \
            and bias, as the softmax takes it; mask: the rule that shows or hides the key; exp: exp(score − highest); weight: \
            exp ÷ the sum of all; value: |value|; added: |weight · value|; adds: which part of the head's output that is, along \
            its direction. The last lines are the learned sink of the head (where it has one), all keys that are not listed \
            (others) and the sum, whose added is the length of the sum of all vectors, not the sum of their lengths. token is −1 where a line is about none.
            --show block: lengths of what the head's output becomes. --show next: what the model would expect if it ended before \
            the layer and after it.
            """))

    @OptionGroup var inHead: AskHeadOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp(say("The token that reads."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    @Option(help: ArgumentHelp(say("keys, block or next."), valueName: "part"))
    var show: Part = .keys

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try inHead.ask.open(needsStates: true)
        try asked.checkOneKind()
        try asked.check("--at", at)
        let head = inHead.head
        try asked.check(head)
        if show == .next {
            try asked.checkPredicts()
            if let why = asked.model.replayObstacle { throw CommandError.combination(why) }
        }
        let lens = try asked.lens()
        if let why = lens.signsObstacle(layer: head.layer) { throw CommandError.combination(why) }
        guard let reading = lens.wordReading(layer: head.layer, head: head.head, query: at, count: inHead.count) else {
            return
        }
        if lens.setup.headsLeftOut(head.layer).contains(head.head) {
            StandardError.write(say("head \(head.layer).\(head.head) is left out: what it gives is added to nothing"))
        }
        switch show {
        case .keys: try inHead.ask.write(WordTable(reading, asked, sinks: sinks(lens)).table)
        case .block: try inHead.ask.write(try block(reading, lens, asked))
        case .next: try inHead.ask.write(try next(lens, asked))
        }
    }

    private func sinks(_ lens: Lens) -> Set<Int> {
        lens.sinkKeys(layer: inHead.head.layer, head: inHead.head.head)
    }

    /// The states between the blocks; nil where they cannot be made again.
    private func states(_ lens: Lens, _ asked: Asked) throws -> LogitLens? {
        guard asked.model.replayObstacle == nil,
            var states = lens.logitLens(of: asked.model, token: at, count: inHead.count)
        else { return nil }
        while !states.isComplete { lens.extend(&states) }
        try asked.check(states)
        return states
    }

    private func block(_ reading: WordReading, _ lens: Lens, _ asked: Asked) throws -> AnswerTable {
        let states = try states(lens, asked)
        if let why = asked.model.replayObstacle {
            StandardError.write(say("the states of the block are left out: \(why)"))
        }
        guard let block = lens.wordBlock(reading, of: asked.model, logitLens: states) else {
            throw CommandError.combination(say("\(asked.model.name) has no output projection for this head"))
        }
        let lines: [(String, Float?)] = [
            ("output", reading.outputLength), ("projected", block.projected), ("all_heads", block.allHeads),
            ("share", block.share), ("state_before", block.before), ("state_after_attention", block.attended),
            ("state_after", block.after),
        ]
        let known = lines.compactMap { name, value in value.map { (name, $0) } }
        return AnswerTable([
            .init("quantity", .words(known.map(\.0))), .init("value", .numbers(known.map(\.1))),
        ])
    }

    private func next(_ lens: Lens, _ asked: Asked) throws -> AnswerTable {
        let rows = try states(lens, asked)?.rows ?? []
        let layer = inHead.head.layer
        let lines = rows.filter { [layer, layer + 1].contains($0.blocks) }.flatMap(LayerLine.lines)
        return AnswerTable(asked.columns(lines))
    }
}

/// The keys of a word as a table: those that are listed, then what is summed.
private struct WordTable {
    private struct Line {
        let row: String
        var token = -1
        var word = ""
        var shown = ""
        var kind = ""
        var product = Float.nan
        var scaled = Float.nan
        var score = Float.nan
        var mask = ""
        var exponential: Float
        var weight: Float
        var value = Float.nan
        var added: Float
        var share: Float
    }

    private let lines: [Line]

    init(_ reading: WordReading, _ asked: Asked, sinks: Set<Int>) {
        var lines = reading.keys.map { key in
            Line(
                row: "key", token: key.token, word: asked.document.displayName(ofToken: key.token),
                shown: asked.document.wholeName(ofToken: key.token), kind: asked.kind(key.token, sinks: sinks),
                product: reading.scale == 0 ? 0 : key.scaled / reading.scale, scaled: key.scaled, score: key.score,
                mask: key.rule.rawValue, exponential: key.exponential, weight: key.weight, value: key.valueLength,
                added: key.added, share: key.share)
        }
        if let sink = reading.sink {
            lines.append(
                Line(
                    row: "learned_sink", score: sink.score, exponential: sink.exponential, weight: sink.weight,
                    added: 0,
                    share: 0))
        }
        if let others = reading.others {
            lines.append(
                Line(
                    row: "others", word: "\(others.count) keys", shown: "\(others.count) keys",
                    exponential: others.exponential, weight: others.weight,
                    added: others.added, share: others.share))
        }
        lines.append(
            Line(
                row: "sum", exponential: reading.sum, weight: lines.reduce(0) { $0 + $1.weight },
                added: reading.outputLength, share: lines.reduce(0) { $0 + $1.share }))
        self.lines = lines
    }

    var table: AnswerTable {
        AnswerTable([
            .init("row", .words(lines.map(\.row))), .init("token", .integers(lines.map(\.token))),
            .init("word", .words(lines.map(\.word)), shown: lines.map(\.shown)),
            .init("kind", .words(lines.map(\.kind))),
            .init("product", .numbers(lines.map(\.product))), .init("scaled", .numbers(lines.map(\.scaled))),
            .init("score", .numbers(lines.map(\.score))), .init("mask", .words(lines.map(\.mask))),
            .init("exp", .numbers(lines.map(\.exponential))), .init("weight", .numbers(lines.map(\.weight))),
            .init("value", .numbers(lines.map(\.value))), .init("added", .numbers(lines.map(\.added))),
            .init("adds", .numbers(lines.map(\.share))),
        ])
    }
}
