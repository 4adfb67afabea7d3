/// The angles that a model saw in training, to tell familiar angles from unseen ones.
///
/// Distances 0 to window − 1 gave each subspace the angles 0 to θ·(window − 1).
package struct TrainedRange: Equatable, Sendable {
    /// Radians a token during training, one per subspace, fastest first.
    package let inverseFrequencies: [Double]
    /// Tokens.
    package let window: Int

    /// Rounding in an angle must not make it count as unseen.
    private static let tolerance = 1e-9

    /// The range of a model that was trained with plain RoPE on the context's window.
    package init(_ context: RotaryContext) {
        self.init(inverseFrequencies: context.inverseFrequencies, window: context.trainedWindow)
    }

    /// The range after fine-tuning with other angles on another window.
    package init(inverseFrequencies: [Double], window: Int) {
        self.inverseFrequencies = inverseFrequencies
        self.window = window
    }

    /// The largest angle of training, radians, not wrapped.
    package func maximumAngle(_ subspace: Int) -> Double {
        Double(window - 1) * inverseFrequencies[subspace]
    }

    /// Whether the subspace made no full turn in training.
    package func isCritical(_ subspace: Int) -> Bool {
        Rotation(inverseFrequencies: inverseFrequencies).isCritical(subspace, window: window)
    }

    /// Whether an angle (radians, not wrapped) is beyond the largest of training, even if its phase is familiar.
    package func isRawOutside(angle: Double, subspace: Int) -> Bool {
        abs(angle) > maximumAngle(subspace) + Self.tolerance
    }

    /// Whether an angle (radians, not wrapped) points to a part of the circle that training never reached.
    package func isPhaseOutside(angle: Double, subspace: Int) -> Bool {
        guard isCritical(subspace) else { return false }
        return abs(angle).truncatingRemainder(dividingBy: 2 * .pi) > maximumAngle(subspace) + Self.tolerance
    }
}
