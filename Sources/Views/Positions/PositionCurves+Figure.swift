import RopewalkLens
import RopewalkMethods

extension DistanceCurveView {
    /// For a page; nil where there are no distances.
    package var figure: Figure? {
        guard !methods.isEmpty, query > 0 else { return nil }
        return chart(inks, lines).figure(
            title: "Effective distance of each method", xTitle: "true distance (tokens)",
            yTitle: "effective distance g (tokens)", legend: legend(inks, lines),
            remarks: [
                "From token \(query.grouped). Slowest: by how much the slowest subspace is slowed down."
            ])
    }
}

extension DistanceProfileView {
    /// For a page; nil before anything is measured.
    package var figure: Figure? {
        chart?.figure(
            title: "\(head): mean weight by distance", xTitle: "distance (tokens), logarithmic",
            yTitle: "mean weight, logarithmic", legend: legend, remarks: [footer + "."])
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
            title: "Turns of subspace \(subspace) by distance", xTitle: "distance (tokens)", yTitle: "turns",
            legend: ChartLegend(columns: ["unseen distances"], entries: entries, look: look),
            remarks: [
                "From token \(query.grouped). Unseen distances: the share whose angle points where it never did in training."
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
