import Foundation
import RopewalkFormats
import RopewalkPhrases

/// The hidden Markov model with which jieba cuts what its dictionary does not have: every character begins a word, ends it,
/// lies in it or is one (B, E, M, S).
///
/// Its three tables are those of jieba's folder `finalseg`, read as text: `P={'B': {'一': -3.65, ...}, ...}`.
package struct JiebaModel: Sendable {
    private enum State: Int, CaseIterable {
        // In the order in which Python compares their letters.
        case begin, end, middle, single
    }

    private let start: [Double]
    /// [from · 4 + to]
    private let moves: [Double]
    private let emissions: [[Unicode.Scalar: Double]]

    /// What stands for a probability of 0.
    private static let least = -3.14e100
    private static let names = ["B", "E", "M", "S"]
    /// From which states each can be reached.
    private static let before: [[State]] = [[.end, .single], [.begin, .middle], [.middle, .begin], [.single, .end]]

    /// - Parameter folder: jieba's `finalseg`, with `prob_start.py`, `prob_trans.py` and `prob_emit.py`
    package init(folder: String) throws {
        func table(_ name: String) throws -> [String: PythonTable.Value] {
            let path = folder + "/" + name
            let data = try RegularFile.map(path, sizeLimit: JiebaDictionary.sizeLimit)
            return try PythonTable(data, source: path).rows
        }
        try self.init(
            start: table("prob_start.py"), moves: table("prob_trans.py"), emissions: table("prob_emit.py"),
            source: folder)
    }

    init(
        start: [String: PythonTable.Value], moves: [String: PythonTable.Value], emissions: [String: PythonTable.Value],
        source: String
    ) throws(ScoringError) {
        var starts: [Double] = []
        var rows: [Double] = []
        var tables: [[Unicode.Scalar: Double]] = []
        for name in Self.names {
            guard case .number(let first) = start[name], case .row(let move) = moves[name],
                case .row(let table) = emissions[name]
            else {
                throw .kind(file: source, problem: say("its tables have no state '\(name)'"))
            }
            starts.append(first)
            rows += Self.names.map { other in move.first { $0.key == other }?.value ?? Self.least }
            tables.append(
                table.reduce(into: [:]) { known, entry in
                    let scalars = entry.key.unicodeScalars
                    if scalars.count == 1, let scalar = scalars.first { known[scalar] = entry.value }
                })
        }
        (self.start, self.moves, self.emissions) = (starts, rows, tables)
    }

    /// Runs of ideographs as the model cuts them; between them numbers, names and marks.
    func words(_ text: CodePoints) -> [CodePoints] {
        var words: [CodePoints] = []
        var place = 0
        while place < text.count {
            let isHan = JiebaCutter.isHan(text[place])
            let run = CodePoints(text[place...].prefix { JiebaCutter.isHan($0) == isHan })
            words += isHan ? cut(run) : Self.others(run)
            place += run.count
        }
        return words
    }

    /// `[a-zA-Z0-9]+(?:\.\d+)?%?` and what stands between.
    private static func others(_ text: CodePoints) -> [CodePoints] {
        var words: [CodePoints] = []
        var place = 0
        while place < text.count {
            let name = text[place...].prefix(while: WordCutter.isLatin)
            guard !name.isEmpty else {
                let rest = text[place...].prefix { !WordCutter.isLatin($0) }
                words.append(CodePoints(rest))
                place = rest.endIndex
                continue
            }
            var end = name.endIndex
            if end + 1 < text.count, text[end] == "." {
                let fraction = text[(end + 1)...].prefix { (0x30...0x39).contains($0.value) }
                if !fraction.isEmpty { end = fraction.endIndex }
            }
            if end < text.count, text[end] == "%" { end += 1 }
            words.append(CodePoints(text[place..<end]))
            place = end
        }
        return words
    }

    private func cut(_ text: CodePoints) -> [CodePoints] {
        let states = path(text)
        var words: [CodePoints] = []
        var (begin, next) = (0, 0)
        for (place, state) in states.enumerated() {
            switch state {
            case .begin: begin = place
            case .middle: break
            case .end:
                words.append(CodePoints(text[begin...place]))
                next = place + 1
            case .single:
                words.append([text[place]])
                next = place + 1
            }
        }
        if next < text.count { words.append(CodePoints(text[next...])) }
        return words
    }

    /// The most probable states (Viterbi); of equal ones the later letter, as Python compares pairs.
    private func path(_ text: CodePoints) -> [State] {
        func emission(_ state: State, _ place: Int) -> Double {
            emissions[state.rawValue][text[place]] ?? Self.least
        }
        var values = State.allCases.map { start[$0.rawValue] + emission($0, 0) }
        var came: [[State]] = []
        for place in text.indices.dropFirst() {
            var row: [State] = []
            let old = values
            for state in State.allCases {
                let emission = emission(state, place)
                var best: (value: Double, state: State)?
                for other in Self.before[state.rawValue] {
                    let value = old[other.rawValue] + moves[other.rawValue * 4 + state.rawValue] + emission
                    let isBetter = best.map { ($0.value, $0.state.rawValue) < (value, other.rawValue) } ?? true
                    if isBetter { best = (value, other) }
                }
                values[state.rawValue] = best?.value ?? Self.least
                row.append(best?.state ?? .single)
            }
            came.append(row)
        }
        var state = (values[1], 1) > (values[3], 3) ? State.end : State.single
        var path = [state]
        for row in came.reversed() {
            state = row[state.rawValue]
            path.append(state)
        }
        return path.reversed()
    }
}
