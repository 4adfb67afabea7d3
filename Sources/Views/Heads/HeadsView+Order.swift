import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension HeadsView {
    /// What every head gives one place of the text.
    package struct PlaceRanking: Equatable, Sendable {
        let queries: TokenSpan
        let keys: TokenSpan
        /// Layer by layer; NaN where it is not known yet. [layer · head]
        let weights: [Float]
        /// The same of the share of the head's output; empty where it is not asked for.
        let byValue: [Float]
        let sortsByValue: Bool

        package init(queries: TokenSpan, keys: TokenSpan, weights: [Float], byValue: [Float], sortsByValue: Bool) {
            self.queries = queries
            self.keys = keys
            self.weights = weights
            self.byValue = byValue
            self.sortsByValue = sortsByValue
        }

        var values: [Float] { sortsByValue ? byValue : weights }

        /// Whether every head has its number.
        package var isKnown: Bool { values.allSatisfy(\.isFinite) }

        private var pair: String { "\(queries.text) → \(keys.text)" }

        /// What stands in the border.
        var title: String { "\(sortsByValue ? say("value") : say("weight")) \(pair)" }

        /// What the list says above its lines.
        var meaning: String {
            let missing = values.count { !$0.isFinite }
            let rest = missing > 0 ? say(" (\(Figures.count(missing, "head")) to come)") : ""
            let mean = queries.count > 1 ? say(", mean over the queries") : ""
            return sortsByValue
                ? say("\(pair), by value: share of the output, weight × length of value\(mean)\(rest)")
                : say("\(pair): the weight that each head gives\(mean)\(rest)")
        }
    }

    /// A number for every head that no run measures by itself: how far it has moved, what its loss would be.
    package struct NumberRanking: Equatable, Sendable {
        /// Layer by layer; NaN where it is not known yet. [layer · head]
        let values: [Float]
        /// What stands in the border, and what the list says above its lines.
        let title: String
        let meaning: String
        /// Whether numbers have signs.
        let isSigned: Bool

        package init(values: [Float], title: String, meaning: String, isSigned: Bool = false) {
            self.values = values
            self.title = title
            self.meaning = meaning
            self.isSigned = isSigned
        }

        func text(_ value: Float) -> String {
            isSigned ? Figures.signed(Double(value), 4) : Figures.weight(value)
        }
    }

    /// Whether every head is a cell or two in the colour of a number, and no small map.
    var isFlat: Bool { place != nil || numbers != nil }

    /// All heads by one measure.
    package struct Order: Sendable {
        /// Layer by layer. [layer · head]
        let values: [Float]
        /// Whether nothing is dark.
        let isFromZero: Bool

        package init(scores: [HeadScore], sort: Int, place: PlaceRanking?, numbers: NumberRanking? = nil) {
            isFromZero = place != nil || numbers?.isSigned == false
            // Read once: `HeadScore.values` makes an array each time it is asked.
            values = numbers?.values ?? place?.values ?? scores.map { $0.values[sort] }
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
