import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension DistanceCurveView {
    /// For a page; nil where there are no distances.
    package var figure: Figure? {
        guard !methods.isEmpty, query > 0 else { return nil }
        return chart(inks, lines).figure(
            title: say("Effective distance of each method"), xTitle: say("true distance (tokens)"),
            yTitle: say("effective distance g (tokens)"), legend: legend(inks, lines),
            remarks: [
                say("From token \(query.grouped). Slowest: by how much the slowest subspace is slowed down.")
            ])
    }
}

extension DistanceProfileView {
    /// For a page; nil before anything is measured.
    package var figure: Figure? {
        chart?.figure(
            title: say("\(head): mean weight by distance"), xTitle: say("distance (tokens), logarithmic"),
            yTitle: say("mean weight, logarithmic"), legend: legend, remarks: [footer + "."])
    }
}

extension RotationDistancesView {
    /// For a page; nil where nothing turns.
    package var figure: Figure? {
        let (turning, inks) = (turning, inks)
        guard !turning.isEmpty, query > 0 else { return nil }
        let entries = zip(turning, inks).map { method, ink in
            ChartLegend.Entry(
                ink: ink, title: method.title, numbers: [unseen(method)], isStrong: method.isCurrent)
        }
        return chart(turning, inks).figure(
            title: say("Turns of subspace \(subspace) by distance"), xTitle: say("distance (tokens)"),
            yTitle: say("turns"),
            legend: ChartLegend(columns: [say("unseen distances")], entries: entries, look: look),
            remarks: [
                say(
                    "From token \(query.grouped). Unseen distances: the share whose angle points where it never did in training."
                )
            ])
    }

    /// The share of distances with an angle that training never showed.
    private func unseen(_ method: EncodedMethod) -> String {
        let samples = min(query, 1_024)
        let count = (0...samples).count { sample in
            let distance = query * sample / samples
            let angle = method.encoding.angle(subspace, query: query, key: query - distance)
            return Familiarity(method.trained, subspace: subspace, angle: angle) == .unseen
        }
        return Figures.fixed(100 * Double(count) / Double(samples + 1), 1) + " %"
    }
}
