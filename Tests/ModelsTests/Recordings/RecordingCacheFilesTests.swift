import Foundation
import RopewalkFormats
import Synchronization
import TestSupport
import Testing

@testable import RopewalkModels

/// What becomes of the files of a cache: damaged, too many, shared, foreign.
struct RecordingCacheFilesTests {
    /// Damage of any file is seen before any of its numbers is, and the entry is taken away.
    @Test func damagedEntriesAreThrownAway() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let run = try CacheSample.run(CacheSample.model("llama_default"), tokens: 300)
        let key = try sample.keep(run)
        let path = sample.folder + "/" + key.id
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names.contains("cache.json") && names.contains("part-00000.safetensors"))
        for name in names {
            for damage in ["flip", "cut", "gone", "link"] {
                let file = path + "/" + name
                let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
                switch damage {
                case "flip":
                    let handle = try #require(FileHandle(forUpdatingAtPath: file))
                    try handle.seek(toOffset: UInt64(bytes.count / 2))
                    try handle.write(contentsOf: Data([bytes[bytes.count / 2] ^ 1]))
                    try handle.close()
                case "cut": truncate(file, off_t(bytes.count / 2))
                case "gone": unlink(file)
                default:
                    try FileManager.default.moveItem(atPath: file, toPath: sample.folder + ".elsewhere")
                    symlink(sample.folder + ".elsewhere", file)
                }
                defer { unlink(sample.folder + ".elsewhere") }
                if name == "cache.json", damage == "flip" {
                    // A letter of a name in the list may be another one; the key may not.
                    let found = sample.cache.find(key, of: run)
                    #expect(found == nil || found?.main?.isComplete == true)
                } else {
                    #expect(sample.cache.find(key, of: run) == nil, "\(name) \(damage)")
                }
                if damage == "link" {
                    // What is not the cache's stays, and what it leads to.
                    #expect(FileManager.default.fileExists(atPath: sample.folder + ".elsewhere"))
                    unlink(file)
                    try? FileManager.default.removeItem(atPath: path)
                }
                #expect(sample.cache.find(key, of: run) != nil || sample.names == [], "\(name) \(damage)")
                try sample.keep(run)
                #expect(sample.cache.find(key, of: run) != nil, "\(name) \(damage)")
            }
        }
    }

    @Test func whatWasUsedLeastRecentlyGoesFirst() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let model = try CacheSample.model("llama_default")
        let runs = try [300, 301, 302, 303].map { try CacheSample.run(model, tokens: $0) }
        let keys = try runs.prefix(3).map { try sample.keep($0) }
        for (place, key) in keys.enumerated() {
            let date = Date(timeIntervalSince1970: 1_000_000 + Double(place))
            try FileManager.default.setAttributes(
                [.modificationDate: date], ofItemAtPath: sample.folder + "/\(key.id)/cache.json")
        }
        #expect(sample.cache.entries().map(\.id) == keys.reversed().map(\.id))
        // Looked up, it is the last one to go.
        #expect(sample.cache.find(keys[0], of: runs[0]) != nil)
        #expect(sample.cache.entries().map(\.id) == [keys[0], keys[2], keys[1]].map(\.id))
        let bytes = sample.cache.entries().map(\.bytes)
        let small = try CacheSample(limit: bytes.reduce(0, +) + bytes[0] / 2, folder: sample.folder)
        let last = try small.keep(runs[3])
        #expect(Set(sample.cache.entries().map(\.id)) == Set([last, keys[0], keys[2]].map(\.id)))
        #expect(sample.cache.entries().reduce(0) { $0 + $1.bytes } <= small.cache.limit)
        // What has no room at all takes nothing else away.
        let tiny = try CacheSample(limit: 1000, folder: sample.folder)
        #expect {
            try tiny.keep(runs[1])
        } throws: {
            "\($0)".contains("more than the")
        }
        #expect(sample.cache.entries().count == 3 && sample.names.count == 3)
    }

    @Test func twoWritersAtOnceLeaveOneEntry() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let model = try CacheSample.model("llama_default")
        let run = try CacheSample.run(model)
        let key = try #require(sample.cache.key(of: run))
        let recordings = try Recorder(model: model, scenario: run.scenario, threads: 1).record(run.inputs)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do { try sample.cache.keep(recordings, of: run, as: key) } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(sample.names == [key.id])
        #expect(sample.cache.find(key, of: run) != nil)
    }

    @Test func whatIsStoppedLeavesNothing() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let model = try CacheSample.model("llama_default")
        let run = try CacheSample.run(model)
        let key = try #require(sample.cache.key(of: run))
        let recordings = try Recorder(model: model, scenario: run.scenario, threads: 1).record(run.inputs)
        for calls in [0, 1, 2] {
            let count = Atomic<Int>(0)
            #expect(throws: ModelError.self) {
                try sample.cache.keep(recordings, of: run, as: key) {
                    count.wrappingAdd(1, ordering: .relaxed).oldValue >= calls
                }
            }
            #expect(sample.names == [], "\(calls)")
        }
        // A folder that cannot be written.
        let file = sample.folder + ".file"
        try Data().write(to: URL(fileURLWithPath: file))
        defer { unlink(file) }
        let other = try CacheSample(folder: file + "/cache")
        #expect(throws: ModelError.self) { try other.cache.keep(recordings, of: run, as: key) }
    }

    /// What processes have left that are no more is taken away, what one writes now is not.
    @Test func remainsAreTakenAway() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        func folder(_ name: String, _ files: [String], age: Double = 100) throws {
            let path = sample.folder + "/" + name
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for file in files { try Data("{}".utf8).write(to: URL(fileURLWithPath: path + "/" + file)) }
            try FileManager.default.setAttributes([.modificationDate: Date() - age], ofItemAtPath: path)
        }
        try folder(".new-0123456789abcdef", ["recording.json", "part-00000.safetensors", "text.txt.123.part"])
        try folder(".old-0123456789abcdef", ["cache.json"])
        try folder(".new-0123456789abcdee", ["recording.json"], age: 1)
        try folder(".new-0123456789abcded", ["recording.json", "holiday.jpg"])
        try folder(".new-0123456789abcdec", ["recording.json"])
        try folder(".new-mine", ["recording.json"])
        do {
            let lock = FolderLock(sample.folder + "/.new-0123456789abcdec")
            sample.cache.removeRemains()
            _ = consume lock
        }
        #expect(
            sample.names == [
                ".new-0123456789abcdec", ".new-0123456789abcded", ".new-0123456789abcdee", ".new-mine",
            ])
        sample.cache.removeRemains()
        #expect(!sample.names.contains(".new-0123456789abcdec"))
    }

    /// Nothing is touched that the cache has not written, nothing that a link leads to.
    @Test func whatIsForeignStays() throws {
        let sample = try CacheSample()
        defer { sample.remove() }
        let run = try CacheSample.run(CacheSample.model("llama_default"), tokens: 300)
        let key = try sample.keep(run)
        let outside = RecordingSample.newFolder()
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try FileManager.default.copyItem(atPath: sample.folder + "/" + key.id, toPath: outside)
        let ids = ["a", "b", "c", "d"].map { String(repeating: $0, count: 64) }
        symlink(outside, sample.folder + "/" + ids[0])
        try FileManager.default.copyItem(atPath: outside, toPath: sample.folder + "/" + ids[1])
        try Data().write(to: URL(fileURLWithPath: sample.folder + "/\(ids[1])/holiday.jpg"))
        try FileManager.default.copyItem(atPath: outside, toPath: sample.folder + "/" + ids[2])
        unlink(sample.folder + "/\(ids[2])/text.txt")
        symlink(outside + "/text.txt", sample.folder + "/\(ids[2])/text.txt")
        try FileManager.default.copyItem(atPath: outside, toPath: sample.folder + "/mine")
        try FileManager.default.createDirectory(
            atPath: sample.folder + "/" + ids[3], withIntermediateDirectories: false)
        #expect(sample.cache.entries().map(\.id) == [key.id])
        let before = sample.names
        for id in ids + ["mine", "../\(outside)"] { #expect(!sample.cache.remove(id: id)) }
        sample.cache.evict(to: 0)
        sample.cache.removeRemains()
        #expect(sample.names == before.filter { $0 != key.id })
        #expect(FileManager.default.fileExists(atPath: outside + "/text.txt"))
        #expect(FileManager.default.fileExists(atPath: sample.folder + "/\(ids[1])/holiday.jpg"))
        #expect(FileManager.default.fileExists(atPath: sample.folder + "/mine/text.txt"))
    }

    @Test func liesInTheFolderForCaches() {
        #expect(
            RecordingCache.folder(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/ropewalk/recordings"
                && RecordingCache.folder(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/ropewalk/recordings"
                && RecordingCache.folder(["HOME": "h"]) == nil)
    }
}
