import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels

/// What a question of a reader takes: the frame after the key, and what deepens behind it.
struct QuestionBench: Codable {
    let question: String
    /// Of the frames after a key: the question's own, then those that move on.
    let medianFrameMilliseconds: Double
    let worstFrameMilliseconds: Double
    /// How long a key that comes in between waits at most.
    let stepMilliseconds: Double
    /// From the question's own key until everything is known; nil: longer than `patience`.
    let seconds: Double?

    /// How long the question's own answer is waited for.
    static let patience = Duration.seconds(60)
    /// After keys that move on.
    private static let shortPatience = Duration.seconds(2)

    /// A question, and the keys that move on from it.
    private struct Asked {
        let name: String
        /// The last one asks.
        let keys: String
        let moves: String

        init(_ name: String, _ keys: String, moves: String = "l [") {
            (self.name, self.keys, self.moves) = (name, keys, moves)
        }
    }

    /// Pages of Answers, paintings of the text, heads of a pair, two texts, the map's zooms; far in the text.
    private static let questions = [
        Asked("reads", "Q"), Asked("read by", "@"), Asked("expects", "P"), Asked("layers", "^"),
        Asked("received", "$"), Asked("received, all heads", "& & & $"), Asked("sentences", "$ t"),
        Asked("paragraphs", "$ t t"), Asked("surprises", "!"), Asked("reads, a sentence", "% % Q"),
        Asked("read by, a paragraph", "% % % @"),
        Asked("heads of a pair", "H", moves: ""), Asked("heads, by value", "H H", moves: ""),
        Asked("heads, a sentence from here", "% % Enter f H", moves: ""),
        Asked("text by readers", "~"), Asked("text by loss", "~ ~"), Asked("text by entropy", "~ ~ ~"),
        Asked("text by all heads", "& & &"), Asked("text by attention received", "~ ~ ~ ~"),
        Asked("text by rollout", "~ ~ ~ ~ ~"), Asked("text by rollout of values", "~ ~ ~ ~ ~ ~"),
        Asked("two texts", "Z ]"), Asked("map, nearer", "F2 F4 F6 +", moves: "+ + + + + +"),
        Asked("map, farther", "F2 F4 F6 -", moves: "- - - - - -"),
    ]

    static func measure(ready: AppState) throws -> [QuestionBench] {
        try questions.map { asked in
            var player = QuestionPlayer(state: ready)
            for key in [":", "text:99%", "Enter"] + asked.keys.split(separator: " ").dropLast().map({ String($0) }) {
                try player.play(key)
            }
            let own = asked.keys.split(separator: " ").last.map { String($0) } ?? ""
            try player.play(own, measuring: .own)
            for key in asked.moves.split(separator: " ") { try player.play(String(key), measuring: .moves) }
            return player.result(asked.name)
        }
    }

    /// Plays keys without a terminal, and what the loop does between them.
    private struct QuestionPlayer {
        var state: AppState
        /// What is measured of a key.
        enum Measured { case nothing, own, moves }

        private var answers = Answers()
        private var frames: [Double] = []
        private var step = Duration.zero
        private var rest: Duration? = .zero

        init(state: AppState) { self.state = state }

        mutating func play(_ name: String, measuring measured: Measured = .nothing) throws {
            let clock = ContinuousClock()
            for case .event(let event) in try KeyScript(parsing: name).steps {
                let start = clock.now
                take(Message(event))
                _ = answers.frame(of: state, deferring: true)
                let shown = clock.now
                let longest = settle(until: shown + patience(measured))
                guard measured != .nothing else { continue }
                frames.append((shown - start) / .milliseconds(1))
                step = max(step, longest)
                if measured == .own { rest = answers.isUnsettled ? nil : clock.now - start }
            }
        }

        private func patience(_ measured: Measured) -> Duration {
            switch measured {
            case .nothing: .milliseconds(500)
            case .own: QuestionBench.patience
            case .moves: QuestionBench.shortPatience
            }
        }

        /// Does what the loop does until the next key; the longest that this key would have waited.
        private mutating func settle(until end: ContinuousClock.Instant) -> Duration {
            let clock = ContinuousClock()
            var longest = Duration.zero
            while answers.isUnsettled, clock.now < end {
                let before = clock.now
                if answers.settle() || answers.isDue { _ = answers.frame(of: state, deferring: true) }
                longest = max(longest, clock.now - before)
            }
            return longest
        }

        private mutating func take(_ message: Message) {
            for effect in state.update(message) {
                if case .find(let inquiry) = effect {
                    take(.found(answers.finding(inquiry, in: state, deferring: true)))
                }
            }
        }

        func result(_ name: String) -> QuestionBench {
            QuestionBench(
                question: name, medianFrameMilliseconds: frames.median, worstFrameMilliseconds: frames.max() ?? 0,
                stepMilliseconds: step / .milliseconds(1), seconds: rest.map { $0 / .seconds(1) })
        }
    }
}
