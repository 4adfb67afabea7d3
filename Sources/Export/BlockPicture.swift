import RopewalkMethods

/// The blocks of a mask as kernels of whole blocks see them, as PyTorch's BlockMask has them: full, partial, empty.
package struct BlockPicture {
    private let tiles: MaskTiles
    private let name: String
    /// Pixels on one side of a block, so that few blocks are a picture too.
    private let scale: Int

    private static let smallestSide = 512

    package init(_ tiles: MaskTiles, name: String) {
        self.tiles = tiles
        self.name = name
        scale = max(1, Self.smallestSide / max(1, tiles.columns, tiles.count / max(1, tiles.columns)))
    }

    private var rows: Int { tiles.count / max(1, tiles.columns) }

    /// Grey: full blocks white, partial ones grey, empty ones black, as the picture of a mask has visible pairs white.
    package func writePNG(to sink: ByteSink) throws(ExportError) {
        try checkSize(.png)
        let format = PNGWriter.Format(width: tiles.columns * scale, height: rows * scale, color: .grey)
        try PNGWriter.write(format, to: sink) { y in
            let line = tiles.kinds[y / scale * tiles.columns..<(y / scale + 1) * tiles.columns]
            return line.flatMap { [UInt8](repeating: Self.grey($0), count: scale) }
        }
        try sink.flush()
    }

    private func checkSize(_ format: MaskFormat) throws(ExportError) {
        let side = max(tiles.columns, rows)
        if side > format.largestTokens { throw .tooManyTokens(side, format) }
    }

    private static func grey(_ kind: MaskTiles.Kind) -> UInt8 {
        switch kind {
        case .empty: 0
        case .partial: 128
        case .full: 255
        }
    }

    /// Full blocks dark, partial ones lighter, a shape for every run of a row.
    package func writeSVG(to sink: ByteSink) throws(ExportError) {
        try checkSize(.svg)
        let (width, height) = (tiles.columns, rows)
        try sink.append(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width * scale)" height="\(height * scale)" \
            viewBox="0 0 \(width) \(height)">
            <title>\(MaskSVG.escaped(name)), blocks of \(tiles.side): rows are queries, columns keys, dark is full, \
            lighter in part</title>
            <rect width="\(width)" height="\(height)" fill="#f4f4f4"/>

            """)
        for (kind, fill) in [(MaskTiles.Kind.full, "#1f4e79"), (.partial, "#8fb3d1")] {
            try sink.append("<path fill=\"\(fill)\" shape-rendering=\"crispEdges\" d=\"\n")
            for row in 0..<height {
                for run in runs(of: kind, row: row) {
                    try sink.append("M\(run.lowerBound) \(row)h\(run.count)v1h-\(run.count)z\n")
                }
            }
            try sink.append("\"/>\n")
        }
        try sink.append("</svg>\n")
        try sink.flush()
    }

    private func runs(of kind: MaskTiles.Kind, row: Int) -> [Range<Int>] {
        KeyRanges((0..<tiles.columns).filter { tiles.kinds[row * tiles.columns + $0] == kind }.map { $0..<$0 + 1 })
            .ranges
    }
}
