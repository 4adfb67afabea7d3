import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// What was written of a run is what it left behind.
struct RecordingFilesTests {
    /// Rotary positions of several kinds, slopes, windows, caps, sinks, buckets, both directions, across; odd head sizes.
    static let names = [
        "llama_default", "llama_d80_tied", "gemma2", "gemma3", "gpt_oss", "bloom", "mpt", "mistral", "qwen3_moe", "t5",
        "bart", "bert", "modernbert", "deepseek_v3", "phi3_longrope", "xlnet", "gpt_neox", "gemma3n",
    ]

    private static func check(_ sample: RecordingSample) throws {
        let stored = try sample.stored()
        #expect(stored.kinds == sample.memory.kinds)
        for kind in sample.memory.kinds {
            let (a, b) = (RecordingSample.numbers(stored[kind]), RecordingSample.numbers(sample.memory[kind]))
            #expect(a.map(\.name) == b.map(\.name))
            for (found, expected) in zip(a, b) {
                #expect(firstDifference(found.numbers, expected.numbers) == nil, "\(kind) \(expected.name)")
            }
            let (found, expected) = (try #require(stored[kind]), try #require(sample.memory[kind]))
            #expect(found.tokens == expected.tokens && found.ids == expected.ids && found.keyIDs == expected.keyIDs)
            #expect(found.scenario == expected.scenario && found.poolBlock == expected.poolBlock)
            #expect(found.setup.globals == expected.setup.globals)
            #expect(found.setup.layerTraits.map(\.sinks) == expected.setup.layerTraits.map(\.sinks))
        }
    }

    @Test(arguments: names) func keepsEveryNumber(name: String) throws {
        let sample = try RecordingSample(name)
        defer { sample.remove() }
        try Self.check(sample)
        #expect(try sample.opened().stored?.index.isComplete == true)
    }

    @Test(arguments: [
        ["yarn:factor=4"], ["window:size=300"], ["topk:k=20"], ["h2o:heavy=32,recent=32"], ["kivi"], ["linear"],
        ["rerope:window=64"], ["lambda:sink=4,window=64"],
    ]) func keepsRunsUnderMethods(specs: [String]) throws {
        let sample = try RecordingSample("llama_default", specs)
        defer { sample.remove() }
        try Self.check(sample)
    }

    /// As far from the numbers as the index says, and no farther.
    @Test(arguments: [StoredPrecision.half, .brain, .bytes]) func roundsAsItSays(precision: StoredPrecision) throws {
        let sample = try RecordingSample("llama_default", precision: precision)
        defer { sample.remove() }
        let stored = try sample.stored()
        let error = try #require(try sample.opened().stored?.index.error)
        #expect(error > 0 && error < 0.01)
        #expect(stored.decoder?.isRounded == true)
        let width = sample.model.shape.headDimension
        var largest = 0.0
        for (found, exact) in zip(
            RecordingSample.numbers(stored.decoder), RecordingSample.numbers(sample.memory.decoder))
        {
            guard exact.name.hasSuffix("queries") else { continue }
            for start in stride(from: 0, to: exact.numbers.count, by: width) {
                let rows = (exact.numbers[start..<start + width], found.numbers[start..<start + width])
                let highest = rows.0.map(abs).max() ?? 0
                let off = zip(rows.0, rows.1).map { abs($0 - $1) }.max() ?? 0
                if highest > 0 { largest = max(largest, Double(off / highest)) }
            }
        }
        #expect(largest > 0 && largest <= error)
    }

    /// A recording alone answers for its own run, and refuses every other by name.
    @Test func refusesWhatNeedsWeights() throws {
        let sample = try RecordingSample("llama_default")
        defer { sample.remove() }
        let model = try sample.opened()
        #expect(!model.hasWeights && !model.hasHead && model.parameters == 0)
        let ids = sample.memory.decoder?.ids ?? []
        let own = try Recorder(model: model, threads: 1).record(ids)
        #expect(own.tokens == ids.count)
        #expect {
            try Recorder(model: model, scenario: Scenario(parsing: ["window:size=64"]), threads: 1).record(ids)
        } throws: {
            "\($0)".contains("recording without the model's weights") && "\($0)".contains("window:size=64")
        }
        #expect(throws: ModelError.self) { try Recorder(model: model, threads: 1).record([2, 3, 4]) }
        #expect(model.replayObstacle != nil)
        #expect(model.logits(after: 3, in: own) == nil)
    }

    @Test func isTakenInPlaceOfARun() throws {
        let sample = try RecordingSample("llama_default")
        defer { sample.remove() }
        let model = try sample.model.opening(recordingAt: sample.folder)
        let ids = sample.memory.decoder?.ids ?? []
        #expect(try Recorder(model: model, threads: 1).record(ids).run == model.stored?.recordings.decoder?.run)
        // With weights other texts and methods run as ever.
        #expect(try Recorder(model: model, threads: 1).record([2, 3, 4]).tokens == 3)
        let other = try Model(contentsOf: Fixture.path("hf/llama_yarn"), needsTokenizer: false)
        #expect(throws: ModelError.self) { try other.opening(recordingAt: sample.folder) }
    }

    /// What is cut short opens as far as it goes, and a run goes on from there to the bit.
    @Test func goesOnWhereItWasStopped() throws {
        let whole = try RecordingSample("llama_default")
        let sample = try RecordingSample("llama_default", stoppingAfter: 1)
        defer {
            whole.remove()
            sample.remove()
        }
        let short = try sample.stored()
        #expect(short.decoder?.tokens == 256 && short.decoder?.isComplete == false)
        let model = try sample.model.opening(recordingAt: sample.folder)
        let request = try RecordingSample.request(model, [])
        var writer = try RecordingWriter(request, of: model, in: sample.folder)
        #expect(writer.tokens == 256)
        var seen: [Int] = []
        let recorder = Recorder(
            model: model, scenario: request.scenario, threads: 2, keepsStates: false, chunkSize: 256)
        _ = try recorder.record(request.inputs) { snapshot in
            seen.append(snapshot.main?.tokens ?? 0)
            do { try writer.append(snapshot) } catch { Issue.record("\(error)") }
            return true
        }
        #expect(seen == [512, 600])
        let (found, expected) = (try sample.stored().decoder, try whole.stored().decoder)
        for (a, b) in zip(RecordingSample.numbers(found), RecordingSample.numbers(expected)) {
            #expect(firstDifference(a.numbers, b.numbers) == nil, "\(b.name)")
        }
    }

    @Test func keepsTheRecordingOfSomeHeads() throws {
        let sample = try RecordingSample("llama_default", layers: [1], heads: [0, 2, 3])
        defer { sample.remove() }
        let recording = try #require(try sample.stored().decoder)
        let whole = try #require(sample.memory.decoder)
        #expect(recording.tokens == 600)
        #expect(recording.holds(layer: 1, head: 2) && !recording.holds(layer: 1, head: 1))
        #expect(!recording.holds(layer: 0, head: 2) && !recording.hasAttention(layer: 0))
        #expect(recording.query(layer: 1, head: 2, token: 300) == whole.query(layer: 1, head: 2, token: 300))
        #expect(recording.query(layer: 0, head: 2, token: 300) == nil)
        #expect(recording.query(layer: 1, head: 1, token: 300) == nil)
        #expect(
            recording.measure(\.entropy, layer: 1, head: 3, query: 599)
                == whole.measure(\.entropy, layer: 1, head: 3, query: 599))
    }

    /// A disk that is full leaves what was complete.
    @Test func survivesAFullDisk() throws {
        let sample = try RecordingSample("llama_default") { path throws(FormatError) in
            if path.hasSuffix("part-00001.safetensors") { throw .unwritable(file: path, reason: "no space left") }
        }
        defer { sample.remove() }
        #expect(try sample.stored().decoder?.tokens == 256)
        #expect(try sample.opened().stored?.index.isComplete == false)
    }

    @Test(arguments: ["mamba", "reformer"]) func refusesWhatItDoesNotHold(name: String) throws {
        let model = try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
        let request = try RecordingSample.request(model, [])
        #expect {
            _ = try RecordingWriter(request, of: model, in: RecordingSample.newFolder())
        } throws: {
            "\($0)".contains("do not hold")
        }
    }
}
