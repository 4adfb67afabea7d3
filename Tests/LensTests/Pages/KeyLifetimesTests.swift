import Foundation
import RopewalkMethods
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct KeyLifetimesTests {
    /// Rows of 0 and 1.
    private struct Rows: MaskRows {
        let rows: [String]
        var tokens: Int { rows.count }
        func row(_ query: Int) -> KeyRanges {
            KeyRanges(rows[query].enumerated().compactMap { $1 == "1" ? $0..<$0 + 1 : nil })
        }
    }

    @Test(arguments: [
        "dense_causal_16", "gpt3_band_16_w4", "st_strided_merged_code_16", "st_fixed_merged_16",
        "transformerxl_16_L4_M4",
        "s2attn_plain_16",
    ]) func keysLiveAsLongAsInTheReference(id: String) throws {
        let vectors = try TileVectors()
        let rows: [String] = try vectors.value("masks", id, "rows")
        let live: [Int] = try vectors.value("algorithms", "kv_live_16", "outputs", id)
        let lifetimes = KeyLifetimes(Rows(rows: rows))
        #expect((0..<16).map(lifetimes.alive(after:)) == live)
    }

    /// Blocks come free as soon as their last token is gone, for every method whose cache gives keys up.
    @Test(arguments: ["h2o:heavy=4,recent=4", "tova:capacity=8", "window:size=8", "streaming:sink=2,recent=6"])
    func evictingMethodsFreeBlocks(spec: String) throws {
        let lens = Lens(try Sample.recording(60, [spec]))
        let lifetimes = try #require(lens.keyLifetimes(layer: 0, head: 0))
        for query in [0, 20, 59] {
            let gone = lifetimes.gone(at: query)
            for later in query..<60 {
                #expect(lens.visibleKeys(later, layer: 0, head: 0).intersection(gone).isEmpty, "\(spec) \(query)")
            }
            var cache = PagedCache(blocks: 30, blockSize: 4)
            try cache.append("A", tokens: query + 1)
            try cache.evict("A", tokens: gone)
            let full = (0..<(query + 1) / 4).count { gone.count(in: $0 * 4..<$0 * 4 + 4) == 4 }
            #expect(cache.pool.used == (query + 4) / 4 - full && (query < 59 || full > 0), "\(spec) \(query)")
        }
    }

    /// What only chooses what is read keeps everything.
    @Test(arguments: ["quest:page=4,budget=8,dense-layers=0", "topk:k=3"]) func choosersKeepAll(spec: String) throws {
        let lens = Lens(try Sample.recording(60, [spec]))
        let lifetimes = try #require(lens.keyLifetimes(layer: 0, head: 0))
        #expect(lifetimes.gone(at: 59).isEmpty && lifetimes.lastReader == Array(repeating: 59, count: 60))
    }
}
