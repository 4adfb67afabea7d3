import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

/// A small Llama in float64 that reads a text segment by segment as the Compressive Transformer does: every layer keeps what
/// it read, the oldest of it in slots, and makes keys and values of all that anew for every segment.
struct PlainSegments {
    let method: CompressiveWindow
    /// Of every layer: what input i at the k-th state of a slot adds to output o. [layer][output][input][state]
    var convolutions: [[[[Double]]]] = []
    /// [layer][output]
    var biases: [[Double]] = []
    private let tensors: [String: [Double]]
    private let hidden = 40
    private let heads = 4
    private let keyHeads = 2
    private let dimension = 10
    private let layers = 2
    private let epsilon = 0.003

    /// What one layer carries from segment to segment.
    private struct Memory {
        /// States of the last tokens, the oldest first.
        var kept: [(token: Int, state: [Double])] = []
        /// States that have left the memory and fill no slot yet.
        var leaving: [(token: Int, state: [Double])] = []
        var slots: [(tokens: Range<Int>, state: [Double])] = []
    }

    /// The tokens of the slots that the last segment of a text read, layer by layer.
    private(set) var lastSlots: [[Range<Int>]] = []

    init(_ method: CompressiveWindow) throws {
        self.method = method
        let file = try SafetensorsFile(contentsOf: Fixture.path("hf/llama_default/model.safetensors"))
        var tensors: [String: [Double]] = [:]
        for name in file.tensors.keys {
            let bytes = try #require(file.bytes(of: name))
            tensors[name] = bytes.withUnsafeBytes { raw in
                (0..<bytes.count / 4).map { Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
            }
        }
        self.tensors = tensors
    }

    private func tensor(_ name: String) -> [Double] { tensors[name] ?? [] }

    /// W x, W [outputs, inputs].
    private func product(_ name: String, _ x: [Double]) -> [Double] {
        let weights = tensor(name + ".weight")
        return (0..<weights.count / x.count).map { row in
            x.indices.reduce(0) { $0 + weights[row * x.count + $1] * x[$1] }
        }
    }

    private func norm(_ name: String, _ x: [Double]) -> [Double] {
        let scale = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(x.count) + epsilon).squareRoot()
        return zip(x, tensor(name + ".weight")).map { $0 * scale * $1 }
    }

    private func turned(_ x: [Double], at place: Double) -> [Double] {
        var result = x
        let half = x.count / 2
        for i in 0..<half {
            // Angles are float32 products, as the models were trained with.
            let frequency = Float(pow(10_000, -2 * Double(i) / Double(x.count)))
            let angle = Double(frequency * Float(place))
            result[i] = x[i] * cos(angle) - x[i + half] * sin(angle)
            result[i + half] = x[i + half] * cos(angle) + x[i] * sin(angle)
        }
        return result
    }

    /// After the final norm, [token][hidden], and the numbers of keys that the last query's layer read.
    mutating func states(_ ids: [Int32]) -> [[Double]] {
        var memories = (0..<layers).map { _ in Memory() }
        var result: [[Double]] = []
        let table = tensor("model.embed_tokens.weight")
        for start in stride(from: 0, to: ids.count, by: method.segment) {
            let tokens = start..<min(start + method.segment, ids.count)
            var stream = tokens.map { Array(table[Int(ids[$0]) * hidden..<(Int(ids[$0]) + 1) * hidden]) }
            for layer in 0..<layers {
                let inputs = stream
                let read = attended(stream, first: start, memory: memories[layer], layer: layer)
                stream = read.states.map { fed($0, layer: layer) }
                if layer == 0 { lastSlots = [] }
                lastSlots.append(memories[layer].slots.map(\.tokens))
                if method.form == .mostUsed {
                    keepMostUsed(zip(tokens, inputs).map { ($0, $1) }, usage: read.usage, in: &memories[layer])
                } else {
                    carry(zip(tokens, inputs).map { ($0, $1) }, into: &memories[layer], layer: layer)
                }
            }
            result += stream.map { norm("model.norm", $0) }
        }
        return result
    }

    /// Puts a segment's states into the memory; what falls out of it fills slots, the oldest of which are lost.
    private func carry(_ segment: [(Int, [Double])], into memory: inout Memory, layer: Int) {
        memory.kept += segment.map { (token: $0.0, state: $0.1) }
        let out = max(0, memory.kept.count - method.memory)
        memory.leaving += memory.kept.prefix(out)
        memory.kept.removeFirst(out)
        while let first = memory.leaving.first {
            let place = first.token % method.segment
            // A rest of a segment that fills no slot is lost.
            guard place / method.rate < method.segment / method.rate else {
                memory.leaving.removeFirst()
                continue
            }
            guard memory.leaving.count >= method.rate else { break }
            let group = memory.leaving.prefix(method.rate)
            let states = group.map(\.state)
            let state = (0..<hidden).map { i in
                method.form == .conv
                    ? convolved(states, i, layer: layer)
                    : method.form == .max
                        ? states.map { $0[i] }.max() ?? 0 : states.reduce(0) { $0 + $1[i] } / Double(method.rate)
            }
            memory.slots.append((first.token..<first.token + method.rate, state))
            memory.leaving.removeFirst(method.rate)
        }
        memory.slots.removeFirst(max(0, memory.slots.count - method.compressed))
    }

    /// One number of what a convolution makes of states behind the norm.
    private func convolved(_ states: [[Double]], _ output: Int, layer: Int) -> Double {
        let normed = states.map { norm("model.layers.\(layer).input_layernorm", $0) }
        var sum = biases[layer][output]
        for (place, state) in normed.enumerated() {
            for i in 0..<hidden { sum += convolutions[layer][output][i][place] * state[i] }
        }
        return sum
    }

    /// What falls out of the memory leaves those of its tokens behind that the segment gave the most weight.
    /// - Parameter usage: what all heads and queries gave each token of memory and segment
    private func keepMostUsed(_ segment: [(Int, [Double])], usage: [Double], in memory: inout Memory) {
        memory.kept += segment.map { (token: $0.0, state: $0.1) }
        let out = max(0, memory.kept.count - method.memory)
        let leaving = Array(memory.kept.prefix(out))
        memory.kept.removeFirst(out)
        let best = leaving.indices.sorted { usage[$0] == usage[$1] ? $0 < $1 : usage[$0] > usage[$1] }
        for place in best.prefix(out / method.rate).sorted() {
            memory.slots.append((leaving[place].token..<leaving[place].token + 1, leaving[place].state))
        }
        memory.slots.removeFirst(max(0, memory.slots.count - method.compressed))
    }

    /// x + attention of a segment over [slots | memory | segment], and what the tokens of memory and segment got of it.
    private func attended(
        _ stream: [[Double]], first: Int, memory: Memory, layer: Int
    ) -> (states: [[Double]], usage: [Double]) {
        let name = "model.layers.\(layer)."
        let all = memory.slots.map(\.state) + memory.kept.map(\.state) + stream
        let before = memory.slots.count + memory.kept.count
        // In a row a key's place is its index; else tokens stand at their index in the text, slots in the middle of theirs.
        let middles = memory.slots.map { Double($0.tokens.lowerBound + $0.tokens.upperBound - 1) / 2 }
        let places: [Double] =
            method.places == .row
            ? all.indices.map(Double.init)
            : middles + (memory.kept.map(\.token) + (0..<stream.count).map { first + $0 }).map(Double.init)
        let normed = all.enumerated().map { index, state in
            // A convolution gives what the projections take.
            method.form == .conv && index < memory.slots.count ? state : norm(name + "input_layernorm", state)
        }
        var usage = [Double](repeating: 0, count: all.count - memory.slots.count)
        let keys = normed.map { product(name + "self_attn.k_proj", $0) }
        let values = normed.map { product(name + "self_attn.v_proj", $0) }
        let states = stream.indices.map { row in
            let query = product(name + "self_attn.q_proj", normed[before + row])
            let context = (0..<heads).flatMap { head -> [Double] in
                let keyHead = head / (heads / keyHeads) * dimension
                let q = turned(Array(query[head * dimension..<(head + 1) * dimension]), at: places[before + row])
                let scores = (0...before + row).map { key in
                    let k = turned(Array(keys[key][keyHead..<keyHead + dimension]), at: places[key])
                    return zip(q, k).reduce(0) { $0 + $1.0 * $1.1 } / Double(dimension).squareRoot()
                }
                let highest = scores.max() ?? 0
                let exponentials = scores.map { exp($0 - highest) }
                let sum = exponentials.reduce(0, +)
                for key in memory.slots.count..<exponentials.count {
                    usage[key - memory.slots.count] += exponentials[key] / sum
                }
                return (0..<dimension).map { i in
                    exponentials.indices.reduce(0) { $0 + exponentials[$1] / sum * values[$1][keyHead + i] }
                }
            }
            return zip(stream[row], product(name + "self_attn.o_proj", context)).map(+)
        }
        return (states, usage)
    }

    /// x + feedForward(norm(x)).
    private func fed(_ x: [Double], layer: Int) -> [Double] {
        let name = "model.layers.\(layer)."
        let input = norm(name + "post_attention_layernorm", x)
        let gate = product(name + "mlp.gate_proj", input).map { $0 / (1 + exp(-$0)) }
        let up = product(name + "mlp.up_proj", input)
        return zip(x, product(name + "mlp.down_proj", zip(gate, up).map(*))).map(+)
    }
}
