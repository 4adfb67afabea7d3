import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkModels

/// What a question of a reader takes: the frame after the key, and what deepens behind it.
struct QuestionBench: Codable {
    let question: String
    /// The worst of the frames after a key: the question's own, then those that move on.
    let frameMilliseconds: Double
    /// How long a key that comes in between waits at most.
    let stepMilliseconds: Double
    /// Until everything was known, the worst of the keys; nil: longer than `patience`.
    let seconds: Double?

    private static let patience = Duration.seconds(3)

    /// Pages of Answers, paintings of the text, heads of a pair, two texts; far in the text.
    private static let questions = [
        ("reads", "Q"), ("read by", "@"), ("expects", "P"), ("layers", "^"), ("received", "$"), ("sentences", "$ t"),
        ("paragraphs", "$ t t"), ("surprises", "!"), ("reads, a sentence", "% % Q"),
        ("read by, a paragraph", "% % % @"),
        ("heads of a pair", "H"), ("heads, by value", "H H"), ("heads, a sentence from here", "% % Enter f H"),
        ("text by readers", "~"), ("text by loss", "~ ~"), ("text by entropy", "~ ~ ~"),
        ("text by all heads", "& & &"), ("text by attention received", "~ ~ ~ ~"), ("text by rollout", "~ ~ ~ ~ ~"),
        ("text by rollout of values", "~ ~ ~ ~ ~ ~"), ("two texts", "Z ]"),
    ]

    static func measure(ready: AppState) throws -> [QuestionBench] {
        try questions.map { name, keys in
            var player = QuestionPlayer(state: ready)
            for key in ": text:99% Enter".split(separator: " ") { try player.play(String(key), measured: false) }
            let all = keys.split(separator: " ").map { String($0) }
            for key in all.dropLast() { try player.play(key, measured: false) }
            for key in all.suffix(1) + (name.hasPrefix("heads") ? [] : ["l", "["]) {
                try player.play(key, measured: true)
            }
            return player.result(name)
        }
    }

    /// Plays keys without a terminal, and what the loop does between them.
    private struct QuestionPlayer {
        var state: AppState
        private var answers = Answers()
        private var frame = Duration.zero
        private var step = Duration.zero
        private var rest: Duration? = .zero

        init(state: AppState) { self.state = state }

        mutating func play(_ name: String, measured: Bool) throws {
            let clock = ContinuousClock()
            for case .event(let event) in try KeyScript(parsing: name).steps {
                let start = clock.now
                take(Message(event))
                _ = answers.frame(of: state, deferring: true)
                let shown = clock.now
                if measured { frame = max(frame, shown - start) }
                let end = shown + (measured ? QuestionBench.patience : .milliseconds(500))
                while answers.isUnsettled, clock.now < end {
                    let before = clock.now
                    let isNew = answers.settle() || answers.isDue
                    if measured { step = max(step, clock.now - before) }
                    if isNew { _ = answers.frame(of: state, deferring: true) }
                }
                if measured { rest = answers.isUnsettled ? nil : rest.map { max($0, clock.now - shown) } }
            }
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
                question: name, frameMilliseconds: frame / .milliseconds(1), stepMilliseconds: step / .milliseconds(1),
                seconds: rest.map { $0 / .seconds(1) })
        }
    }
}
