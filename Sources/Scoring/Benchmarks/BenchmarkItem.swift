/// One question of a benchmark, from whatever kind of file it came.
package struct BenchmarkItem: Equatable, Sendable {
    /// A benchmark whose files are read.
    package enum Benchmark: String, Sendable, CaseIterable {
        case longBench = "longbench"
        case longBenchV2 = "longbench-v2"
        case lEval = "leval"

        /// Its name for people.
        package var title: String {
            switch self {
            case .longBench: "LongBench"
            case .longBenchV2: "LongBench v2"
            case .lEval: "L-Eval"
            }
        }
    }

    package var benchmark: Benchmark
    /// The line of its file, or its place in an array, from 1.
    package var line: Int
    /// The question of a line of L-Eval, from 1; 0 where a line is one question.
    package var part = 0
    /// What the file calls it; empty where it does not.
    package var id = ""
    /// The data set, such as "narrativeqa" or "coursera".
    package var task: String
    /// What the question is about; nil in a file of answers.
    package var context: String?
    package var question = ""
    package var answers: [String] = []
    /// The classes of a classification, or the four choices of LongBench v2.
    package var classes: [String] = []
    /// As the file counts it: words, or characters of Chinese.
    package var length: Int?
    /// What groups a question belongs to beside its task: "easy", "short" of LongBench v2.
    package var groups: [String] = []
    /// How L-Eval scores it: "exam", "f1", "rouge", or "LLM" and "human", which need a judge.
    package var evaluation = ""
    /// An answer that the file has already.
    package var answer: String?

    /// What a line of results calls it.
    package var key: String { part == 0 ? "\(line)" : "\(line).\(part)" }
    /// Whether its text is Chinese.
    package var isChinese: Bool {
        LongBenchTask.named(task)?.isChinese
            ?? question.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
