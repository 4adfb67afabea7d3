import RopewalkFormats
import RopewalkLens
import RopewalkModels
import TestSupport
import Testing

/// Recordings that `ropewalk_capture.py` wrote beside transformers, against rows of weights that transformers makes in float64.
struct CaptureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Of a weight: what float32, or storing queries and keys in 16 or 8 bits, brings to scores of size 10.
        let tolerance: Float
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "llama", tolerance: 5e-3), Case(name: "halves", tolerance: 6e-2),
        Case(name: "some", tolerance: 1e-5), Case(name: "bart", tolerance: 4e-2),
    ]

    @Test(arguments: cases) func rowsAreThoseOfTransformers(found: Case) throws {
        let folder = Fixture.path("captures/\(found.name)")
        let model = try Model(contentsOf: folder)
        #expect(!model.hasWeights)
        let stored = try #require(model.stored)
        let expected = try SafetensorsFile(contentsOf: folder + "/expected.safetensors")
        for kind in stored.recordings.kinds {
            let recording = try #require(stored.recordings[kind])
            #expect(recording.isComplete)
            let lens = Lens(recording, threads: 2)
            let rows = try expected.withBytes(of: "\(kind.rawValue).rows") { bytes in
                stride(from: 0, to: bytes.count, by: 4).map {
                    Int(bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
                }
            }
            let weights = try #require(expected.tensors["\(kind.rawValue).weights"])
            let (values, keys) = (try expected.floats("\(kind.rawValue).weights"), weights.shape[3])
            var worst: Float = 0
            var compared = 0
            for layer in 0..<weights.shape[0] {
                for head in 0..<weights.shape[1] where recording.holds(layer: layer, head: head) {
                    for (place, query) in rows.enumerated() {
                        let row = try #require(lens.row(layer: layer, head: head, query: query))
                        let start = ((layer * weights.shape[1] + head) * rows.count + place) * keys
                        for key in 0..<row.weights.count {
                            worst = max(worst, abs(row.weights[key] - values[start + key]))
                        }
                        compared += 1
                    }
                }
            }
            #expect(compared > 0 && worst <= found.tolerance, "\(kind) \(worst)")
        }
    }

    /// The model beside a capture runs the same text to what was captured.
    @Test func aRunOfTheModelLeavesTheSameBehind() throws {
        let folder = Fixture.path("captures/llama")
        let captured = try #require(try Model(contentsOf: folder).stored?.recordings.main)
        let own = try Recorder(model: try Model(contentsOf: folder + "/model"), threads: 2).record(captured.ids)
        let losses = zip(captured.negativeLogLikelihood, own.negativeLogLikelihood).map { abs($0 - $1) }
        #expect(losses.count == 278 && losses.allSatisfy { $0 <= 1e-4 })
        for query in stride(from: 1, to: 279, by: 13) {
            for head in 0..<4 {
                let a = try #require(captured.measure(\.logSumExp, layer: 1, head: head, query: query))
                let b = try #require(own.measure(\.logSumExp, layer: 1, head: head, query: query))
                #expect(abs(a - b) <= 1e-4 * max(1, abs(b)))
                // Stored in half precision.
                let stored = try #require(captured.query(layer: 1, head: head, token: query))
                let exact = try #require(own.query(layer: 1, head: head, token: query))
                let differences = zip(stored, exact).map { abs($0 - $1) / max(1, abs($1)) }
                #expect(differences.allSatisfy { $0 <= 1e-3 })
            }
        }
    }
}
