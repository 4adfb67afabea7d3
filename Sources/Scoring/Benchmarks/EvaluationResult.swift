import RopewalkFormats

/// What became of one question.
package struct EvaluationResult: Equatable, Sendable {
    /// How an answer came about.
    package enum Way: String, Sendable {
        /// It stood in the file.
        case file
        case written
        /// The likeliest of all candidates.
        case chosen
    }

    package let key: String
    package let id: String
    package let task: String
    package var way: Way?
    package var answer: String?
    /// Candidates that it was chosen among; 0 where it was not chosen.
    package var candidates = 0
    /// Of the whole prompt.
    package var tokens: Int?
    package var isCut = false
    package var cutsQuestion = false
    package var score: ItemScore?
    /// Why there is no score.
    package var problem: String?

    package init(_ item: BenchmarkItem) { (key, id, task) = (item.key, item.id, item.task) }

    /// A line of the file of results.
    package var line: String {
        var members: [(String, JSONValue)] = [("key", .string(key)), ("task", .string(task))]
        if !id.isEmpty { members.append(("id", .string(id))) }
        if let answer { members.append(("answer", .string(answer))) }
        if let way { members.append(("way", .string(way.rawValue))) }
        if candidates > 0 { members.append(("candidates", .integer(candidates))) }
        if let tokens {
            members += [("tokens", .integer(tokens)), ("cut", .bool(isCut)), ("question_cut", .bool(cutsQuestion))]
        }
        if let score {
            members += [
                ("metric", .string(score.metric)), ("score", .number(score.score)),
                ("values", .array(score.values.map { .number($0) })),
            ]
        }
        if let problem { members.append(("problem", .string(problem))) }
        return JSONLine.object(members)
    }

    /// Of a line that this program wrote; nil where it did not.
    init?(_ value: JSONValue) {
        guard let key = value["key"]?.string, let task = value["task"]?.string else { return nil }
        (self.key, self.task, id) = (key, task, value["id"]?.string ?? "")
        way = value["way"]?.string.flatMap(Way.init)
        answer = value["answer"]?.string
        candidates = value["candidates"]?.integer ?? 0
        tokens = value["tokens"]?.integer
        isCut = value["cut"]?.bool ?? false
        cutsQuestion = value["question_cut"]?.bool ?? false
        problem = value["problem"]?.string
        guard let metric = value["metric"]?.string else { return }
        let values = (value["values"]?.array ?? []).compactMap(\.number)
        score = ItemScore(metric: metric, values: values, isGeometric: metric == ItemScore.lEvalRouge)
    }
}
