import Foundation
import RopewalkFormats
import RopewalkKernels
import TestSupport
import Testing

@testable import RopewalkModels

/// Damaged GGUF files up to the loaded weights: an error or a model, never a trap.
@Suite struct GGUFFuzzTests {
    /// What a file leads to: "no file", "no model", "faults" or "loaded".
    static func load(_ data: Data) throws -> String {
        guard let file = try? GGUFFile(data, path: "x") else { return "no file" }
        guard let checkpoint = try? GGUFCheckpoint(file),
            let family = try? Families.family(Configuration(file: "x", root: checkpoint.configuration))
        else { return "no model" }
        let faults = FaultList()
        _ = try family.load(Weights(checking: checkpoint, faults: faults))
        guard faults.errors.isEmpty else {
            #expect(faults.errors.allSatisfy { !$0.description.contains("\n") })
            #expect(throws: ModelError.self) { try family.load(Weights(checkpoint)) }
            return "faults"
        }
        for limit in [0, Int.max] {
            // Numbers that are not finite are still found.
            guard let model = try? family.load(Weights(checkpoint, limit: limit)) else { return "faults" }
            #expect(model.decoder?.embedding.tokens.row(0).allSatisfy { $0.isFinite } == true)
        }
        return "loaded"
    }

    @Test(arguments: ["small_Q4_0", "small_llama3rope_Q8_0"]) func damagedHeadersAreSurvived(name: String) throws {
        let whole = try Fixture.data("gguf/\(name)/model.gguf")
        let numbers = try #require(GGUFFile(whole, path: "x").tensors.values.map(\.bytes.lowerBound).min())
        var random = Bits(state: 77)
        var counts: [String: Int] = [:]
        for round in 0..<2000 {
            var damaged = whole
            // The tokens fill most of the header; the sizes before them and the tensors behind them matter more.
            let range = [0..<900, numbers - 1500..<numbers, 0..<numbers][round % 3]
            for _ in 0...round % 3 {
                let place = range.lowerBound + Int(random.next() % UInt64(range.count))
                damaged[place] = random.next() % 2 == 0 ? UInt8(random.next() % 256) : damaged[place] ^ 1
            }
            counts[try Self.load(damaged), default: 0] += 1
        }
        #expect(counts.count == 4, "\(counts)")
    }

    @Test func damagedNumbersAreFound() throws {
        let whole = try Fixture.data("gguf/small_Q4_0/model.gguf")
        let file = try GGUFFile(whole, path: "x")
        for (name, entry) in file.tensors where entry.type == .q4_0 {
            var damaged = whole
            let block = entry.bytes.lowerBound + entry.bytes.count / 18 / 2 * 18
            damaged.replaceSubrange(block..<block + 2, with: [0x00, 0x7C])
            #expect(try Self.load(damaged) == "faults", "\(name)")
        }
    }
}

/// The same numbers on every run (Knuth's MMIX constants).
struct Bits {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
