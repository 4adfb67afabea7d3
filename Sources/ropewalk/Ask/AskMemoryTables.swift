import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkLens
import RopewalkMethods

/// The answers as tables.
enum MemoryTables {
    static func slots(_ strip: MemoryStrip) -> AnswerTable {
        let slots = strip.slots
        return AnswerTable([
            .init("zone", .words(slots.map(\.zone.rawValue))),
            .init("first_token", .integers(slots.map(\.tokens.lowerBound))),
            .init("tokens", .integers(slots.map(\.tokens.count))), .init("weight", .numbers(slots.map(\.weight))),
            .init("exact", .numbers(slots.map(\.exact))),
        ])
    }

    static func zones(_ strip: MemoryStrip) -> AnswerTable {
        let zones = MemoryStrip.Zone.allCases
        let shares = zones.map { strip.share($0) }
        let all = shares.reduce(into: (Float(0), Float(0))) { $0 = ($0.0 + $1.weight, $0.1 + $1.exact) }
        let counts = zones.map { zone in strip.slots.count { $0.zone == zone } }
        return AnswerTable([
            .init("zone", .words(zones.map(\.rawValue) + ["all"])),
            .init("slots", .integers(counts + [strip.slots.count])),
            .init("weight", .numbers(shares.map(\.weight) + [all.0])),
            .init("exact", .numbers(shares.map(\.exact) + [all.1])),
            .init("lost", .numbers(zones.map { _ in Float.nan } + [strip.lost])),
            .init("output_error", .numbers(zones.map { _ in Float.nan } + [strip.outputError])),
        ])
    }

    static func nearest(_ found: Retrieval, own: Document, other: Document?) -> AnswerTable {
        let entries = found.entries
        let errors = ["gated", "joint", "window"]
        let blanks = errors.map { _ in Float.nan }
        func numbers(_ value: (Retrieval.Entry) -> Float) -> AnswerTable.Column.Values {
            .numbers(entries.map(value) + blanks)
        }
        func word(_ entry: Retrieval.Entry) -> String {
            let document = entry.isOther ? other : own
            return document?.displayName(ofToken: entry.token) ?? String(entry.token)
        }
        return AnswerTable([
            .init("row", .words(entries.map { $0.isOther ? "memory" : "text" } + errors)),
            .init("token", .integers(entries.map(\.token) + errors.map { _ in -1 })),
            .init("text", .words(entries.map(word) + errors.map { _ in "" })),
            .init("cosine", numbers(\.cosine)), .init("score", numbers(\.score)), .init("weight", numbers(\.weight)),
            .init("joint", numbers(\.joint)), .init("mixed", numbers { found.mixed($0) }),
            .init(
                "output_error",
                .numbers(entries.map { _ in Float.nan } + [found.gatedError, found.jointError, found.localError])),
        ])
    }

    static func next(_ found: NeighbourPrediction, _ asked: Asked) -> AnswerTable {
        let lines = found.candidates
        let isActual = found.losses != nil
        func numbers(_ values: [Double], _ loss: Double?) -> AnswerTable.Column.Values {
            .numbers((values + (isActual ? [loss.map { exp(-$0) } ?? .nan] : [])).map { Float($0) })
        }
        let actual = isActual ? [Int(asked.document.ids[found.query + 1])] : []
        let ids = lines.map(\.id) + actual
        return AnswerTable([
            .init("row", .words(lines.map { _ in "candidate" } + actual.map { _ in "follows" })),
            .init("id", .integers(ids)),
            .init("word", .words(ids.map { asked.word(ofID: $0) })),
            .init("probability", numbers(lines.map(\.probability), found.losses?.mixed)),
            .init("memory", numbers(lines.map(\.memory), nil)),
            .init("model", numbers(lines.map(\.model), found.losses?.model)),
        ])
    }

    static func chunks(_ found: ChunkRetrieval) -> AnswerTable {
        let lines = found.neighbours.enumerated().flatMap { chunk, neighbours in
            neighbours.enumerated().map { (chunk: chunk, rank: $0, neighbour: $1) }
        }
        func weight(_ line: (chunk: Int, rank: Int, neighbour: ChunkRetrieval.Neighbour)) -> Float {
            line.chunk == found.readChunk && found.readings.indices.contains(line.rank)
                ? found.readings[line.rank].weight : .nan
        }
        return AnswerTable([
            .init("chunk", .integers(lines.map(\.chunk))), .init("rank", .integers(lines.map { $0.rank + 1 })),
            .init("of", .words(lines.map { $0.neighbour.isOther ? "memory" : "text" })),
            .init("first_token", .integers(lines.map(\.neighbour.tokens.lowerBound))),
            .init("tokens", .integers(lines.map(\.neighbour.tokens.count))),
            .init("distance", .numbers(lines.map(\.neighbour.distance))),
            .init("read", .words(lines.map { $0.chunk == found.readChunk ? "yes" : "no" })),
            .init("weight", .numbers(lines.map(weight))),
        ])
    }
}
