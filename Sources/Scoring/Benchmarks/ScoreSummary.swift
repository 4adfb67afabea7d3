/// Scores of many answers, by task and by group, as the benchmarks report them: in percent.
package struct ScoreSummary: Equatable, Sendable {
    /// One task.
    package struct Row: Equatable, Sendable {
        package let benchmark: BenchmarkItem.Benchmark
        package let task: String
        package let metric: String
        package private(set) var questions = 0
        /// Summed over the answers. Of ROUGE of L-Eval each of the three alone.
        private var sums: [Double] = []
        /// Values that the sums are over: two of a judgement.
        private var values = 0
        /// Of LongBench by the length that the file tells: below 4,000, below 8,000, from 8,000 on.
        private var bins: [(sum: Double, count: Int)] = Array(repeating: (0, 0), count: 3)

        fileprivate init(_ item: BenchmarkItem, _ score: ItemScore) {
            (benchmark, task, metric) = (item.benchmark, item.task, score.metric)
        }

        package static func == (a: Row, b: Row) -> Bool {
            (a.task, a.metric, a.questions, a.values) == (b.task, b.metric, b.questions, b.values) && a.sums == b.sums
        }

        fileprivate mutating func add(_ item: BenchmarkItem, _ score: ItemScore) {
            questions += 1
            if metric == ItemScore.lEvalRouge {
                if sums.isEmpty { sums = [0, 0, 0] }
                for (index, value) in score.values.prefix(3).enumerated() { sums[index] += value * 100 }
                values += 1
            } else {
                sums = [(sums.first ?? 0) + score.values.reduce(0, +)]
                values += score.values.count
            }
            guard let length = item.length else { return }
            let bin = length < 4000 ? 0 : length < 8000 ? 1 : 2
            bins[bin] = (bins[bin].sum + score.score, bins[bin].count + 1)
        }

        /// The figure that the benchmark reports, in percent.
        package var score: Double {
            let count = Double(max(1, values))
            if metric == ItemScore.lEvalRouge, sums.count == 3 {
                return RougeScore.geometricMean(sums[0] / count, sums[1] / count, sums[2] / count)
            }
            return 100 * (sums.first ?? 0) / count
        }

        /// ROUGE-1, -2 and -L of L-Eval, in percent; empty for other metrics.
        package var parts: [Double] { sums.count == 3 ? sums.map { $0 / Double(max(1, values)) } : [] }

        /// By length as LongBench-E reports it, in percent; nil where there is no question of that length.
        package var byLength: [Double?] { bins.map { $0.count > 0 ? 100 * $0.sum / Double($0.count) : nil } }
    }

    /// A group of questions of several tasks: a kind of task of LongBench, a length or difficulty of LongBench v2.
    package struct Group: Equatable, Sendable {
        package let name: String
        package let count: Int
        package let score: Double
    }

    /// In the order in which tasks came.
    package private(set) var rows: [Row] = []
    /// Of LongBench v2: sums and questions by group.
    private var sums: [(name: String, sum: Double, count: Int)] = []
    /// Answers that got no score, by the reason.
    package private(set) var unscored: [(reason: String, count: Int)] = []

    package init() {}

    package static func == (a: ScoreSummary, b: ScoreSummary) -> Bool { a.rows == b.rows && a.groups == b.groups }

    package mutating func add(_ item: BenchmarkItem, _ score: ItemScore) {
        let known = rows.firstIndex {
            $0.benchmark == item.benchmark && $0.task == item.task && $0.metric == score.metric
        }
        if known == nil { rows.append(Row(item, score)) }
        rows[known ?? rows.count - 1].add(item, score)
        for group in item.groups {
            let place = sums.firstIndex { $0.name == group } ?? sums.count
            if place == sums.count { sums.append((group, 0, 0)) }
            sums[place] = (group, sums[place].sum + score.score, sums[place].count + 1)
        }
    }

    package mutating func addUnscored(_ reason: String) {
        if let known = unscored.firstIndex(where: { $0.reason == reason }) {
            unscored[known].count += 1
        } else {
            unscored.append((reason, 1))
        }
    }

    /// Kinds of tasks of LongBench, each the mean of its tasks, then all of them; groups of LongBench v2 by questions. Its own
    /// script counts medium texts among the long ones, by a slip; here they are medium.
    package var groups: [Group] {
        let ofLongBench = rows.filter { $0.benchmark == .longBench }
        let kinds = LongBenchTask.Kind.allCases.compactMap { kind -> Group? in
            let tasks = ofLongBench.filter { LongBenchTask.named($0.task)?.kind == kind }
            guard !tasks.isEmpty else { return nil }
            return Group(
                name: kind.rawValue, count: tasks.reduce(0) { $0 + $1.questions },
                score: tasks.reduce(0) { $0 + $1.score } / Double(tasks.count))
        }
        var groups = kinds
        if kinds.count > 1 {
            groups.append(
                Group(
                    name: "all tasks", count: ofLongBench.reduce(0) { $0 + $1.questions },
                    score: ofLongBench.reduce(0) { $0 + $1.score } / Double(ofLongBench.count)))
        }
        return groups + sums.map { Group(name: $0.name, count: $0.count, score: 100 * $0.sum / Double($0.count)) }
    }
}
