import Foundation
import RopewalkLens
import RopewalkPhrases

/// Maps weights onto 0 to 1, so that a ramp of colours can show them.
package struct Scale: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Equatable, Hashable, Sendable {
        /// From 0 to the highest weight.
        case linear
        /// From a hundredth of the highest weight of a row, a thousandth of a map's, to that weight.
        case logarithmic
        /// The share of the weights above 0 that are lower.
        case quantile

        /// The kind after this one, round and round.
        package var next: Kind {
            switch self {
            case .linear: .logarithmic
            case .logarithmic: .quantile
            case .quantile: .linear
            }
        }

        /// As short as a border wants it.
        package var label: String { self == .logarithmic ? say("log") : rawValue.said }
    }

    /// What the logarithmic scale shows of the range of weights, in powers of ten: a map needs a wide range to show
    /// structure, running text a narrow one, because a page on which every word is painted says nothing.
    private let decades: Float
    static let decadesOfRow: Float = 2
    static let decadesOfMap: Float = 3

    package let kind: Kind
    /// First tokens whose weight does not count, because attention sinks would darken everything else.
    package let leftOut: Int
    /// The weight that gets 1; 0 where there is none.
    package let highest: Float
    private let quantiles: QuantileTable?

    /// - Parameters:
    ///   - weights: One a key, as in `AttentionRow.weights`; NaN and infinite ones do not count. [key]
    ///   - leavingOutFirst: How many of the first keys do not count; ignored where nothing else would be left.
    package init(kind: Kind, weights: [Float], leavingOutFirst: Int = 0) {
        let isSensible = leavingOutFirst > 0 && leavingOutFirst < weights.count
        let counted = isSensible ? weights[leavingOutFirst...] : weights[...]
        self.init(
            kind: kind, counted: counted, leftOut: isSensible ? leavingOutFirst : 0, decades: Self.decadesOfRow)
    }

    /// The scale of a map: columns that hold one of the first `leavingOutFirst` keys do not count.
    package init(kind: Kind, image: MapImage, leavingOutFirst: Int = 0) {
        self.init(kind: kind, images: [image], leavingOutFirst: leavingOutFirst)
    }

    /// One scale for maps of the same window.
    package init(kind: Kind, images: [MapImage], leavingOutFirst: Int = 0) {
        let columns = images.first.map { Self.columns($0.request, ofFirst: leavingOutFirst) } ?? 0
        let counted = columns > 0 ? images.map { Self.values($0, without: columns) } : images.map(\.values)
        self.init(
            kind: kind, counted: counted.count == 1 ? counted[0][...] : counted.flatMap { $0 }[...],
            leftOut: columns > 0 ? leavingOutFirst : 0, decades: Self.decadesOfMap)
    }

    /// The columns that hold one of the first keys; none where all do.
    private static func columns(_ request: MapRequest, ofFirst count: Int) -> Int {
        let hidden = count - request.firstKey
        let columns = hidden > 0 ? min(request.columns, (hidden + request.cell - 1) / request.cell) : 0
        return columns < request.columns ? columns : 0
    }

    private static func values(_ image: MapImage, without columns: Int) -> [Float] {
        let count = image.request.columns
        var counted: [Float] = []
        counted.reserveCapacity(image.values.count)
        for row in stride(from: 0, to: image.values.count, by: count) {
            let end = min(row + count, image.values.count)
            if row + columns < end { counted += image.values[(row + columns)..<end] }
        }
        return counted
    }

    private init(kind: Kind, counted: ArraySlice<Float>, leftOut: Int, decades: Float) {
        self.kind = kind
        self.decades = decades
        self.leftOut = leftOut
        var highest: Float = 0
        for weight in counted where weight > highest && weight < .infinity { highest = weight }
        self.highest = highest
        quantiles = kind == .quantile && highest > 0 ? QuantileTable(counted) : nil
    }

    /// Where a weight stands, 0 to 1, never falling with the weight; 0 for NaN, nothing and less.
    package func position(of weight: Float) -> Float {
        guard weight > 0, highest > 0 else { return 0 }
        if weight >= highest { return 1 }
        switch kind {
        case .linear: return weight / highest
        case .logarithmic: return max(0, 1 + log10f(weight / highest) / decades)
        case .quantile: return quantiles?.share(below: weight) ?? 0
        }
    }

    /// The weight at the lower end of the scale.
    package var lowest: Float { kind == .logarithmic ? highest / powf(10, decades) : 0 }

    /// What a legend says beside the ramp, the longest wording first; empty where nothing is left out.
    package var remarks: [String] {
        guard leftOut > 0 else { return [] }
        let name = leftOut == 1 ? say("token") : say("\(leftOut) tokens")
        return [
            say("first \(name) left out of the scale"), say("scale without the first \(name)"),
            say("without first \(name)"),
            leftOut == 1 ? say("without token 0") : say("without tokens 0–\(leftOut - 1)"),
            leftOut == 1 ? say("not token 0") : say("not tokens 0–\(leftOut - 1)"),
        ]
    }
}

/// Shares of weights by bins of equal ratio; the bits of a positive float rise with its logarithm, so no logarithm is taken.
private struct QuantileTable: Equatable, Sendable {
    /// Sixteen bins for each doubling.
    private static let shift: UInt32 = 19
    private let first: Int
    /// [bin]: the share of the weights in the bins before; one more at the end. [bins + 1]
    private let shares: [Float]

    init(_ weights: ArraySlice<Float>) {
        var counts = [Int](repeating: 0, count: Int(Float.infinity.bitPattern >> Self.shift) + 1)
        var total = 0
        for weight in weights where weight > 0 && weight < .infinity {
            counts[Int(weight.bitPattern >> Self.shift)] += 1
            total += 1
        }
        let first = counts.firstIndex { $0 > 0 } ?? 0
        let last = counts.lastIndex { $0 > 0 } ?? 0
        var before = 0
        var shares: [Float] = [0]
        for count in counts[first...last] {
            before += count
            shares.append(Float(before) / Float(max(1, total)))
        }
        self.first = first
        self.shares = shares
    }

    func share(below weight: Float) -> Float {
        let bin = Int(weight.bitPattern >> Self.shift) - first
        if bin < 0 { return 0 }
        if bin >= shares.count - 1 { return 1 }
        let mask: UInt32 = (1 << Self.shift) - 1
        let part = Float(weight.bitPattern & mask) / Float(mask + 1)
        return shares[bin] + part * (shares[bin + 1] - shares[bin])
    }
}
