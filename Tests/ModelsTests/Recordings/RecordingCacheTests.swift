import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkTokenizers
import Synchronization
import TestSupport
import Testing

@testable import RopewalkModels

/// What was read once opens at once, and nothing else does.
struct RecordingCacheTests {
    @Test(arguments: ["llama_default", "gemma2", "t5", "bert", "bloom"], [[], ["window:size=64"], ["topk:k=20"]])
    func givesEveryNumberOfTheRun(name: String, specs: [String]) throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let model = try CacheSample.model(name)
        guard specs.isEmpty || name == "llama_default" else { return }
        let run = try CacheSample.run(model, specs)
        let key = try #require(sample.cache.key(of: run))
        #expect(sample.cache.find(key, of: run) == nil)
        let recordings = try Recorder(model: model, scenario: run.scenario, threads: 2).record(run.inputs)
        try sample.cache.keep(recordings, of: run, as: key)
        let found = try #require(sample.cache.find(key, of: run))
        #expect(found.kinds == recordings.kinds && found.main?.recorded != nil)
        for kind in recordings.kinds {
            let (a, b) = (RecordingSample.numbers(found[kind]), RecordingSample.numbers(recordings[kind]))
            #expect(a.map(\.name) == b.map(\.name))
            for (x, y) in zip(a, b) { #expect(firstDifference(x.numbers, y.numbers) == nil, "\(y.name)") }
        }
        // It says where it comes from, and is what it was when it is written once more.
        let other = try CacheSample()
        defer { other.remove() }
        try other.cache.keep(found, of: run, as: key)
        let again = try #require(other.cache.find(key, of: run))
        for (x, y) in zip(RecordingSample.numbers(again.main), RecordingSample.numbers(found.main)) {
            #expect(firstDifference(x.numbers, y.numbers) == nil, "\(y.name)")
        }
        #expect(sample.cache.entries().map(\.id) == [key.id])
        #expect(sample.names == [key.id])
    }

    /// Whatever a number may depend on has a key of its own.
    @Test func everythingElseMisses() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let model = try CacheSample.model("llama_default")
        let run = try CacheSample.run(model)
        let key = try #require(sample.cache.key(of: run))
        var others: [CacheKey?] = [
            sample.cache.key(of: try CacheSample.run(model, ["window:size=64"])),
            sample.cache.key(of: try CacheSample.run(model, ["window:size=65"])),
            sample.cache.key(of: run.prefix(tokens: run.encoding.count - 1)),
            sample.cache.key(of: try CacheSample.run(CacheSample.model("llama_yarn"))),
            RecordingCache(folder: sample.folder, limit: 1, program: "other").key(of: run),
        ]
        var (text, encoding) = (run.text, run.encoding)
        text[3] = UInt8(ascii: "b")
        others.append(sample.cache.key(of: CacheSample.run(run, text: text)))
        encoding = Encoding(ids: run.encoding.ids.map { $0 == 5 ? 6 : $0 }, byteLengths: run.text.map { _ in 1 })
        others.append(sample.cache.key(of: CacheSample.run(run, encoding: encoding)))
        // The same tokens of other bytes, as another tokenizer may cut them.
        var lengths = run.text.map { _ in 1 }
        (lengths[4], lengths[5]) = (2, 0)
        encoding = Encoding(ids: run.encoding.ids, byteLengths: lengths)
        others.append(sample.cache.key(of: CacheSample.run(run, encoding: encoding)))
        let changed = try Model(
            contentsOf: Fixture.path("hf/llama_default"), change: WeightChange(parsing: "prune:0.5"),
            needsTokenizer: false)
        others.append(sample.cache.key(of: try CacheSample.run(changed)))
        #expect(!others.contains { $0 == nil || $0?.id == key.id })
        #expect(Set(others.compactMap { $0?.id }).count == others.count)
        #expect(sample.cache.key(of: run) == key)
        // Another run under the name of this one is not believed.
        try sample.keep(run)
        for other in others.compactMap({ $0 }) {
            let path = sample.folder + "/" + other.id
            try FileManager.default.moveItem(atPath: sample.folder + "/" + key.id, toPath: path)
            #expect(sample.cache.find(other, of: run) == nil)
            #expect(sample.names == [])
            try sample.keep(run)
        }
    }

    /// What files do not hold, or hold less exactly, is not kept.
    @Test func someRunsAreNotKept() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        for name in ["qwen3_moe", "gpt_oss", "mamba"] {
            guard FileManager.default.fileExists(atPath: Fixture.path("hf/\(name)")) else { continue }
            #expect(sample.cache.key(of: try CacheSample.run(CacheSample.model(name))) == nil, "\(name)")
        }
        let model = try CacheSample.model("llama_default")
        #expect(sample.cache.key(of: try CacheSample.run(model.recorded(in: .half))) == nil)
        let stored = try RecordingSample("llama_default")
        defer { stored.remove() }
        #expect(sample.cache.key(of: try CacheSample.run(stored.opened())) == nil)
        #expect(sample.cache.key(of: try CacheSample.run(model.opening(recordingAt: stored.folder))) == nil)
        // One that has not come to its end.
        let run = try CacheSample.run(model)
        let key = try #require(sample.cache.key(of: run))
        var first: Recordings?
        _ = try? Recorder(model: model, scenario: run.scenario, threads: 1, keepsStates: false, chunkSize: 256)
            .record(run.inputs) {
                first = $0
                return false
            }
        let short = try #require(first)
        #expect(throws: ModelError.self) { try sample.cache.keep(short, of: run, as: key) }
        #expect(sample.names == [])
    }

    /// A model is another one when any of its files is another one, also with the same name, length and time of writing.
    @Test func changedFilesOfTheModelMiss() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let folder = sample.folder + ".model"
        try FileManager.default.copyItem(atPath: Fixture.path("hf/llama_default"), toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func loaded() throws -> Model { try Model(contentsOf: folder, needsTokenizer: false) }
        // Files that were just written are not believed yet.
        #expect(sample.cache.key(of: try CacheSample.run(loaded())) == nil)
        usleep(2_200_000)
        let model = try loaded()
        let run = try CacheSample.run(model)
        let key = try #require(sample.cache.key(of: run))
        let path = folder + "/model.safetensors"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let date = try #require(try FileManager.default.attributesOfItem(atPath: path)[.modificationDate])
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path + ".new"))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path + ".new")
        let recordings = try Recorder(model: model, scenario: run.scenario, threads: 1).record(run.inputs)
        rename(path + ".new", path)
        // The weights that were run are those in memory, no longer those of the file.
        #expect(sample.cache.key(of: run) == nil)
        #expect(throws: ModelError.self) { try sample.cache.keep(recordings, of: run, as: key) }
        #expect(sample.names == [])
        usleep(2_200_000)
        let other = try #require(sample.cache.key(of: try CacheSample.run(loaded())))
        #expect(other != key)
        // A tokenizer or a configuration that is another one.
        try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/generation_config.json"))
        usleep(2_200_000)
        let third = try #require(sample.cache.key(of: try CacheSample.run(loaded())))
        #expect(third != other && third != key)
    }
}

/// A cache in a folder of its own.
struct CacheSample {
    let folder: String
    let cache: RecordingCache

    init(limit: Int = 1 << 30, folder: String? = nil) throws {
        self.folder = folder ?? RecordingSample.newFolder()
        cache = RecordingCache(folder: self.folder, limit: limit, program: "test")
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// What lies in it.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    /// Runs, and keeps what is recorded.
    @discardableResult
    func keep(_ run: CacheableRun) throws -> CacheKey {
        let key = try #require(cache.key(of: run))
        try cache.keep(
            Recorder(model: run.model, scenario: run.scenario, threads: 1).record(run.inputs), of: run, as: key)
        return key
    }

    static func model(_ name: String) throws -> Model {
        try Model(contentsOf: Fixture.path("hf/\(name)"), needsTokenizer: false)
    }

    static func run(_ model: Model, _ specs: [String] = [], tokens: Int = 600) throws -> CacheableRun {
        let request = try RecordingSample.request(model, specs, tokens: tokens)
        return CacheableRun(
            model: model, scenario: request.scenario, encoding: request.encoding, text: request.text, name: "a.txt")
    }

    static func run(_ run: CacheableRun, encoding: Encoding? = nil, text: [UInt8]? = nil) -> CacheableRun {
        CacheableRun(
            model: run.model, scenario: run.scenario, encoding: encoding ?? run.encoding, text: text ?? run.text,
            name: run.name)
    }
}
