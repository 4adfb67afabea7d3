import Foundation
import RopewalkMethods
import TestSupport
import Testing

/// Blocks of rules at lengths that the blocks do not divide, as PyTorch's create_block_mask makes them.
@Suite struct BlockMaskTests {
    private struct Case: Decodable {
        let rule: String
        let tokens: Int
        let side: Int
        let blocks: String

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            rule = try values.decode(String.self)
            tokens = try values.decode(Int.self)
            side = try values.decode(Int.self)
            blocks = try values.decode(String.self)
        }
    }

    @Test func everyBlockIsThatOfPyTorch() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Fixture.path("masks/block_masks.json")))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        #expect(cases.count == 384)
        for one in cases {
            let mask = try Mask(parsing: ["expr:" + one.rule], tokens: one.tokens)
            let tiles = try MaskTiles(mask, side: one.side)
            let letters = tiles.kinds.map { kind -> Character in kind == .full ? "#" : kind == .partial ? "+" : "." }
            let rows = stride(from: 0, to: tiles.count, by: tiles.columns).map {
                String(letters[$0..<$0 + tiles.columns])
            }
            #expect(rows.joined(separator: "/") == one.blocks, "\(one.rule), \(one.tokens), \(one.side)")
        }
    }
}
