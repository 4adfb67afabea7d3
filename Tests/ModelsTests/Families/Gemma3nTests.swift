import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkModels

/// What is Gemma 3n's own, beside the numbers of its fixture.
struct Gemma3nTests {
    private static func configuration(_ changes: [String: JSONValue] = [:]) throws -> Configuration {
        let whole = try JSONDocument(contentsOf: Fixture.path("hf/gemma3n/config.json")).root
        let kept = (whole.members ?? []).filter { changes[$0.key] == nil }
        return Configuration(
            file: "x", root: .object(kept + changes.map { JSONValue.Member(key: $0.key, value: $0.value) }))
    }

    private static func error(_ changes: [String: JSONValue]) throws -> String {
        do {
            _ = try Families.family(try configuration(changes))
            return "no error"
        } catch { return "\(error)" }
    }

    /// The published share of 0.95 is 1.6448536 standard deviations.
    @Test func sharesAreDeviations() throws {
        let shares: JSONValue = .array([.number(0.95), .number(0.5), .integer(0)])
        let cuts = try Self.configuration(["activation_sparsity_pattern": shares]).cuts(layers: 3)
        #expect(abs(try #require(cuts[0]) - 1.644_853_6) < 1e-6)
        #expect(abs(try #require(cuts[1])) < 1e-6 && cuts[2] == nil)
        // What holds where the file says nothing: ten layers of more than ten.
        let standard = try Self.configuration(["activation_sparsity_pattern": .null]).cuts(layers: 12)
        #expect(standard.filter { $0 != nil }.count == 10)
        #expect(try Self.configuration(["activation_sparsity_pattern": .null]).cuts(layers: 9).allSatisfy { $0 == nil })
    }

    @Test func upperLayersReadTheLastOfTheirKind() throws {
        let configuration = try Self.configuration(["num_kv_shared_layers": .integer(3)])
        #expect(try configuration.sources([true, true, false, true, true, false]) == [nil, nil, nil, 1, 1, 2])
        let none = try Self.configuration(["num_kv_shared_layers": .integer(0)])
        #expect(try none.sources([true, false]) == [nil, nil])
    }

    @Test func whatIsSharedIsSaid() throws {
        let notes = try Families.family(try Self.configuration()).traits.notes
        #expect(notes.first?.contains("from L3 on") == true && notes.first?.contains("L1 (window) and L2") == true)
    }

    /// A layer that shares records the keys and values that it reads.
    @Test func sharedKeysAreThoseOfTheirSource() throws {
        let fixture = try GoldenFixture("gemma3n")
        let model = try Model(contentsOf: fixture.folder, needsTokenizer: false)
        let recording = try Recorder(model: model, threads: 2).record(try fixture.ids())
        let layers = try #require(recording.chunks.first).layers
        for (layer, source) in [(3, 1), (4, 1), (5, 2)] {
            #expect(layers[layer].keys?.keys.floats == layers[source].keys?.keys.floats)
            #expect(layers[layer].queries.floats != layers[source].queries.floats)
        }
    }

    @Test func whatItDoesNotDoIsRefused() throws {
        let sizes: JSONValue = .array([28, 28, 28, 28, 28, 30].map { .integer($0) })
        #expect(try Self.error(["intermediate_size": sizes]).contains("layers of different sizes"))
        #expect(try Self.error(["altup_active_idx": .integer(9)]).contains("9 is none of the 3 streams"))
        #expect(try Self.error(["activation_sparsity_pattern": .array([.number(0.5)])]).contains("list of 6 shares"))
        #expect(try Self.error(["activation_sparsity_pattern": .number(1)]).contains("below 1"))
        #expect(try Self.error(["num_kv_shared_layers": .integer(6)]).contains("below 6"))
        #expect(try Self.error(["num_kv_shared_layers": .integer(4)]).contains("of which none is below L2"))
    }
}
