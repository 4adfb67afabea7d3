import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// A method on the screen of all methods: what it costs here, what was measured, and what stands in its way.
package struct CatalogueEntry: Equatable, Sendable {
    package let name: String
    /// As people write it, in the language that is spoken.
    package let title: String
    /// One sentence.
    package let summary: String
    package let source: String
    package let kind: MethodKind
    /// Of the paper; nil where the source names none.
    package let year: Int?
    /// Nil while they are worked out, and where the method does not fit the text.
    package let cost: MethodCost?
    /// Numbers that are kept at one time.
    package let state: Double?
    /// Why it cannot be applied here; nil where it can.
    package let hindrance: String?
    /// Of exact runs; nil where there was none.
    package var measured: Measured?
    package var isInForce = false
    /// Whether it is in the comparison of losses.
    package var isCompared = false

    /// What an exact run of the method has lost, and how far its attention is from full attention on the same states.
    package struct Measured: Equatable, Sendable {
        /// The methods that were run, as they are written.
        package let spec: String
        /// Mean, nats.
        package let loss: Double?
        /// Share of full attention on visible keys, mean over queries and heads.
        package let massKept: Double?
        /// Of each layer's attention, mean over layers.
        package let outputError: Double?

        package init(spec: String, loss: Double?, massKept: Double?, outputError: Double?) {
            (self.spec, self.loss, self.massKept, self.outputError) = (spec, loss, massKept, outputError)
        }
    }

    package init(
        _ description: MethodDescription, kind: MethodKind, cost: MethodCost? = nil, state: Double? = nil,
        hindrance: String? = nil
    ) {
        (name, title, summary) = (description.name, description.title.said, description.summary.said)
        (source, self.kind, year) = (description.source.said, kind, description.year)
        (self.cost, self.state, self.hindrance) = (cost, state, hindrance)
    }

    /// Whether it has these letters in its name, its title or what it does.
    package func has(letters: String) -> Bool {
        [name, title, kind.title.said, summary, source].contains { $0.has(letters: letters) }
    }
}
