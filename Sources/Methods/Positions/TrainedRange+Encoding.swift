/// How the angles of one query relate to those of training, a number for every subspace.
package struct RangeSurvey: Equatable, Sendable {
    /// The largest angle over the largest of training; nil where training did not turn the subspace.
    package let largestOverTrained: [Double?]
    /// Keys whose angle is larger than any in training.
    package let rawOutside: [Int]
    /// Keys whose angle points to a part of the circle that training never reached.
    package let phaseOutside: [Int]
    /// Keys whose angle lies between those of whole distances in training.
    package let offGrid: [Int]
}

extension TrainedRange {
    /// Whether an angle (radians, not wrapped) belongs to no whole distance of training; a subspace that did not turn
    /// in training has no such angles.
    package func isOffGrid(angle: Double, subspace: Int) -> Bool {
        let frequency = inverseFrequencies[subspace]
        guard frequency > 0 else { return false }
        let distance = angle / frequency
        // Both angle and quotient are rounded: by about 1e-16 of a distance, times the tokens before it.
        return abs(distance - distance.rounded()) > 1e-9 * max(1, abs(distance))
    }

    /// The angles of one query with the keys 0...query. Takes time with keys times subspaces.
    package func survey(_ encoding: PositionEncoding, query: Int) -> RangeSurvey {
        let subspaces = inverseFrequencies.indices
        var largest = [Double](repeating: 0, count: subspaces.count)
        var (raw, phase, offGrid) = (subspaces.map { _ in 0 }, subspaces.map { _ in 0 }, subspaces.map { _ in 0 })
        for piece in encoding.pieces {
            let turned = piece.queries.angles(token: query)
            for key in piece.keys(of: query).clamped(to: 0..<query + 1) {
                let angles = zip(turned, piece.keys.angles(token: key)).map(-)
                for (subspace, angle) in zip(subspaces, angles) {
                    largest[subspace] = max(largest[subspace], abs(angle))
                    raw[subspace] += isRawOutside(angle: angle, subspace: subspace) ? 1 : 0
                    phase[subspace] += isPhaseOutside(angle: angle, subspace: subspace) ? 1 : 0
                    offGrid[subspace] += isOffGrid(angle: angle, subspace: subspace) ? 1 : 0
                }
            }
        }
        return RangeSurvey(
            largestOverTrained: subspaces.map { maximumAngle($0) > 0 ? largest[$0] / maximumAngle($0) : nil },
            rawOutside: raw, phaseOutside: phase, offGrid: offGrid)
    }
}
