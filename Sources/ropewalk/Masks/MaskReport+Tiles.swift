import RopewalkMethods

extension MaskReport {
    private struct Tiles: Encodable {
        let block: Int
        let blocks: Int
        let full: Int
        let partial: Int
        let empty: Int
        let blockDensity: Double
        let density: Double
        let efficiency: Double
    }

    /// What a kernel of whole blocks makes of the mask.
    static func tiles(_ mask: Mask, side: Int, json: Bool) throws {
        let tiles = try MaskTiles(mask, side: side)
        if json {
            return try StandardOutput.write(
                JSONText.encode(
                    Tiles(
                        block: side, blocks: tiles.count, full: tiles.full, partial: tiles.partial, empty: tiles.empty,
                        blockDensity: tiles.density, density: mask.density, efficiency: tiles.efficiency)))
        }
        try StandardOutput.write(
            "\(mask.spec) over \(mask.tokens.grouped) tokens, blocks of \(side.grouped): \(tiles.full.grouped) full, "
                + "\(tiles.partial.grouped) in part, \(tiles.empty.grouped) empty; block density \(tiles.density), "
                + "density \(mask.density), efficiency \(tiles.efficiency)\n")
    }
}
