import RopewalkMethods

/// A picture of unit cells: query downwards, key to the right, a dark run for neighbouring keys that are allowed.
enum MaskSVG {
    /// The picture is drawn at least this large on a page, in CSS pixels.
    private static let smallestSide = 512

    static func write(_ mask: some MaskRows, name: String, to sink: ByteSink) throws(ExportError) {
        let (n, rows) = (mask.tokens, mask.queries.count)
        let scale = Double(max(n, rows, smallestSide)) / Double(max(n, rows))
        let (width, height) = (Int((Double(n) * scale).rounded()), Int((Double(rows) * scale).rounded()))
        try sink.append(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(n) \(rows)">
            <title>\(escaped(name)), \(n) tokens: rows are queries, columns keys, dark is allowed</title>
            <rect width="\(n)" height="\(rows)" fill="#f4f4f4"/>
            <path fill="#1f4e79" shape-rendering="crispEdges" d="

            """)
        try appendRuns(mask, to: sink)
        try sink.append("\"/>\n</svg>\n")
    }

    /// Runs that stay the same over several rows become one rectangle: a block or a band of sinks is one shape.
    private static func appendRuns(_ mask: some MaskRows, to sink: ByteSink) throws(ExportError) {
        var open: [Range<Int>: Int] = [:]
        let first = mask.queries.lowerBound
        for query in 0...mask.queries.count {
            let runs = query < mask.queries.count ? mask.row(first + query).ranges : []
            let current = Set(runs)
            for (run, start) in open.sorted(by: { $0.key.lowerBound < $1.key.lowerBound }) where !current.contains(run)
            {
                try sink.append("M\(run.lowerBound) \(start)h\(run.count)v\(query - start)h-\(run.count)z\n")
                open[run] = nil
            }
            for run in runs where open[run] == nil { open[run] = query }
        }
    }

    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": " "
            // Marks that reorder a line.
            case "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}": " "
            default: String(scalar)
            }
        }.joined()
    }
}
