import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask lsh TEXT --at Q --head L.H --method lsh`: how hashing comes to the keys of a token.
struct AskLSHCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case rounds, buckets, chunks, recall, memory, drift
    }

    static let configuration = CommandConfiguration(
        commandName: "lsh",
        abstract: say("LSH attention: buckets, chunks of what is sorted by them, the keys that rounds find."),
        discussion: say(
            """
            Needs --method lsh, or a model that hashes (Reformer).
            --show rounds: a line a round: the token's bucket, earlier tokens whose keys are in it, its chunk (counted over all \
            rounds), the keys that the round finds, ln Σ exp of their scores, and the round's share of the weights where each round has \
            a softmax of its own.
            --show buckets: a line a token: its bucket in every round, for the query and where keys have others for the key.
            --show chunks: what the token's chunks hold, in their order; found: 1 where it reads the key.
            --show recall: by the number of rounds, the share of the --count keys with the highest weights of full attention that are \
            found, and full attention's weights on what is found; mean: of 32 queries of the head, evenly spread.
            --show memory: numbers and bytes that training keeps of the text between the layers, with and without reversible layers; \
            pairs of the head that are scored, and those of full attention.
            --show drift: of a model with reversible layers, a line a layer: the largest difference of the states before it, made again \
            from those behind the last layer in float32, and the largest number among them.
            """))

    @OptionGroup var options: AskQueryOptions

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 16

    @Option(help: ArgumentHelp(say("rounds, buckets, chunks, recall, memory or drift."), valueName: "part"))
    var show: Part = .rounds

    @OptionGroup var language: LanguageOption

    func run() throws {
        let (asked, query) = try options.open(needsStates: true)
        guard asked.model.traits.hashes(layer: options.head.layer, asked.scenario) else {
            throw CommandError.combination(say("layer \(options.head.layer) hashes nothing: --method lsh lets it"))
        }
        if show == .drift { return try writeDrift(asked) }
        let lens = try asked.lens()
        guard let table = lens.sortedBuckets(layer: options.head.layer, head: options.head.head),
            let reading = lens.lshReading(layer: options.head.layer, head: options.head.head, query: query, top: count)
        else { return }
        switch show {
        case .rounds: try options.write(LSHTables.rounds(reading))
        case .buckets: try options.write(LSHTables.buckets(table, asked))
        case .chunks: try options.write(LSHTables.chunks(reading, table, asked))
        case .recall: try options.write(LSHTables.recall(reading))
        case .drift: break
        case .memory:
            guard let counts = lens.lshCounts(layer: options.head.layer, head: options.head.head) else { return }
            try options.write(
                LSHTables.memory(StoredActivations(asked.model.shape, tokens: asked.document.tokenCount), counts))
        }
    }

    private func writeDrift(_ asked: Asked) throws {
        let drift = try asked.model.reversibleDrift(asked.document.ids, threads: asked.threads)
        guard let drift else {
            throw CommandError.combination(
                say("--show drift: the layers of \(asked.model.name) are not reversible, they keep their states"))
        }
        try options.write(LSHTables.drift(drift))
    }
}

/// The answers as tables.
private enum LSHTables {
    static func rounds(_ reading: LSHReading) -> AnswerTable {
        let rounds = reading.rounds
        func integers(_ value: (LSHReading.Round) -> Int) -> AnswerTable.Column.Values { .integers(rounds.map(value)) }
        return AnswerTable([
            .init("round", .integers(Array(rounds.indices))), .init("bucket", integers(\.bucket)),
            .init("in_bucket", integers(\.inBucket)), .init("chunk", integers { $0.chunks.last?.index ?? 0 }),
            .init("keys", integers(\.keys)), .init("log_sum_exp", .numbers(rounds.map(\.logSumExp))),
            .init("share", .numbers(rounds.map(\.share))),
        ])
    }

    static func buckets(_ table: SortedBuckets, _ asked: Asked) -> AnswerTable {
        let tokens = Array(0..<table.tokens)
        func column(_ name: String, _ round: Int, _ buckets: [[Int32]]) -> AnswerTable.Column {
            .init("\(name)_\(round)", .integers(buckets[round].map(Int.init)))
        }
        let rounds = 0..<table.rounds
        return AnswerTable(
            [.init("token", .integers(tokens)), .init("text", .words(tokens.map { asked.text(of: $0..<$0 + 1) }))]
                + rounds.map { column("bucket", $0, table.queryBuckets) }
                + (table.method.isShared ? [] : rounds.map { column("key_bucket", $0, table.keyBuckets) }))
    }

    static func chunks(_ reading: LSHReading, _ table: SortedBuckets, _ asked: Asked) -> AnswerTable {
        let lines = reading.rounds.enumerated().flatMap { round, part in
            let found = Set(table.keys(of: reading.query, round: round))
            return part.chunks.flatMap { chunk in
                chunk.members.map { (round, chunk.index, $0.token, $0.bucket, found.contains($0.token) ? 1 : 0) }
            }
        }
        return AnswerTable([
            .init("round", .integers(lines.map(\.0))), .init("chunk", .integers(lines.map(\.1))),
            .init("token", .integers(lines.map(\.2))),
            .init("text", .words(lines.map { asked.text(of: $0.2..<$0.2 + 1) })),
            .init("bucket", .integers(lines.map(\.3))), .init("found", .integers(lines.map(\.4))),
        ])
    }

    static func recall(_ reading: LSHReading) -> AnswerTable {
        let recalls = reading.recalls
        func numbers(_ value: (LSHReading.Recall) -> Float) -> AnswerTable.Column.Values {
            .numbers(recalls.map(value))
        }
        return AnswerTable([
            .init("rounds", .integers(recalls.indices.map { $0 + 1 })), .init("recall", numbers(\.own)),
            .init("kept", numbers(\.kept)), .init("mean_recall", numbers(\.meanOwn)),
            .init("mean_kept", numbers(\.meanKept)),
        ])
    }

    static func drift(_ drift: ReversibleDrift) -> AnswerTable {
        AnswerTable([
            .init("layer", .integers(Array(drift.errors.indices))), .init("error", .numbers(drift.errors)),
            .init("largest", .numbers(drift.sizes)),
        ])
    }

    static func memory(_ stored: StoredActivations, _ counts: LSHCounts) -> AnswerTable {
        AnswerTable([
            .init("layers", .words(["standard", "reversible"])),
            .init("numbers", .integers([stored.standard, stored.reversible])),
            .init("bytes", .integers([stored.standard * 4, stored.reversible * 4])),
            .init("attention", .words(["full", "lsh"])), .init("pairs", .integers([counts.fullPairs, counts.pairs])),
        ])
    }
}
