import Foundation
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// A trace as a safetensors file, written tensor by tensor.
struct TraceFile {
    let trace: Trace
    let inputs: ModelInputs
    let greedySteps: Int
    let threads: Int

    /// Before a long run: whether its result can be written where it should go.
    static func checkFolder(of path: String) throws(FormatError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            throw .unwritable(file: path, reason: say("it is a folder; name a file in it"))
        }
        let place = exists ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(place, W_OK) != 0 else { return }
        throw .unwritable(file: path, reason: String(cString: strerror(errno)))
    }

    func write(to path: String) throws {
        let shape = trace.model.shape
        let ids = inputs.ids
        let tensors = trace.tensors
        var declarations = [SafetensorsWriter.Declaration("input_ids", .i64, shape: [1, ids.count])]
        declarations += tensors.map { .init($0.name, $0.isIndices ? .i32 : .f32, shape: $0.shape) }
        if greedySteps > 0 {
            declarations.append(.init("greedy.logits", .f32, shape: [greedySteps, shape.vocabulary]))
            declarations.append(.init("greedy.ids", .i32, shape: [greedySteps]))
        }
        var writer = try SafetensorsWriter(path: path, tensors: declarations, metadata: metadata)
        try writer.append(ids.map { Int64($0) })
        for tensor in tensors {
            try trace.forEachPart(of: tensor) { part throws(FormatError) in
                if tensor.isIndices { try writer.append(part.map { Int32($0) }) } else { try writer.append(part) }
            }
        }
        var generated: [Int32] = []
        for _ in 0..<greedySteps {
            let logits = try nextLogits(after: generated)
            generated.append(Int32(Self.highest(logits)))
            try writer.append(logits)
        }
        try writer.append(generated)
        try writer.finish()
    }

    private var metadata: [String: String] {
        let specs = scenario.specs
        return [
            "model": trace.model.name, "scenario": specs.isEmpty ? RoPE().spec : specs.joined(separator: " "),
            "version": Ropewalk.version,
        ].merging(part) { $1 }.merging(shares) { $1 }
    }

    /// What rows of attentions are, where they are no weights that add up to 1.
    private var shares: [String: String] {
        guard trace.tensors.contains(where: { $0.kind == .attentions }), let main = trace.recordings.main else {
            return [:]
        }
        if main.setup.rules.contains(where: { $0.signed != nil }) {
            return ["attentions": "sizes of weights as shares of their rows; the weights may be below 0"]
        }
        if main.chunks.contains(where: { $0.layers.contains { $0.slots != nil } }) {
            return ["attentions": "of tokens; what slots of the compressed memory get is missing from the sums of rows"]
        }
        return [:]
    }

    /// Which layers and heads the tensors of attention are of, where those are not all: row i of a tensor's heads is the
    /// i-th in the list. Keys and values are of the heads that the query heads share.
    private var part: [String: String] {
        let (selection, shape) = (trace.selection, trace.model.shape)
        func list(_ indices: [Int]) -> String { indices.map(String.init).joined(separator: ",") }
        guard selection.layers.count < shape.layers || selection.heads.count < shape.heads else { return [:] }
        return [
            "layers": list(selection.layers), "heads": list(selection.heads),
            "key_value_heads": list(selection.keyValueHeads(of: shape)),
        ]
    }

    private var scenario: Scenario { trace.recordings.main?.scenario ?? trace.model.defaultScenario }

    /// The logits after the last token, from a run over all of them: what a cache would give, and never another number.
    private func nextLogits(after generated: [Int32]) throws(ModelError) -> [Float] {
        var inputs = inputs
        if let decoder = trace.recordings.cross.flatMap({ _ in trace.recordings.decoder }) {
            inputs.decoderIDs = decoder.ids + generated
        } else {
            inputs.ids += generated
        }
        let recorder = Recorder(model: trace.model, scenario: scenario, threads: threads)
        guard let main = try recorder.record(inputs).main else { return [] }
        return trace.model.logits(after: main.ids.count - 1, in: main) ?? []
    }

    /// The index of the highest number, of equal ones the first.
    private static func highest(_ values: [Float]) -> Int {
        values.indices.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 } ?? 0
    }
}
