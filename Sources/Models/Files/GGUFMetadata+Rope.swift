import Foundation
import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// What `rope_scaling` of the published model says, as a list of none or one.
    func rope() throws(ModelError) -> [JSONValue] {
        let scaling = try stated()
        if let divisors = try factors("rope_freqs.weight") {
            return [try self.scaling(divisors: divisors, and: scaling)]
        }
        if let long = try factors("rope_factors_long.weight"), let short = try factors("rope_factors_short.weight") {
            return [longRope(long: long, short: short, attentionFactor: try number("rope.scaling.attn_factor"))]
        }
        switch scaling.type {
        case "none": return []
        case "linear":
            return scaling.factor == 1
                ? [] : [object([("rope_type", .string("linear")), ("factor", .number(scaling.factor))])]
        default: return [try yarn(factor: scaling.factor)]
        }
    }

    /// The kind of scaling and its factor; a file that only has a factor means the linear kind.
    private func stated() throws(ModelError) -> (type: String, factor: Double) {
        let name = "rope.scaling.type"
        let (stated, legacy) = (try number("rope.scaling.factor"), try number("rope.scale_linear"))
        let factor = (stated == 0 ? nil : stated) ?? legacy ?? 1
        let type = value(name)?.string ?? "linear"
        guard ["none", "linear", "yarn", "longrope"].contains(type) else {
            throw problem(name, say("\(type.debugDescription) is not known; known are none, linear, yarn"))
        }
        guard factor >= 1 else { throw problem("rope.scaling.factor", say("must be a number from 1 on")) }
        guard type != "longrope" || file.tensors["rope_factors_long.weight"] != nil else {
            throw problem(name, say("is \(type.debugDescription), but the file has no rope_factors_long.weight"))
        }
        return (type, factor)
    }

    private func yarn(factor: Double) throws(ModelError) -> JSONValue {
        var members: [(String, JSONValue)] = [("rope_type", .string("yarn")), ("factor", .number(factor))]
        if let original = try size("rope.scaling.original_context_length") {
            members.append(("original_max_position_embeddings", .integer(original)))
        }
        if let extra = try number("rope.scaling.attn_factor"), extra != 1 {
            members.append(("attention_factor", .number(extra * (0.1 * log(max(1, factor)) + 1))))
        } else if let published = try number("rope.scaling.yarn_attn_factor"), published > 0 {
            members.append(("attention_factor", .number(published)))
        }
        for (name, key) in [("yarn_beta_fast", "beta_fast"), ("yarn_beta_slow", "beta_slow")] {
            if let beta = try number("rope.scaling." + name) { members.append((key, .number(beta))) }
        }
        // gpt-oss is published with ends of its ramp that are not rounded.
        if architecture == .gptOSS { members.append(("truncate", .bool(false))) }
        try members += logMultiplier()
        if architecture == .mistral3 {
            members.append(("llama_4_scaling_beta", .number(try number("attention.temperature_scale") ?? 0)))
        }
        return object(members)
    }

    /// The factor of YaRN's logarithm; files of DeepSeek have a tenth of it.
    private func logMultiplier() throws(ModelError) -> [(String, JSONValue)] {
        guard let stated = try number("rope.scaling.yarn_log_multiplier"), stated != 0 else { return [] }
        // From float32, in which a tenth is not exact.
        let factor = architecture == .deepseek2 ? Double(Float(stated) / 0.1) : stated
        return [("mscale", .number(architecture == .deepseek2 ? factor : 1)), ("mscale_all_dim", .number(factor))]
    }

    /// Divisors of the frequencies, one for each subspace: Llama 3's where its formula gives them, else as they are.
    ///
    /// A linear scaling divides them once more, as llama.cpp does.
    private func scaling(
        divisors: [Double], and stated: (type: String, factor: Double)
    ) throws(ModelError) -> JSONValue {
        guard stated.type == "linear" || stated.type == "none" else {
            throw problem(
                "rope.scaling.type", say("\(stated.type.debugDescription) beside rope_freqs.weight is not supported"))
        }
        if stated.type == "linear", stated.factor != 1 {
            let all = divisors.map { $0 * stated.factor }
            return longRope(long: all, short: all, attentionFactor: 1)
        }
        let base = try number("rope.freq_base") ?? 10_000
        let factor = divisors.max() ?? 1
        // The window that the formula is about is not in the file; the published models' first.
        for window in [8192] + (5...20).map({ 1 << $0 }) {
            let expected = Self.llama3Divisors(
                count: divisors.count, base: base, factor: factor, window: Double(window))
            // The file has them as float32.
            guard zip(divisors, expected).allSatisfy({ abs($0 - $1) <= 1e-5 * $1 }) else { continue }
            return object([
                ("rope_type", .string("llama3")), ("factor", .number(factor)), ("low_freq_factor", .number(1)),
                ("high_freq_factor", .number(4)), ("original_max_position_embeddings", .integer(window)),
            ])
        }
        return longRope(long: divisors, short: divisors, attentionFactor: 1)
    }

    /// What Llama 3.1 divides frequencies by: nothing for wavelengths up to a quarter of the first window, `factor` from
    /// the window on, and between them so that the frequency changes linearly with the turns in the window.
    static func llama3Divisors(count: Int, base: Double, factor: Double, window: Double) -> [Double] {
        (0..<count).map { index in
            let turns = window / (2 * .pi * pow(base, Double(index) / Double(count)))
            let part = min(1, max(0, (turns - 1) / (4 - 1)))
            return 1 / ((1 - part) / factor + part)
        }
    }

    private func longRope(long: [Double], short: [Double], attentionFactor: Double?) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("rope_type", .string("longrope")), ("long_factor", .array(long.map { .number($0) })),
            ("short_factor", .array(short.map { .number($0) })),
        ]
        if let attentionFactor { members.append(("attention_factor", .number(attentionFactor))) }
        // Where both lists are one it does not matter from which length on the second holds.
        let original = value("rope.scaling.original_context_length") ?? value("context_length")
        if let original = original?.integer {
            members.append(("original_max_position_embeddings", .integer(original)))
        }
        return object(members)
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { .init(key: $0.0, value: $0.1) })
    }
}
