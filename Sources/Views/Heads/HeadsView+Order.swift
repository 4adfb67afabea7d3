import RopewalkLens
import RopewalkMethods

extension HeadsView {
    /// What every head gives one place of the text.
    package struct PlaceRanking: Equatable, Sendable {
        let query: Int
        let keys: Range<Int>
        /// Layer by layer; NaN where it is not known yet. [layer · head]
        let weights: [Float]
        /// The same of the share of the head's output; empty where it is not asked for.
        let byValue: [Float]
        let sortsByValue: Bool

        package init(query: Int, keys: Range<Int>, weights: [Float], byValue: [Float], sortsByValue: Bool) {
            self.query = query
            self.keys = keys
            self.weights = weights
            self.byValue = byValue
            self.sortsByValue = sortsByValue
        }

        var values: [Float] { sortsByValue ? byValue : weights }

        private var pair: String {
            let last = keys.count > 1 ? "–\((keys.upperBound - 1).grouped)" : ""
            return "\(query.grouped) → \(keys.lowerBound.grouped)\(last)"
        }

        /// What stands in the border.
        var title: String { "\(sortsByValue ? "value" : "weight") \(pair)" }

        /// What the list says above its lines.
        var meaning: String {
            let missing = values.count { !$0.isFinite }
            let rest = missing > 0 ? " (\(missing.grouped) heads to come)" : ""
            return sortsByValue
                ? "\(pair), by value: share of the output, weight × length of value\(rest)"
                : "\(pair): the weight that each head gives\(rest)"
        }
    }

    /// All heads by one measure.
    package struct Order: Sendable {
        /// Layer by layer. [layer · head]
        let values: [Float]
        let isAboutPlace: Bool

        package init(scores: [HeadScore], sort: Int, place: PlaceRanking?) {
            isAboutPlace = place != nil
            // Read once: `HeadScore.values` makes an array each time it is asked.
            values = place?.values ?? scores.map { $0.values[sort] }
        }

        var highest: Float { values.filter(\.isFinite).max() ?? 0 }

        /// Indices of heads, highest first; of equal ones in their order, unknown ones last.
        package var ranks: [Int] {
            values.indices.sorted { first, second in
                let (a, b) = (values[first], values[second])
                if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? first < second : b.isNaN }
                return a == b ? first < second : a > b
            }
        }
    }
}
