import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// The formula of a step: in general, and with the numbers of one key in it.
struct WordFormula {
    let reading: WordReading
    /// The names of the query and of keys, quoted.
    let query: String
    let name: (Int) -> String

    func general(_ step: WordStep) -> String {
        switch step {
        case .scores:
            let parts = [say("score = q·k \(scaleText)")] + [capText(say("score"))].compactMap { $0 }
            return parts.joined(separator: say(", then ")) + (reading.hasBias ? say(", then + the layer's bias") : "")
        case .mask: return say("a key that is hidden gets the score −∞") + later
        case .exponential: return say("exp(score − highest score): weights stay the same, and nothing overflows")
        case .weight: return say("weight = exp ÷ Σ exp: softmax; all weights add up to 1")
        case .value:
            return say("|w·v| = |weight · value|, a key's vector; in Σ: the length of their sum")
        case .output:
            return
                say("output = Σ weight · value: |w·v| in Σ is its length; adds: a key's part of it")
        case .projection: return say("W_O · output: what the head adds to the state of the token")
        case .block:
            return say("what goes on to the next layer; numbers are lengths of vectors")
        case .next: return say("expected next if the model ended before and after this layer (its last norm and head)")
        }
    }

    /// With the numbers of a key.
    func numbers(_ step: WordStep, of key: WordReading.Key, why: String?) -> String {
        switch step {
        case .scores: return score(key)
        case .mask: return mask(key, why: why)
        case .exponential:
            guard key.isSeen else { return say("\(name(key.token)): exp(−∞) = 0") }
            let difference = key.score - reading.highest
            return say(
                """
                \(name(key.token)): exp(\(number(key.score)) − \(bracketed(reading.highest))) = \
                exp(\(number(difference))) = \(Figures.weight(key.exponential))
                """)
        case .weight:
            return
                "\(name(key.token)): \(Figures.weight(key.exponential)) ÷ \(sum) = \(Figures.weight(key.weight)); \(sumText)"
        case .value:
            return say("\(name(key.token)): \(Figures.weight(key.weight)) × |value| \(length(key.valueLength)) = ")
                + length(key.added)
        case .output:
            return say("\(name(key.token)) adds \(percent(key.share)) of the output, whose length is ")
                + length(reading.outputLength)
        case .projection, .block, .next: return ""
        }
    }

    /// The same of a learned sink.
    func numbers(_ step: WordStep, of sink: WordReading.LearnedSink) -> String {
        switch step {
        case .scores: say("the learned sink has the score \(number(sink.score)) for every query")
        case .mask: say("nothing hides the learned sink")
        case .exponential:
            say(
                "learned sink: exp(\(number(sink.score)) − \(bracketed(reading.highest))) = \(Figures.weight(sink.exponential))"
            )
        case .weight:
            say(
                "learned sink: \(Figures.weight(sink.exponential)) ÷ \(sum) = \(Figures.weight(sink.weight)); \(sumText)"
            )
        case .value, .output: say("the learned sink has no value: its weight adds nothing")
        case .projection, .block, .next: ""
        }
    }

    private var scaleText: String {
        if reading.hasUsualScale { return reading.scaleFactor }
        return say(
            """
            × \(Figures.fixed(Double(reading.scale), 4)) (the model's own; 1/√\(reading.dimension) is \
            \(Figures.fixed(Double(reading.usualScale), 4)))
            """)
    }

    private func capText(_ score: String) -> String? {
        reading.softcap.map { "\(cap($0)) · tanh(\(score) / \(cap($0)))" }
    }

    private func cap(_ value: Float) -> String { Figures.fixed(Double(value), value == value.rounded() ? 0 : 2) }

    private func score(_ key: WordReading.Key) -> String {
        let product = reading.scale == 0 ? 0 : key.scaled / reading.scale
        var text = "\(query) · \(name(key.token)) = \(number(product)); \(reading.scaleFactor) = \(number(key.scaled))"
        if let kernel = reading.kernel { text += say("; by \(kernel) \(number(key.score)) in its place") }
        if let capped = key.capped, let cap = capText(number(key.scaled)) { text += "; \(cap) = \(number(capped))" }
        if let bias = key.bias { text += say("; + bias \(bracketed(bias)) = \(number(key.score))") }
        return text
    }

    private func mask(_ key: WordReading.Key, why: String?) -> String {
        let reason = why.map { " (\($0))" } ?? ""
        return key.isSeen
            ? say("\(name(key.token)) is seen\(reason): its score stays \(number(key.score))")
            : say("\(name(key.token)) is hidden\(reason): \(number(key.score)) becomes −∞")
    }

    /// Keys behind the query, which the table does not list.
    private var later: String {
        if reading.later == 0 { return "" }
        return reading.later == 1
            ? say("; the token after it is hidden: a decoder reads from the left")
            : say("; the \(reading.later.grouped) tokens after it are hidden: a decoder reads from the left")
    }

    private var sum: String { Figures.fixed(Double(reading.sum), 3) }

    private var sumText: String {
        let seen = reading.keys.count { $0.isSeen } + (reading.others?.count ?? 0)
        return say("Σ exp of \(seen.grouped) \(seen == 1 ? say("key") : say("keys"))")
            + (reading.sink == nil ? "" : say(" and the learned sink"))
    }

    private func number(_ value: Float) -> String { Figures.fixed(Double(value), 2) }
    private func bracketed(_ value: Float) -> String { value < 0 ? "(\(number(value)))" : number(value) }
    private func length(_ value: Float) -> String { Figures.fixed(Double(value), 3) }
    private func percent(_ value: Float) -> String { Figures.signed(Double(value) * 100, 1) + " %" }
}

extension VisibilityReason.Rule {
    /// In at most eight letters.
    var mark: String {
        switch self {
        case .visible: say("seen")
        case .sink: say("sink")
        case .window: say("window")
        case .global: say("global")
        case .block: say("block")
        case .random: say("random")
        case .selected: say("selected")
        case .future: say("later")
        case .outside: say("outside")
        case .notSelected: say("dropped")
        }
    }
}

extension WordReading {
    var usualScale: Float { 1 / Float(dimension).squareRoot() }
    var hasUsualScale: Bool { abs(scale - usualScale) <= 1e-5 * usualScale }

    /// What products are multiplied by: "÷ √32" where that is the scale, else the model's own.
    var scaleFactor: String { hasUsualScale ? "÷ √\(dimension)" : "× \(Figures.fixed(Double(scale), 4))" }
}
