import Foundation
import RopewalkFormats
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkModels

/// What a configuration of Reformer says, beside what the reference outputs hold.
struct ReformerTests {
    private static func family(_ changes: [String: JSONValue]) throws -> Reformer {
        let root = try JSONDocument(contentsOf: Fixture.path("hf/reformer/config.json")).root
        var members = root.members ?? []
        members.removeAll { changes[$0.key] != nil }
        members += changes.map { .init(key: $0.key, value: $0.value) }
        let configuration = Configuration(file: "config.json", root: .object(members))
        return try #require(try Families.family(configuration) as? Reformer)
    }

    private static func hashing(_ family: Reformer, tokens: Int) throws -> LSHAttention {
        let change = try #require(family.traits.layersOfText)
        return try #require(change(family.traits.decoder, tokens, [])[0].selection as? LSHAttention)
    }

    @Test func layersHashOrAreLocal() throws {
        let traits = try Self.family([:]).traits
        #expect(traits.decoder.map { $0.selection != nil } == [true, false, true])
        #expect(traits.decoder[1].windows.first?.spec == "chunked:size=3,back=1")
        #expect(traits.notes.isEmpty && traits.limit == 64)
        let method = try Self.hashing(try Self.family([:]), tokens: 18)
        #expect(method.rounds == 2 && method.buckets == 2 && method.factor == 4 && method.chunk == 4)
        #expect(method.form == .rounds && method.readsAcross && method.isShared && method.window == 0)
        #expect(method.filledTo == 24, "chunks of 4 and 3 make 12")
        // No longer than the shortest chunk: nothing is filled up.
        #expect(try Self.hashing(try Self.family([:]), tokens: 3).filledTo == 3)
    }

    /// A power of two near twice the chunks; beyond a limit of two factors.
    @Test(arguments: [24, 40, 72, 512]) func bucketsSuitATextWhereNoneAreSaid(tokens: Int) throws {
        let family = try Self.family(["num_buckets": .null, "lsh_attn_chunk_length": 4, "local_attn_chunk_length": 4])
        let method = try Self.hashing(family, tokens: tokens)
        // 2 · ⌊tokens / 4⌋ rounded down; the limit is 2 · max(√(128 / 4), 4) = 10.
        let count = 1 << Int(log2(Double(2 * (tokens / 4))))
        if count <= 10 {
            #expect(method.buckets == count && method.factor == 1)
        } else {
            #expect(method.buckets * method.factor == count && method.factor >= method.buckets)
        }
    }

    @Test func withoutASeedThoseOfZeroAreDrawnAndItIsSaid() throws {
        let traits = try Self.family(["hash_seed": .null]).traits
        #expect(traits.notes.count == 1)
        let method = try #require(traits.decoder[0].selection as? LSHAttention)
        #expect(method.drawn == TorchDirections(seed: 0, heads: 4))
    }

    @Test(arguments: [
        ("is_decoder", JSONValue.bool(false)), ("attn_layers", .array(["lsh", "global"])), ("attn_layers", .array([])),
        ("num_buckets", 7), ("num_buckets", .array([2, 4, 8])), ("num_buckets", .array([3, 4])), ("num_buckets", 1e9),
        ("num_hashes", 65), ("lsh_num_chunks_after", 1), ("local_num_chunks_after", 1),
        ("lsh_num_chunks_before", 65), ("local_num_chunks_before", -1), ("lsh_num_chunks_before", "2"),
        ("local_num_chunks_before", .array([1])), ("axial_pos_shape", .array([8])),
        ("axial_pos_embds_dim", .array([10, 15])), ("axial_pos_shape", .array([0, 8])), ("hash_seed", "x"),
        ("tie_word_embeddings", .bool(true)), ("attention_head_size", 0), ("lsh_attn_chunk_length", 0),
    ]) func whatIsNotReadIsRefusedByName(key: String, value: JSONValue) throws {
        let error = #expect(throws: ModelError.self) { try Self.family([key: value]) }
        #expect(error.map { "\($0)" }?.contains(key) ?? false, "\(key)")
    }

    /// Chunks of a ring that is no longer than what is read count twice: 2 back of 2 chunks meets the own one again.
    @Test func aShortRingCountsChunksTwice() throws {
        let family = try Self.family(["local_num_chunks_before": 2, "local_attn_chunk_length": 4])
        let change = try #require(family.traits.layersOfText)
        guard case .counted(let counts)? = change(family.traits.decoder, 8, [])[1].bias else {
            Issue.record("nothing counts twice")
            return
        }
        #expect(counts(5).map(\.keys) == [4..<8] && counts(2).map(\.keys) == [0..<4])
        #expect(change(family.traits.decoder, 12, [])[1].bias == nil)
    }
}
