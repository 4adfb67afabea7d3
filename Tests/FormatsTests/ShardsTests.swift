import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// Weights in several files without an index, as some programs leave them.
@Suite struct ShardsTests {
    static let whole = "hf/llama_bf16_sharded"

    /// A folder with links to the shards of a fixture under the names that `rename` gives; nil leaves one out.
    static func folder(_ rename: (String) -> String?) throws -> URL {
        let folder = try CheckpointFilesTests.folder([:])
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.path(whole))
        for name in names where name.hasSuffix(".safetensors") && name.hasPrefix("model") {
            guard let renamed = rename(name) else { continue }
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent(renamed).path,
                withDestinationPath: Fixture.path(whole + "/" + name))
        }
        return folder
    }

    static func error(_ rename: (String) -> String?) throws -> String {
        let folder = try folder(rename)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            _ = try CheckpointFiles(folder: folder.path)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func shardsAreReadWithoutAnIndex() throws {
        for rename in [{ $0 }, { $0.replacingOccurrences(of: "model-", with: "a-b-") }] as [(String) -> String?] {
            let folder = try Self.folder(rename)
            defer { try? FileManager.default.removeItem(at: folder) }
            let found = try CheckpointFiles(folder: folder.path)
            let indexed = try CheckpointFiles(folder: Fixture.path(Self.whole))
            #expect(found.tensorNames == indexed.tensorNames && found.files.count == 2)
            for name in found.tensorNames { #expect(found.find(name)?.entry == indexed.find(name)?.entry) }
        }
    }

    @Test func aMissingShardIsNamed() throws {
        let error = try Self.error { $0.contains("00001-of") ? $0 : nil }
        #expect(error.hasSuffix(": model-00002-of-00002.safetensors is missing, one of 2 files; fetch it again"))
    }

    @Test func shardsMustBelongTogether() throws {
        #expect(
            try Self.error { $0.contains("00001-of") ? "a.safetensors" : "b.safetensors" }.contains(
                "weights of 2 models"))
        let folder = try Self.folder { $0.contains("00001-of") ? $0 : nil }
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: Fixture.url(Self.whole + "/model-00001-of-00002.safetensors"),
            to: folder.appendingPathComponent("model-00002-of-00002.safetensors"))
        #expect(performing { try CheckpointFiles(folder: folder.path) }.contains("00001-of-00002.safetensors too"))
    }

    /// Such as a trace that was written beside the weights.
    @Test(arguments: ["hf/llama_bf16_sharded", "torch/one", "torch/two"])
    func aStrayFileBesideWeightsIsNone(fixture: String) throws {
        let folder = try CheckpointFilesTests.folder([:])
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.path(fixture))
        for name in names where name.hasPrefix("model-") || name.hasPrefix("pytorch_model") {
            try FileManager.default.copyItem(
                at: Fixture.url(fixture + "/" + name), to: folder.appendingPathComponent(name))
        }
        for name in ["a.safetensors", "trace.safetensors"] {
            try FileManager.default.copyItem(
                at: Fixture.url("hf/llama_default/expected.safetensors"), to: folder.appendingPathComponent(name))
        }
        let found = try CheckpointFiles(folder: folder.path).tensorNames
        #expect(try found == CheckpointFiles(folder: Fixture.path(fixture)).tensorNames)
    }

    @Test func oneFileUnderAnotherNameIsTaken() throws {
        let folder = try Self.folder { $0.contains("00001-of") ? "weights.safetensors" : nil }
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try CheckpointFiles(folder: folder.path).files.count == 1)
    }
}

/// The error of what must fail.
func performing<Value>(_ work: () throws -> Value) -> String {
    do {
        _ = try work()
        return "no error"
    } catch {
        return "\(error)"
    }
}
