import RopewalkPhrases

/// What training to a longer window takes, by what has been published of it.
package struct ExtensionPlan: Equatable, Sendable {
    /// What somebody did, with where it stands.
    package struct Point: Equatable, Sendable {
        package let source: String
        package let what: String
    }

    /// The window that there is, and the one that is wanted, in tokens.
    package let from: Int
    package let to: Int
    /// Tokens of a step of the optimiser.
    package let batch: Double

    /// Fu et al. train with 4 million tokens a step.
    package static let usualBatch = 4e6

    package init(from: Int, to: Int, batch: Double = ExtensionPlan.usualBatch) {
        (self.from, self.to, self.batch) = (max(1, from), max(1, to), max(1, batch))
    }

    package var factor: Double { Double(to) / Double(from) }

    /// The length of a training text: 80K for a window of 128K, the share that Fu et al. trained 7B with; what is longer was only
    /// tried. Rounded up to a multiple of 256.
    package var shortestTraining: Int { (Int((Double(to) * 80 / 128).rounded(.up)) + 255) / 256 * 256 }

    /// Tokens that are enough within the length that is trained, and those that its authors recommend for all of the window.
    package static let tokensInside: ClosedRange<Double> = 0.5e9...1e9
    package static let tokensBeyond: ClosedRange<Double> = 1e9...5e9

    /// Steps of the optimiser, to the nearest whole one.
    package func steps(tokens: Double) -> Int { Int((tokens / batch).rounded()) }

    /// Texts of a step.
    package func texts(length: Int) -> Double { batch / Double(length) }

    /// Fu et al., table of tokens and needle accuracy of LLaMA 7B at 80K, in percent.
    package static let accuracy: [(tokens: Double, percent: Double)] = [
        (1e8, 37.8), (3e8, 59.0), (5e8, 81.1), (1e9, 85.3), (5e9, 88.0), (1e10, 84.0),
    ]

    /// What was published.
    package static let points: [Point] = [
        Point(
            source: "Fu et al. 2402.10171",
            what: "LLaMA 7B at 80K and 13B at 64K, 4M tokens a step, learning rate 2e-5; tested to 128K"),
        Point(source: "YaRN 2309.00071", what: "7B and 13B, 400 steps at 64K, then 200 at 128K"),
        Point(source: "LongLoRA 2309.12307", what: "7B to 100K and 13B to 64K, 1,000 steps"),
        Point(source: "RoPE base scaling 2310.05209", what: "training at 16K, windows of up to 1M claimed"),
        Point(source: "a controlled study 2409.12181", what: "1B tokens"),
        Point(source: "a survey 2502.17129", what: "1B to 10B tokens in most work"),
    ]

    /// Where what is said of it does not agree.
    package static let contradictions: [Point] = [
        Point(
            source: "LLMBook, slides 2.3",
            what:
                "1B tokens extend 7B and 13B to 100K: the paper's 100K is the caption of its figure 1, made with 5B tokens; 13B was trained at 64K"
        ),
        Point(
            source: "Fu et al. 2402.10171",
            what: "prints 5B / 4M = 2,000 steps; that is 1,250 (1,192 with 4 · 2²⁰ tokens a step)"),
        Point(
            source: "Fu et al. 2402.10171",
            what:
                "SlimPajama's domains in the paper and in the code: CC 67/53.4, C4 15/26.6, GitHub 4.5/5.0, arXiv 2.5/4.3, books 4.5/4.1, Wikipedia 4.5/3.4, StackExchange 2.0/3.2 percent"
        ),
        Point(
            source: "Fu et al., code",
            what: "keeps short documents with 0.2 by default, its README with 0.1; 30 % to 70 % long takes 0.184"),
    ]
}
