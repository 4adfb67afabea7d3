import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// The scores of one head as `ropewalk heads` prints them.
struct HeadReport: Encodable {
    /// On the text.
    let score: HeadScore
    /// On random tokens repeated once; decides which circuit the head holds. Nil without weights to read them.
    let onRandomTokens: HeadScore?

    private enum CodingKeys: String, CodingKey {
        case layer, head, circuit, circuitScores
        case sinks, firstToken, entropy, meanDistance, sink, previousToken, induction, retrieval
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(score.layer, forKey: .layer)
        try object.encode(score.head, forKey: .head)
        try object.encode(onRandomTokens?.circuit?.rawValue, forKey: .circuit)
        try Self.encode(score, into: &object)
        try object.encode(score.sinks, forKey: .sinks)
        guard let onRandomTokens else { return try object.encodeNil(forKey: .circuitScores) }
        var scores = object.nestedContainer(keyedBy: CodingKeys.self, forKey: .circuitScores)
        try Self.encode(onRandomTokens, into: &scores)
    }

    /// What was not measured is null.
    private static func encode(_ score: HeadScore, into object: inout KeyedEncodingContainer<CodingKeys>) throws {
        try object.encode(known(score.entropy), forKey: .entropy)
        try object.encode(known(score.meanDistance), forKey: .meanDistance)
        try object.encode(known(score.sink), forKey: .sink)
        try object.encode(known(score.previousToken), forKey: .previousToken)
        try object.encode(known(score.induction), forKey: .induction)
        try object.encode(known(score.retrieval), forKey: .retrieval)
        try object.encode(known(score.firstToken), forKey: .firstToken)
    }

    private static func known(_ value: Float) -> Float? { value.isNaN ? nil : value }

    /// A table of all heads, then the circuits that were found.
    static func text(_ reports: [HeadReport]) -> String {
        let knowsCircuits = reports.contains { $0.onRandomTokens != nil }
        let rows = reports.map { report in
            [String(report.score.layer), String(report.score.head)]
                + report.score.values.map(number) + [report.sinkText] + (knowsCircuits ? [report.circuitText] : [])
        }
        let table = AlignedTable(
            header: [say("layer"), say("head")] + HeadScore.measures.map(\.said) + [say("sinks at")]
                + (knowsCircuits ? [say("circuit (on random tokens repeated once)")] : []),
            rows: rows,
            sides: Array(repeating: .right, count: 2 + HeadScore.measures.count) + [.left]
                + (knowsCircuits ? [.left] : []))
        return knowsCircuits ? table.text + "\n" + summary(reports) : table.text
    }

    /// Without a minus before a score that is next to nothing.
    private static func number(_ value: Float) -> String {
        if value.isNaN { return "—" }
        let text = String(format: "%.2f", value)
        return text == "-0.00" ? "0.00" : text
    }

    /// The tokens that are sinks on the text, those of most queries first.
    private var sinkText: String { score.sinks.map { String($0.key) }.joined(separator: " ") }

    private var circuitText: String {
        onRandomTokens?.circuit.map { "\($0.rawValue.said) \(String(format: "%.2f", strength(of: $0)))" } ?? ""
    }

    private func strength(of circuit: HeadScore.Circuit) -> Float {
        switch circuit {
        case .previousToken: onRandomTokens?.previousToken ?? 0
        case .induction: onRandomTokens?.induction ?? 0
        case .sink: onRandomTokens?.sink ?? 0
        }
    }

    private static func summary(_ reports: [HeadReport]) -> String {
        HeadScore.Circuit.allCases.map { circuit in
            let found = reports.filter { $0.onRandomTokens?.circuit == circuit }
                .sorted { $0.strength(of: circuit) > $1.strength(of: circuit) }
                .map { "L\($0.score.layer)H\($0.score.head) \(String(format: "%.2f", $0.strength(of: circuit)))" }
            return
                "\(circuit.rawValue.said)\(say(": "))\(found.isEmpty ? say("none") : found.joined(separator: ", "))\n"
        }.joined()
    }
}
