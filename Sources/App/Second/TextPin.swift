import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the text showed when it was kept: a second text beside it shows the same of the present cursor.
package struct TextPin: Equatable, Sendable {
    let head: HeadIndex
    let scenario: Scenario
    let painting: TextPainting
    let heads: TextHeads
    let reader: TextReader?
    let wasZoomed: Bool
    /// The kept recordings under its scenario.
    var lenses = ScenarioLenses()
    /// Whether the state is the one that is kept, and not the one beside it.
    var isKept = false
}

extension AppState {
    /// What the second text shows: the present state as it was when the text was kept; nil where there is one text.
    var keptState: AppState? {
        guard let pin, !pin.isKept else { return nil }
        var kept = self
        kept.pin?.isKept = true
        (kept.focus.layer, kept.focus.head) = (pin.head.layer, pin.head.head)
        kept.scenario = pin.scenario
        kept.runs.lenses = pin.lenses
        (kept.appearance.painting, kept.appearance.heads) = (pin.painting, pin.heads)
        if let reader = pin.reader { kept.second?.reader = reader }
        return kept
    }

    /// Keeps what the text shows, or goes back to one text; two texts want the whole screen.
    mutating func keepText() {
        if let pin {
            panels.isZoomed = pin.wasZoomed
            self.pin = nil
        } else {
            pin = TextPin(
                head: head, scenario: scenario, painting: appearance.painting, heads: appearance.heads,
                reader: second?.reader, wasZoomed: panels.isZoomed)
            followRuns()
            panels.focus(.text)
            panels.isZoomed = true
            notice = Notice(
                .information,
                say(
                    "kept beside: take another head, layer, method or model for this one; \(keyName(of: .second(.keep))) closes it"
                ))
        }
        revealCursor()
    }

    /// In the border of the second text: that it is kept, and its method where that is another one.
    var keptTitle: String {
        guard let pin, pin.scenario != scenario || pin.isKept else { return say("kept") }
        let specs = pin.scenario.specs
        let basis = pin.lenses.lens(for: focus.cursor)?.provenance.words
        return
            ([say("kept"), specs.isEmpty ? say("plain") : specs.joined(separator: " ")] + (basis.map { [$0] } ?? []))
            .joined(separator: " · ")
    }
}
