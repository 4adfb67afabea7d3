import RopewalkPhrases

/// Rectified RoPE: distances grow up to a window and no further.
package struct ReRoPE: PositionMethod, Equatable {
    package static let description = MethodDescription(
        name: "rerope", family: .position, title: "ReRoPE",
        summary: "Keeps true distances within a window and takes every further key to be as far as the window is long.",
        source: "Su, rerope (github.com/bojone/rerope), 2023; window 512 and log-n as in its code",
        parameters: [
            .tokens("window", "distance from which on all keys count as equally far", default: 512),
            logNFlag,
        ],
        flops: "as rope, and N²·d a head for the second scores of far keys",
        memory: "as rope; far keys are kept before rotation")

    package let window: Int
    package let logN: Bool

    package init(window: Int, logN: Bool = true) {
        self.window = window
        self.logN = logN
    }

    package init(values: [Double]) { self.init(window: Int(values[0]), logN: values[1] != 0) }
    package var values: [Double] { [Double(window), logN ? 1 : 0] }

    package func problem(in context: RotaryContext) -> String? { logN ? Self.logNProblem(in: context) : nil }

    package func rotation(in context: RotaryContext) -> Rotation { context.plain }

    package func encoding(in context: RotaryContext) -> PositionEncoding {
        let rotation = rotation(in: context)
        return .near(
            rotation, window: window, far: .far(rotation, before: window, at: window), tokens: context.tokens,
            queryScale: logN ? LogN.scale(window: context.trainedWindow, tokens: context.tokens) : nil)
    }
}

extension ReRoPE {
    /// Both forms in the authors' code have it.
    static let logNFlag = ParameterDescription.flag(
        "log-n", "whether queries beyond the trained window count ln(keys) / ln(window) times", default: true)

    static func logNProblem(in context: RotaryContext) -> String? {
        LogN.problem(window: context.trainedWindow).map { say("\($0); give log-n=0") }
    }
}
