import Foundation
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers
import TestSupport
import Testing

@testable import RopewalkApp

/// What the screen says of recordings that lack something: heads that were not recorded, files that cannot be read.
@Suite struct RecordingPartsTests {
    /// A recording of some tokens of a small model, in a new folder.
    private static func record(layers: [Int]? = nil, heads: [Int]? = nil, tokens: Int = 300) throws -> String {
        let model = try Model(contentsOf: Fixture.path("hf/llama_default"), needsTokenizer: false)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parts-\(UUID().uuidString)").path
        let ids = (0..<tokens).map { Int32($0 * 31) % 53 + 2 }
        var request = RecordingWriter.Request(
            scenario: model.defaultScenario, inputs: ModelInputs(ids: ids),
            encoding: Encoding(ids: ids, byteLengths: Array(repeating: 1, count: tokens)),
            text: Array(repeating: UInt8(ascii: "a"), count: tokens), writer: "test")
        (request.layers, request.heads) = (layers, heads)
        var writer = try RecordingWriter(request, of: model, in: folder)
        var failure: ModelError?
        _ = try Recorder(model: model, scenario: request.scenario, threads: 1, keepsStates: false, chunkSize: 256)
            .record(request.inputs) { snapshot in
                do throws(ModelError) { try writer.append(snapshot) } catch { failure = error }
                return true
            }
        if let failure { throw failure }
        return folder
    }

    private static func opened(_ folder: String) throws -> ScreenPlayer {
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: folder + "/text.txt") },
            loadModel: { try Model(contentsOf: folder, needsTokenizer: false) },
            tokenise: { text, model in
                Document(text: text, encoding: try #require(model.stored).encoding, tokenizer: nil)
            }, threads: 1)
        return try ScreenPlayer(state: AppState(size: Size(width: 200, height: 60)), inputs: inputs)
    }

    @Test func beginsWithAHeadThatIsRecorded() throws {
        let folder = try Self.record(layers: [1], heads: [2, 3])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let player = try Self.opened(folder)
        #expect(player.state.focus.layer == 1 && player.state.focus.head == 2)
        #expect(player.state.unrecorded == nil)
    }

    @Test func saysWhichHeadsAreNotRecorded() throws {
        let folder = try Self.record(layers: [1], heads: [2, 3])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var player = try Self.opened(folder)
        player.play(try ActionScript(parsing: "preset all; head 0.1"))
        for panel in [Panel.map, .mask] {
            let lines = FamilySamples.panel(panel, of: &player)
            #expect(lines.contains { $0.contains("Layer 0 was not recorded: layer 1 was.") }, "\(panel): \(lines)")
        }
        player.play(try ActionScript(parsing: "head 1.0"))
        let lines = FamilySamples.panel(.map, of: &player)
        #expect(lines.contains { $0.contains("L1 H0 was not recorded: of this layer heads 2-3 were.") }, "\(lines)")
        let heads = FamilySamples.panel(.heads, of: &player).joined(separator: "\n")
        #expect(heads.contains("not recorded") || heads.contains("—"), "\(heads)")
        player.play(try ActionScript(parsing: "head 1.2"))
        #expect(FamilySamples.panel(.map, of: &player).allSatisfy { !$0.contains("was not recorded") })
    }

    /// A number that may not be there is told of by file and tensor, and nothing is called exact any more.
    @Test func saysWhatCannotBeRead() throws {
        let folder = try Self.record()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/part-00000.safetensors"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        // The header says where tensors begin.
        let length = data.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any])
        let tensor = try #require(header["decoder.0.queries"] as? [String: Any])
        let offsets = try #require(tensor["data_offsets"] as? [Int])
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: UInt64(8 + length + offsets[0]))
        for _ in 0..<(offsets[1] - offsets[0]) / 4 { try handle.write(contentsOf: Data([0, 0, 0xC0, 0x7F])) }
        try handle.close()
        var player = try Self.opened(folder)
        player.play(try ActionScript(parsing: "head 0.0; goto token 30"))
        let lines = player.frame().lines
        #expect(lines[0].contains("damaged recording") && !lines[0].contains("exact"), "\(lines[0])")
        #expect(player.state.runs.damage?.contains("decoder.0.queries") == true)
        #expect(lines.joined().contains("part-00000.safetensors"))
        // It is said once; the badge stays.
        player.play(try ActionScript(parsing: "goto token 31"))
        #expect(player.frame().lines[0].contains("damaged recording"))
    }

    /// A file that becomes shorter while it is looked at.
    @Test func saysWhatBecameShorter() throws {
        let folder = try Self.record()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var player = try Self.opened(folder)
        #expect(player.frame().lines[0].contains("exact"))
        let handle = try #require(FileHandle(forWritingAtPath: folder + "/part-00000.safetensors"))
        try handle.truncate(atOffset: 4096)
        try handle.close()
        player.play(try ActionScript(parsing: "head 1.3; goto token 250"))
        let lines = player.frame().lines
        #expect(lines[0].contains("damaged recording"), "\(lines[0])")
        #expect(player.state.runs.damage?.contains("part-00000.safetensors: became shorter") == true)
    }
}
