import Foundation
import RopewalkMethods
import RopewalkPeers
import RopewalkPhrases

/// What `bench --peers` measures of one other program.
struct PeerRow: Codable {
    let peer: String
    /// Names and versions; nil where it did not get so far.
    let program: String?
    /// That are read.
    let tokens: Int
    /// That follow; nil where reading is what was measured.
    let continued: Int?
    /// Nil where it failed.
    let trial: PeerTrial?
    /// Seconds; and theirs / ours, turn by turn.
    let ourSeconds: Spread?
    let theirSeconds: Spread?
    let ratio: Spread?
    /// Largest resident sets of the two processes, units of 1,048,576 bytes.
    let ourPeakMegabytes: Double?
    let theirPeakMegabytes: Double?
    /// Until ours could show the first part.
    let firstMilliseconds: Double?
    /// Why there are no figures.
    let failure: String?

    init(
        peer: String, program: String, tokens: Int, count: Int?, trial: PeerTrial, ourMegabytes: Double,
        theirMegabytes: Double
    ) {
        (self.peer, self.program, self.tokens, continued) = (peer, program, tokens, count)
        self.trial = trial
        (ourSeconds, theirSeconds, ratio) = (Spread(trial.ours), Spread(trial.theirs), Spread(trial.ratios))
        (ourPeakMegabytes, theirPeakMegabytes) = (ourMegabytes, theirMegabytes)
        firstMilliseconds = trial.ourAnswer.firstSeconds.map { $0 * 1000 }
        failure = nil
    }

    init(peer: String, tokens: Int, count: Int?, failure: PeerFailure) {
        (self.peer, self.tokens, continued) = (peer, tokens, count)
        (program, trial, ourSeconds, theirSeconds, ratio) = (nil, nil, nil, nil, nil)
        (ourPeakMegabytes, theirPeakMegabytes, firstMilliseconds) = (nil, nil, nil)
        self.failure = failure.description
    }

    /// Whether both have done the same, in words.
    var outputs: String {
        if let failure { return failure }
        guard let agreement = trial?.agreement else { return say("not compared: it gives none") }
        let (ours, theirs) = (Self.number(agreement.ours, 3), Self.number(agreement.theirs, 3))
        let within = Self.number(agreement.tolerance, 3)
        return switch (agreement.subject, agreement.isSame) {
        case (.losses, true): say("the same: mean −ln p \(ours), theirs \(theirs)")
        case (.losses, false): say("NOT the same: mean −ln p \(ours), theirs \(theirs); \(within) allowed")
        case (.next, true): say("the same next token: ln p \(ours), theirs \(theirs)")
        case (.next, false): say("NOT the same next token, or not as probable: ln p \(ours), theirs \(theirs)")
        case (.tokens, _): say("\(Int(agreement.theirs)) of \(Int(agreement.ours)) tokens the same")
        }
    }

    static func number(_ value: Double?, _ digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "-"
    }
}

/// Everything that `bench --peers` measures.
struct PeerReport: Codable {
    /// A program that is not there.
    struct Missing: Codable {
        let peer: String
        let reason: String
    }

    let model: String
    /// Of each side.
    let threads: Int
    let rounds: Int
    let instructionSet: String
    let blasCore: String
    /// Of the last minute, before anything was measured; nil where the system does not say.
    let loadAverage: Double?
    let rows: [PeerRow]
    let missing: [Missing]

    var text: String {
        let load = loadAverage.map { say(", load average \(String(format: "%.2f", $0))") } ?? ""
        let head = say(
            "\(model): \(threads) threads, \(rounds) rounds, loops for \(instructionSet), OpenBLAS kernels \(blasCore)")
        let read = rows.filter { $0.continued == nil }
        let continued = rows.filter { $0.continued != nil }
        let parts: [String?] = [
            head + load + "\n",
            read.isEmpty
                ? nil
                : say("reading: seconds of one run, the median; times: theirs / ours, turn by turn") + "\n"
                    + table(read),
            continued.isEmpty
                ? nil
                : say("continuing: tokens a second, the most probable one each time; times: ours / theirs") + "\n"
                    + table(continued),
            programs, absent,
        ]
        return parts.compactMap { $0 }.joined(separator: "\n")
    }

    private func table(_ rows: [PeerRow]) -> String {
        AlignedTable(
            header: [
                say("tokens"), say("other program"), say("ours"), say("theirs"), say("times"), say("quartiles"),
                say("first ms"),
                say("our MB"), say("their MB"), say("outputs"),
            ],
            rows: rows.map { row in
                let tokens = row.continued.map { "\(row.tokens) + \($0)" } ?? row.tokens.grouped
                let quartiles = row.ratio.map { PeerRow.number($0.lower, 2) + "–" + PeerRow.number($0.upper, 2) }
                return [
                    tokens, row.peer, figure(row.ourSeconds?.median, of: row),
                    figure(row.theirSeconds?.median, of: row),
                    PeerRow.number(row.ratio?.median, 2), quartiles ?? "-", PeerRow.number(row.firstMilliseconds, 0),
                    PeerRow.number(row.ourPeakMegabytes, 0), PeerRow.number(row.theirPeakMegabytes, 0), row.outputs,
                ]
            }, sides: [.right, .left] + Array(repeating: .right, count: 7) + [.left]
        ).text
    }

    /// Seconds, or tokens a second.
    private func figure(_ seconds: Double?, of row: PeerRow) -> String {
        guard let seconds else { return "-" }
        return row.continued.map { PeerRow.number(Double($0) / seconds, 1) } ?? PeerRow.number(seconds, 3)
    }

    private var programs: String? {
        let names = Set(rows.compactMap(\.program)).sorted()
        return names.isEmpty ? nil : say("beside: \(names.joined(separator: "; "))") + "\n"
    }

    private var absent: String? {
        missing.isEmpty ? nil : missing.map { "\($0.peer): \($0.reason)\n" }.joined()
    }
}
