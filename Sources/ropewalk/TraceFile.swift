import Formats
import Foundation
import Lens
import Methods
import Models

/// A trace as a safetensors file, written tensor by tensor.
struct TraceFile {
    let trace: Trace
    let greedySteps: Int
    let threads: Int

    /// Before a long run: whether its result can be written where it should go.
    static func checkFolder(of path: String) throws(FormatError) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, isFolder.boolValue { throw .unwritable(file: path, reason: "it is a folder; name a file in it") }
        let place = exists ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(place, W_OK) != 0 else { return }
        throw .unwritable(file: path, reason: String(cString: strerror(errno)))
    }

    func write(to path: String) throws {
        let shape = trace.recording.shape
        let ids = trace.recording.ids
        let tensors = trace.selection.tensors(of: shape)
        var declarations = [SafetensorsWriter.Declaration("input_ids", .i64, shape: [1, ids.count])]
        declarations += tensors.map {
            .init($0.name, .f32, shape: trace.selection.shape(of: $0, shape, tokens: ids.count))
        }
        if greedySteps > 0 {
            declarations.append(.init("greedy.logits", .f32, shape: [greedySteps, shape.vocabulary]))
            declarations.append(.init("greedy.ids", .i32, shape: [greedySteps]))
        }
        var writer = try SafetensorsWriter(path: path, tensors: declarations, metadata: metadata)
        try writer.append(ids.map { Int64($0) })
        for tensor in tensors {
            try trace.forEachPart(of: tensor) { part throws(FormatError) in try writer.append(part) }
        }
        var generated: [Int32] = []
        for _ in 0..<greedySteps {
            let logits = try nextLogits(ids + generated)
            generated.append(Int32(Self.highest(logits)))
            try writer.append(logits)
        }
        try writer.append(generated)
        try writer.finish()
    }

    private var metadata: [String: String] {
        let specs = trace.recording.scenario.specs
        return [
            "model": trace.model.name, "scenario": specs.isEmpty ? RoPE().spec : specs.joined(separator: " "),
            "version": Ropewalk.version,
        ]
    }

    /// The logits after the last token, from a run over all of them: what a cache would give, and never another number.
    private func nextLogits(_ ids: [Int32]) throws(ModelError) -> [Float] {
        let recorder = Recorder(model: trace.model, scenario: trace.recording.scenario, threads: threads)
        return trace.model.logits(after: ids.count - 1, in: try recorder.record(ids)) ?? []
    }

    /// The index of the highest number, of equal ones the first.
    private static func highest(_ values: [Float]) -> Int {
        values.indices.max { values[$0] < values[$1] || values[$0] == values[$1] && $0 > $1 } ?? 0
    }
}
