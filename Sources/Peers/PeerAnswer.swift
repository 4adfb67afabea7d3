import Foundation

/// What a program that reads beside ours answers about one run.
package struct PeerAnswer: Codable, Equatable, Sendable {
    /// −ln p of every token but the first, in nats.
    package struct Losses: Codable, Equatable, Sendable {
        package let count: Int
        package let sum: Double
        package let mean: Double

        package init(count: Int, sum: Double) {
            (self.count, self.sum, mean) = (count, sum, sum / Double(count))
        }
    }

    /// The most probable token after the text.
    package struct Next: Codable, Equatable, Sendable {
        package let id: Int
        /// ln p, nats.
        package let logProbability: Double

        package init(id: Int, logProbability: Double) {
            (self.id, self.logProbability) = (id, logProbability)
        }
    }

    /// Of the run alone, by the clock of the program that ran.
    package let seconds: Double
    /// Until something could be shown; nil where nothing is shown before the end.
    package let firstSeconds: Double?
    /// Of what else was done before the answer, as finding out what the outputs are; nil for nothing.
    package let besideSeconds: Double?
    package let losses: Losses?
    package let next: Next?
    /// Tokens of a greedy continuation.
    package let tokens: [Int]?

    package init(
        seconds: Double, firstSeconds: Double? = nil, besideSeconds: Double? = nil, losses: Losses? = nil,
        next: Next? = nil, tokens: [Int]? = nil
    ) {
        self.seconds = seconds
        self.firstSeconds = firstSeconds
        self.besideSeconds = besideSeconds
        self.losses = losses
        self.next = next
        self.tokens = tokens
    }

    /// Whether the figures agree with each other, and with the clock of who asked.
    /// - Parameter wall: seconds from question to answer.
    package func check(wall: Double) throws(PeerFailure) {
        guard seconds.isFinite, seconds > 0 else { throw .contradiction("\(seconds) s") }
        guard seconds <= wall * 1.01 + 0.01 else {
            throw .contradiction(Self.text(seconds) + " s, \(Self.text(wall)) s by our clock")
        }
        // Between question and answer lies little beside the run.
        let beside = besideSeconds ?? 0
        guard beside.isFinite, beside >= 0, wall <= 1.5 * (seconds + beside) + 1 else {
            throw .contradiction(Self.text(seconds) + " s, \(Self.text(wall)) s by our clock")
        }
        if let losses {
            guard losses.count > 0, losses.sum.isFinite, losses.mean.isFinite,
                abs(losses.sum - losses.mean * Double(losses.count)) <= 1e-4 * abs(losses.sum) + 1e-6
            else { throw .contradiction("\(losses.count) x \(losses.mean) = \(losses.sum)") }
        }
        if let next, !next.logProbability.isFinite || next.logProbability > 1e-6 {
            throw .contradiction("ln p = \(next.logProbability)")
        }
    }

    private static func text(_ seconds: Double) -> String { String(format: "%.3f", seconds) }
}

/// A line of a worker: one JSON object with one of the keys `ready`, `missing`, `error`, `answer`.
package enum PeerMessage: Equatable, Sendable {
    /// The model is loaded; names and versions of what runs it.
    case ready(String)
    case answer(PeerAnswer)

    private struct Line: Codable {
        var ready: String?
        var missing: String?
        var error: String?
        var answer: PeerAnswer?
    }

    /// - Throws: `PeerFailure.missing` and `.refused` for what the worker says is wrong, `.rubbish` for what is no message.
    package init(_ line: String) throws(PeerFailure) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let read = try? decoder.decode(Line.self, from: Data(line.utf8)) else {
            throw .rubbish(Self.beginning(line))
        }
        switch (read.ready, read.missing, read.error, read.answer) {
        case (let name?, nil, nil, nil): self = .ready(Self.beginning(name))
        case (nil, let packages?, nil, nil): throw .missing(packages: Self.beginning(packages))
        case (nil, nil, let words?, nil): throw .refused(Self.beginning(words))
        case (nil, nil, nil, let answer?): self = .answer(answer)
        default: throw .rubbish(Self.beginning(line))
        }
    }

    /// As a worker of our own writes it, without the end of the line.
    package var line: String {
        var line = Line()
        switch self {
        case .ready(let name): line.ready = name
        case .answer(let answer): line.answer = answer
        }
        return Self.encoded(line)
    }

    /// The line of a worker that cannot do what it was asked for.
    package static func refusal(_ words: String) -> String { encoded(Line(error: words)) }

    private static func encoded(_ line: Line) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Numbers that are none are the only thing that JSON has no words for.
        guard let data = try? encoder.encode(line) else { return #"{"error":"not finite"}"# }
        return String(decoding: data, as: UTF8.self)
    }

    /// What fits a row of a table, on one line.
    static func beginning(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 160 ? line.prefix(160) + "…" : line
    }
}
