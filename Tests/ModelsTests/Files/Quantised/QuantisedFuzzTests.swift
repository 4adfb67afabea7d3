import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Quantised folders that were damaged at random: an error or weights that can be read, never a trap.
struct QuantisedFuzzTests {
    private static let numbers = [
        "0", "-1", "1", "3", "7", "64", "1048577", "4611686018427387904", "9223372036854775807", "1e308", "null", "[]",
        "\"x\"", "{}",
    ]

    /// What the folder leads to: "refused", "faults" or "loaded".
    private static func load(_ folder: String) -> String {
        guard let outline = try? ModelOutline(contentsOf: folder),
            let source = try? QuantisedCheckpoint.source(folder: folder)
        else { return "refused" }
        _ = source.count
        let faults = FaultList()
        _ = try? outline.load(Weights(checking: source, faults: faults))
        guard let model = try? outline.load(Weights(source)) else {
            #expect(faults.errors.allSatisfy { !$0.description.contains("\n") })
            return "faults"
        }
        #expect(model.decoder?.blocks.first?.mixer.attention?.query.row(0).allSatisfy { $0.isFinite } == true)
        return "loaded"
    }

    private static func folder(_ name: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(at: Fixture.url("quantised/\(name)"), to: folder)
        return folder
    }

    @Test(arguments: QuantisedModelTests.names) func damagedHeadersAreSurvived(name: String) throws {
        let folder = try Self.folder(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("model.safetensors")
        let whole = try Data(contentsOf: url)
        let length = whole.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        var random = Bits(state: 5)
        var counts: [String: Int] = [:]
        for round in 0..<60 {
            var damaged = whole
            for _ in 0...round % 3 {
                let isHeader = round % 4 != 3
                let range = isHeader ? 8..<8 + length : 8 + length..<whole.count
                let place = range.lowerBound + Int(random.next() % UInt64(range.count))
                damaged[place] =
                    isHeader ? damaged[place] ^ UInt8(1 << (random.next() % 4)) : UInt8(random.next() % 256)
            }
            try damaged.write(to: url)
            counts[Self.load(folder.path), default: 0] += 1
        }
        #expect(counts.values.reduce(0, +) == 60)
    }

    /// Every number of the part of the configuration that speaks of the format.
    @Test(arguments: QuantisedModelTests.names) func wrongSettingsAreSurvived(name: String) throws {
        let folder = try Self.folder(name)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("config.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.components(separatedBy: "\n")
        let first = try #require(lines.firstIndex { $0.contains("\"quantization") })
        for (index, line) in lines.enumerated() where index > first {
            guard let colon = line.range(of: ": ") else { continue }
            for number in Self.numbers {
                var changed = lines
                changed[index] = line[..<colon.upperBound] + number + (line.hasSuffix(",") ? "," : "")
                try changed.joined(separator: "\n").write(to: url, atomically: false, encoding: .utf8)
                _ = Self.load(folder.path)
            }
        }
    }

    /// States of bitsandbytes are JSON within a tensor.
    @Test func wrongStatesAreSurvived() throws {
        let folder = try Self.folder("bnb_nf4_nested")
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("model.safetensors")
        let whole = try Data(contentsOf: url)
        for (old, new) in [
            ("\"blocksize\": 64", "\"blocksize\":  0"), ("\"blocksize\": 64", "\"blocksize\": 1 "),
            ("\"blocksize\": 64", "\"blocksize\": -1"), ("\"nested_blocksize\": 256", "\"nested_blocksize\":   1"),
            ("\"nested_blocksize\": 256", "\"nested_blocksize\": 1e9"), ("\"shape\": [32", "\"shape\": [-2"),
            ("\"shape\": [32", "\"shape\": [99"), ("\"nested_offset\": 0.", "\"nested_offset\": 9e"),
        ] {
            var damaged = whole
            guard let range = damaged.range(of: Data(old.utf8)) else { continue }
            damaged.replaceSubrange(range, with: Data(new.utf8))
            try damaged.write(to: url)
            _ = Self.load(folder.path)
        }
    }

    /// A layer whose parts contradict one another is not whole, however large the numbers.
    @Test func impossiblePartsAreNotWhole() {
        func weights(_ outputs: Int, _ inputs: Int, _ bits: Int, group: Int = 4, stride: Int = 1) -> PackedWeights {
            PackedWeights(
                outputs: outputs, inputs: inputs, bits: bits, codes: Data(count: 16), order: .downColumns,
                table: CodeTables.unsigned(bits: 4), scales: .floats([1, 1]),
                grouping: .init(size: group, rowStride: stride))
        }
        #expect(weights(2, 4, 4).isWhole)
        #expect(!weights(3, 8, 4).isWhole)
        #expect(!weights(2, .max, 4).isWhole)
        #expect(!weights(.max, 4, 4).isWhole)
        #expect(!weights(2, 4, 8).isWhole)
        #expect(!weights(2, 4, 4, group: 0).isWhole)
        #expect(!weights(2, 4, 4, stride: .max).isWhole)
        #expect(!weights(2, 4, 4, stride: 2).isWhole)
    }
}
