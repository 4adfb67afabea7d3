import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkModels

/// A recording of a small model, in memory and in a folder.
struct RecordingSample {
    let folder: String
    let model: Model
    let memory: Recordings

    /// - Parameters:
    ///   - tokens: as many, or as many as the model has places for.
    ///   - chunks: after so many the run is stopped.
    init(
        _ name: String, _ specs: [String] = [], precision: StoredPrecision = .single, tokens: Int = 600,
        layers: [Int]? = nil, heads: [Int]? = nil, stoppingAfter chunks: Int = .max, in folder: String? = nil,
        beforeWriting: (@Sendable (String) throws(FormatError) -> Void)? = nil
    ) throws {
        model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let folder = folder ?? Self.newFolder()
        self.folder = folder
        let request = try Self.request(model, specs, precision: precision, tokens: tokens, layers: layers, heads: heads)
        var writer = try RecordingWriter(request, of: model, in: folder)
        if let beforeWriting { writer.beforeWriting = beforeWriting }
        let recorder = Recorder(
            model: model, scenario: request.scenario, threads: 2, keepsStates: false, chunkSize: 256)
        var last: Recordings?
        do throws(ModelError) {
            _ = try recorder.record(request.inputs) { snapshot in
                last = snapshot
                do { try writer.append(snapshot) } catch { return false }
                return (snapshot.decoder ?? snapshot.encoder)?.chunks.count ?? 0 < chunks
            }
        } catch {
            // `catch ModelError.cancelled` ends the compiler here (Swift 6.3.1).
            guard case .cancelled = error else { throw error }
        }
        memory = try #require(last)
    }

    static func newFolder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID().uuidString)").path
    }

    static func request(
        _ model: Model, _ specs: [String], precision: StoredPrecision = .single, tokens: Int = 600,
        layers: [Int]? = nil, heads: [Int]? = nil
    ) throws -> RecordingWriter.Request {
        let count = min(tokens, model.traits.limit ?? tokens)
        let vocabulary = Int32(min(53, model.shape.vocabulary - 4))
        let ids = (0..<count).map { Int32($0 * 31) % vocabulary + 2 }
        var methods: [any Method] = []
        for spec in specs { methods.append(try MethodSpec.parse(spec)) }
        if !methods.contains(where: { $0 is any PositionMethod }) { methods.append(model.outline.position) }
        var request = RecordingWriter.Request(
            scenario: try Scenario(methods), inputs: ModelInputs(ids: ids),
            encoding: Encoding(ids: ids, byteLengths: Array(repeating: 1, count: count)),
            text: Array(repeating: UInt8(ascii: "a"), count: count), writer: "test")
        (request.precision, request.layers, request.heads) = (precision, layers, heads)
        return request
    }

    /// The folder, open.
    func opened() throws -> Model { try Model(contentsOf: folder, needsTokenizer: false) }

    /// What is recorded, read back.
    func stored() throws -> Recordings {
        guard let stored = try opened().stored else { throw ModelError.noTokens }
        return stored.recordings
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Changes a file of the folder that holds text.
    func change(_ name: String, _ old: String, _ new: String) throws {
        let path = folder + "/" + name
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard text.contains(old) else { throw ModelError.recording(file: path, "has no \(old)") }
        try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// All numbers of a recording by names.
    static func numbers(_ recording: Recording?) -> [(name: String, numbers: [Float])] {
        var all: [(String, [Float])] = []
        for (number, chunk) in (recording?.chunks ?? []).enumerated() {
            all.append(("\(number) last states", chunk.lastHidden.array))
            all.append(("\(number) losses", chunk.negativeLogLikelihood.array))
            for (index, layer) in chunk.layers.enumerated() {
                let (name, summary) = ("\(number) \(index) ", layer.attention)
                all.append((name + "queries", layer.queries.floats))
                all.append((name + "keys", layer.keys?.keys.floats ?? []))
                all.append((name + "values", layer.keys?.values.floats ?? []))
                let measures = [
                    summary.logSumExp, summary.entropy, summary.distance, summary.sink, summary.previous,
                    summary.induction, summary.threshold, summary.pooledMaximum, summary.pooledMass,
                ]
                for (place, measure) in measures.enumerated() { all.append((name + "measure \(place)", measure.array)) }
                all.append((name + "strongest", summary.topKey.map(Float.init)))
                all.append((name + "ties", summary.lastTie.map(Float.init)))
                for choices in layer.choices ?? [] {
                    var rows: [Float] = []
                    for row in 0..<chunk.tokens.count {
                        for range in choices.keys(row).ranges {
                            rows += [Float(range.lowerBound), Float(range.upperBound)]
                        }
                        rows.append(-1)
                    }
                    all.append((name + "choices", rows))
                }
            }
        }
        for (layer, keys) in (recording?.crossKeys ?? []).enumerated() {
            all.append(("\(layer) keys", keys.keys.floats))
            all.append(("\(layer) values", keys.values.floats))
        }
        return all
    }
}
