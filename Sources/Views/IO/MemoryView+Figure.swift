import RopewalkLens
import RopewalkPhrases

extension MemoryView {
    /// Slots on a page at most.
    private static let most = 24

    /// For a page: the slots that get most, and what the model's own attention gives their tokens.
    package func figure(title: String) -> Figure {
        let shown = strip.ranked.prefix(Self.most).map { strip.slots[$0] }
        func rows(_ value: (MemoryStrip.Slot) -> Float) -> [FigureBarRow] {
            shown.map { FigureBarRow(name(of: $0), Double(value($0)), Figures.weight(value($0)), ink: ink($0.zone)) }
        }
        var plots = [
            FigurePlot.bars(say("weight"), rows(\.weight)),
            .bars(say("exact: full attention on its tokens"), rows(\.exact)),
        ]
        plots[1].y.ticks = []
        var remarks = [say("Slots in the order of their weights; the colours tell segments apart.")]
        remarks += MemoryStrip.Zone.allCases.compactMap { zone in
            guard strip.slots.contains(where: { $0.zone == zone }) else { return nil }
            let share = strip.share(zone)
            return "\(zone.title): "
                + say("\(Figures.weight(share.weight)) (exact \(Figures.weight(share.exact)))")
        }
        remarks += facts.compactMap(\.first)
        return Figure(title: title, plots: plots, columns: 2, remarks: remarks, map: look.map)
    }

    private func name(of slot: MemoryStrip.Slot) -> String {
        let ends =
            slot.tokens.count == 1
            ? slot.tokens.lowerBound.grouped
            : "\(slot.tokens.lowerBound.grouped)–\((slot.tokens.upperBound - 1).grouped)"
        return "\(ends) \(slot.tokens.prefix(8).map(name).joined(separator: " "))"
    }

    private func ink(_ zone: MemoryStrip.Zone) -> FigureInk {
        switch zone {
        case .compressed: .warning
        case .memory: .dim
        case .segment: .good
        }
    }
}
