import Foundation
import RopewalkMethods
import RopewalkPhrases

extension MaskReport {
    private struct Tiles: Encodable {
        let item: Int?
        let layer: Int?
        let head: Int?
        let block: Int
        let blocks: Int
        let full: Int
        let partial: Int
        let empty: Int
        let blockDensity: Double
        let density: Double
        let efficiency: Double
    }

    /// What a kernel of whole blocks makes of the mask, drawn where it fits: # full, + in part, . empty.
    static func tiles(_ heads: HeadMasks, side: Int, json: Bool) throws {
        let groups = heads.different
        var objects: [Tiles] = []
        for group in groups {
            let tiles = try MaskTiles(group.mask, side: side)
            let first = groups.count > 1 ? group.places.first : nil
            if json {
                objects.append(
                    Tiles(
                        item: first?.item, layer: first?.layer, head: first?.head, block: side, blocks: tiles.count,
                        full: tiles.full, partial: tiles.partial, empty: tiles.empty, blockDensity: tiles.density,
                        density: group.mask.density, efficiency: tiles.efficiency))
                continue
            }
            let name = groups.count > 1 ? HeadNames(group.places, of: heads).text + ": " : ""
            try StandardOutput.write(
                say(
                    """
                    \(name)\(group.mask.spec) over \(group.mask.sizeText), blocks of \(side.grouped): \
                    \(tiles.full.grouped) full, \(tiles.partial.grouped) in part, \(tiles.empty.grouped) empty; \
                    block density \(share(tiles.density)), density \(share(group.mask.density)), \
                    efficiency \(share(tiles.efficiency))\n
                    """)
                    + drawing(tiles))
        }
        if json {
            try StandardOutput.write(objects.count == 1 ? JSONText.encode(objects[0]) : JSONText.encode(objects))
        }
    }

    /// Four digits, however small; JSON has all of them.
    private static func share(_ value: Double) -> String { String(format: "%.4g", value) }

    private static let widestDrawing = 64

    private static func drawing(_ tiles: MaskTiles) -> String {
        guard tiles.columns <= widestDrawing, tiles.columns > 1 else { return "" }
        return stride(from: 0, to: tiles.count, by: tiles.columns).map { start in
            tiles.kinds[start..<start + tiles.columns].map { $0 == .full ? "#" : $0 == .partial ? "+" : "." }.joined()
                + "\n"
        }.joined()
    }
}
