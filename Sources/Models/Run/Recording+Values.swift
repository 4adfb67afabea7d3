import RopewalkKernels

extension Recording {
    /// |value| of the first keys of a head. [key]
    package func valueLengths(layer: Int, keyValueHead: Int, tokens end: Int, global: Bool = false) -> [Float] {
        let width = KeyValueCache.width(of: shape.headDimension)
        var lengths: [Float] = []
        while lengths.count < min(end, keyTokens) {
            guard let (keys, count, first) = keys(layer: layer, token: lengths.count, global: global) else { break }
            let start = keyValueHead * count * width
            let rows = min(end - first, count)
            let values = keys.values[start..<start + rows * width]
            // What fills a value up to its width is 0.
            for row in 0..<rows { lengths.append(Self.length(values, from: row * width, width: width)) }
        }
        return lengths
    }

    /// Values of some tokens in a row, each filled up to its width. [token, width]
    package func valueRows(layer: Int, keyValueHead: Int, tokens: Range<Int>) -> [Float] {
        let width = KeyValueCache.width(of: shape.headDimension)
        var rows: [Float] = []
        var token = tokens.lowerBound
        while token < min(tokens.upperBound, keyTokens) {
            guard let (keys, count, first) = keys(layer: layer, token: token, global: false) else { break }
            let end = min(tokens.upperBound, first + count)
            let start = keyValueHead * count * width
            rows += keys.values[start + (token - first) * width..<start + (end - first) * width]
            token = end
        }
        return rows
    }

    /// Four sums, so that one addition does not wait for another. The width is a multiple of 16.
    private static func length(_ values: [Float], from start: Int, width: Int) -> Float {
        var sums = SIMD4<Float>.zero
        var place = start
        while place < start + width {
            let part = SIMD4(values[place], values[place + 1], values[place + 2], values[place + 3])
            sums += part * part
            place += 4
        }
        return sums.sum().squareRoot()
    }
}
