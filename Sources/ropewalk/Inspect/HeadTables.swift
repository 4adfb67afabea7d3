import RopewalkExport
import RopewalkLens

// The reports of `ropewalk heads` as CSV: the names of JSON, a line a head; what was not measured is empty.

extension HeadReport {
    static func table(_ reports: [HeadReport]) -> AnswerTable {
        func numbers(_ score: (HeadReport) -> HeadScore?, _ prefix: String) -> [AnswerTable.Column] {
            let parts: [(String, KeyPath<HeadScore, Float>)] = [
                ("entropy", \.entropy), ("mean_distance", \.meanDistance), ("sink", \.sink),
                ("previous_token", \.previousToken), ("induction", \.induction), ("retrieval", \.retrieval),
                ("first_token", \.firstToken),
            ]
            return parts.map { name, part in
                .init(prefix + name, .numbers(reports.map { score($0)?[keyPath: part] ?? .nan }))
            }
        }
        return AnswerTable(
            [
                .init("layer", .integers(reports.map(\.score.layer))),
                .init("head", .integers(reports.map(\.score.head))),
                .init("circuit", .words(reports.map { $0.onRandomTokens?.circuit?.rawValue ?? "" })),
            ] + numbers({ $0.score }, "") + [
                .init(
                    "sinks",
                    .words(reports.map { $0.score.sinks.map { String($0.key) }.joined(separator: " ") }))
            ] + numbers({ $0.onRandomTokens }, "circuit_"))
    }
}

extension AblationReport {
    static func table(_ reports: [AblationReport]) -> AnswerTable {
        let heads = reports.map { report in
            if case .head(let head) = report.place.part { head } else { -1 }
        }
        let changes = reports.map { $0.grid.change($0.place.part, layer: $0.place.layer) ?? .nan }
        return AnswerTable([
            .init("layer", .integers(reports.map(\.place.layer))),
            .init("part", .words(reports.map { $0.place.part.word })), .init("head", .integers(heads)),
            .init("method", .words(reports.map(\.place.ablation.spec))),
            .init("loss", .numbers(zip(reports, changes).map { Float($0.grid.loss + $1) })),
            .init("change", .numbers(changes.map { Float($0) })),
            .init("loss_of_all", .numbers(reports.map { Float($0.grid.loss) })),
            .init("tokens", .integers(reports.map(\.grid.tokens))),
        ])
    }
}

extension AblationGrid.Part {
    /// For programs.
    var word: String {
        switch self {
        case .head: "head"
        case .attention: "attention"
        case .feedForward: "feed-forward"
        }
    }
}

extension HeadMeasureReport {
    static func table(_ reports: [HeadMeasureReport]) -> AnswerTable {
        func numbers(_ value: (HeadMeasures) -> Double?) -> AnswerTable.Column.Values {
            .numbers(reports.map { $0.measures.flatMap(value).map { Float($0) } ?? .nan })
        }
        var columns: [AnswerTable.Column] = [
            .init("layer", .integers(reports.map(\.layer))), .init("head", .integers(reports.map(\.head))),
            .init("queries", .integers(reports.map { $0.measures?.queries ?? 0 })),
            .init("entropy", numbers(\.meanEntropy)), .init("normalised_entropy", numbers(\.normalisedEntropy)),
            .init("effective_keys", numbers(\.effectiveKeys)), .init("distance", numbers(\.distance)),
            .init("uniform_distance", numbers(\.uniformDistance)),
            .init("sink_tokens", .integers(reports.map { $0.measures?.sinkTokens ?? 0 })),
        ]
        let parts: [(String, KeyPath<HeadMeasures, HeadMeasures.Measure>)] = [
            ("sink", \.sink), ("previous_token", \.previousToken), ("itself", \.itself), ("duplicate", \.duplicate),
            ("induction", \.induction),
        ]
        for (name, part) in parts {
            columns.append(.init(name, numbers { $0[keyPath: part].weight }))
            columns.append(.init(name + "_chance", numbers { $0[keyPath: part].chance }))
        }
        for (name, part) in parts.suffix(2) {
            columns.append(
                .init(name + "_queries", .integers(reports.map { $0.measures?[keyPath: part].queries ?? 0 })))
        }
        return AnswerTable(columns)
    }
}

extension HeadCopyReport {
    static func table(_ reports: [HeadCopyReport]) -> AnswerTable {
        func numbers(_ value: (CopyScore) -> Double) -> AnswerTable.Column.Values {
            .numbers(reports.map { $0.score.map { Float(value($0)) } ?? .nan })
        }
        return AnswerTable([
            .init("layer", .integers(reports.map(\.layer))), .init("head", .integers(reports.map(\.head))),
            .init("by_step", numbers(\.byStep)), .init("by_step_chance", numbers(\.byStepChance)),
            .init("by_token", numbers(\.byToken)), .init("by_token_chance", numbers(\.byTokenChance)),
            .init("hits", .integers(reports.map { $0.score?.hits ?? 0 })),
            .init("steps", .integers(reports.map { $0.score?.steps ?? 0 })),
        ])
    }
}
