import Foundation
import RopewalkPhrases

extension RopeTable {
    /// Aligned columns, one line a subspace, critical ones marked; then how far apart the method takes the positions to
    /// be from the first token, where it says so.
    package var text: String {
        let title =
            [
                model.map { say("model \($0)") }, layers.map { say("layers \($0.rangesText)") },
                say("method \(method)"),
                say("head dimensions \(headDim)"),
                say("base \(Self.figure(base))"), say("window \(window.grouped)"),
                say("attention factor \(Self.figure(attentionFactor))"),
            ].compactMap { $0 }.joined(separator: " · ")
        return ([title, subspaceTable] + [distanceTable, slopeLine].compactMap { $0 }).joined(separator: "\n\n") + "\n"
    }

    private var subspaceTable: String {
        let header = [say("subspace"), say("inverse frequency"), say("wavelength"), say("turns in window"), ""]
        let rows = subspaces.map { subspace in
            [
                String(subspace.index), Self.figure(subspace.inverseFrequency),
                subspace.wavelength.map(Self.figure) ?? say("never turns"), Self.figure(subspace.turnsInWindow),
                subspace.critical ? say("critical") : "",
            ] + subspace.angles.map(Self.figure) + (fades ?? []).map { Self.figure($0[subspace.index]) }
        }
        let angles = zip(positions, pieceAtPositions).map { position, piece in
            say("angle at \(position.grouped)") + (pieces.count > 1 ? ", \(pieces[piece].name.said)" : "")
        }
        let faded = fades == nil ? [] : positions.map { say("times at \($0.grouped)") }
        return Self.lines(
            header + angles + faded, rows,
            [.right, .right, .right, .right, .left] + (angles + faded).map { _ in .right })
    }

    /// Nil where every distance is the true one and no score is scaled.
    private var distanceTable: String? {
        let distances = zip(positions.indices, pieceAtPositions).map { pieces[$1].distances[$0] }
        guard pieces.count > 1 || queryScales != nil || distances != positions.map(Double.init) else { return nil }
        var header = [say("distance"), say("piece"), say("taken as")]
        var rows = positions.indices.map {
            [positions[$0].grouped, pieces[pieceAtPositions[$0]].name.said, Self.figure(distances[$0])]
        }
        if let queryScales {
            header.append(say("scores times"))
            for index in rows.indices { rows[index].append(Self.figure(queryScales[index])) }
        }
        return Self.lines(header, rows, [.right, .left, .right] + (queryScales == nil ? [] : [.right]))
    }

    private var slopeLine: String? {
        slopes.map { say("scores less slope · distance, slope by head: \($0.map(Self.figure).joined(separator: " "))") }
    }

    private static func lines(
        _ header: [String], _ rows: [[String]], _ sides: [AlignedTable.Side]
    ) -> String {
        String(AlignedTable(header: header, rows: rows, sides: sides).text.dropLast())
    }

    private static func figure(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Int(value).grouped : String(format: "%.6g", value)
    }
}
