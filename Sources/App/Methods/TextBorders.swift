import RopewalkDocuments
import RopewalkMethods
import RopewalkModels

extension Document {
    /// Where its sentences or paragraphs begin, in tokens; nil where there is no text, as of tokens alone.
    /// - Parameter first: the token from which on they are counted
    package func borders(of unit: TextUnit, from first: Int = 0) -> PartBorders? {
        guard !text.isEmpty else { return nil }
        let part: TextPart =
            switch unit {
            case .sentence: .sentence
            case .paragraph: .paragraph
            }
        let borders = PartBorders(starts: tokens(ofParts: part, below: tokenCount).map(\.lowerBound))
        return first > 0 ? borders.from(first) : borders
    }

    /// Those of all units that methods ask for.
    package func borders(of units: Set<TextUnit>, from first: Int = 0) -> [TextUnit: PartBorders] {
        units.reduce(into: [:]) { $0[$1] = borders(of: $1, from: first) }
    }
}

extension Scenario {
    /// The same methods with the sentences and paragraphs of a text.
    package func over(_ document: Document, from first: Int = 0) -> Scenario {
        over { document.borders(of: $0, from: first) }
    }
}

extension AppState {
    /// A scenario with the sentences and paragraphs of what is read; before there is a text it counts as one of each.
    func bound(_ scenario: Scenario) -> Scenario {
        guard !scenario.units.isEmpty else { return scenario }
        guard let document = sources.whole.value ?? sources.document.value else {
            return scenario.over { _ in PartBorders(starts: []) }
        }
        return scenario.over(document)
    }
}
