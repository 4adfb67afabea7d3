import RopewalkFormats
import RopewalkPhrases

/// Why a line is no question.
struct LineProblem: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }
}

/// What a line of a published file says; which kind it is of is told by its members.
extension BenchmarkItem {
    /// The questions of one line.
    /// - Parameters:
    ///   - line: from 1
    ///   - task: the data set where the line does not say it
    static func items(_ value: JSONValue, line: Int, task: String?) throws(LineProblem) -> [BenchmarkItem] {
        guard let members = value.members else { throw LineProblem(say("an object in braces is expected")) }
        if value["instructions"] != nil { return try lEval(value, line: line, task: task) }
        if value["gt"] != nil { return [try lEvalAnswer(value, members, line: line, task: task)] }
        if value["choice_A"] != nil { return [try longBenchV2(value, line: line)] }
        if value["answers"] != nil { return [try longBench(value, line: line, task: task)] }
        let names = members.prefix(6).map { ScoringError.shown($0.key) }.joined(separator: ", ")
        throw LineProblem(
            say("neither LongBench (answers), LongBench v2 (choice_A) nor L-Eval (instructions, gt): it has \(names)"))
    }

    /// `{input, context, answers, length, dataset, language, all_classes, _id}`, and `{pred, answers, all_classes, length}` of
    /// answers.
    private static func longBench(
        _ value: JSONValue, line: Int, task: String?
    ) throws(LineProblem) -> BenchmarkItem {
        guard let name = task ?? value["dataset"]?.string else {
            throw LineProblem(say("it has no dataset, and the file's name is none of LongBench: give --dataset"))
        }
        guard let known = LongBenchTask.named(name) else {
            throw LineProblem(
                say("LongBench has no dataset '\(ScoringError.shown(name))': --dataset takes one of its own"))
        }
        var item = BenchmarkItem(benchmark: .longBench, line: line, task: known.name)
        item.id = value["_id"]?.string ?? ""
        item.answers = try texts(value, "answers")
        guard !item.answers.isEmpty else { throw LineProblem(say("answers is empty")) }
        if value["all_classes"]?.isNull == false { item.classes = try texts(value, "all_classes") }
        if known.metric == .classification, item.classes.isEmpty {
            throw LineProblem(say("\(known.name) needs all_classes"))
        }
        item.length = value["length"]?.integer
        if let answer = value["pred"], !answer.isNull { item.answer = try text(value, "pred") }
        if value["context"] != nil || item.answer == nil {
            item.context = try text(value, "context")
            item.question = try text(value, "input")
        }
        return item
    }

    /// `{_id, domain, sub_domain, difficulty, length, question, choice_A..D, answer, context}`, and the same with `response` or
    /// `pred`.
    private static func longBenchV2(_ value: JSONValue, line: Int) throws(LineProblem) -> BenchmarkItem {
        var item = BenchmarkItem(
            benchmark: .longBenchV2, line: line, task: BenchmarkItem.Benchmark.longBenchV2.rawValue)
        item.id = value["_id"]?.string ?? ""
        item.question = try text(value, "question")
        for name in ["choice_A", "choice_B", "choice_C", "choice_D"] { item.classes.append(try text(value, name)) }
        item.answers = [try text(value, "answer")]
        guard item.answers.allSatisfy({ ["A", "B", "C", "D"].contains($0) }) else {
            throw LineProblem(say("answer is '\(ScoringError.shown(item.answers[0]))': A, B, C or D is expected"))
        }
        item.groups = ["difficulty", "length"].compactMap { value[$0]?.string }
        item.context = value["context"]?.string
        if let response = value["response"]?.string {
            item.answer = response
        } else if let letter = value["pred"] {
            item.answer = letter.string.map { "The correct answer is \($0)" } ?? ""
        }
        guard item.context != nil || item.answer != nil else { throw LineProblem(say("context is missing")) }
        return item
    }

    /// `{input, instructions, outputs, source, evaluation}`: a document with several questions.
    private static func lEval(
        _ value: JSONValue, line: Int, task: String?
    ) throws(LineProblem) -> [BenchmarkItem] {
        let questions = try texts(value, "instructions")
        let answers = try texts(value, "outputs")
        let context = try text(value, "input")
        guard questions.count == answers.count else {
            throw LineProblem(say("it has \(questions.count) instructions and \(answers.count) outputs"))
        }
        guard !questions.isEmpty else { throw LineProblem(say("instructions is empty")) }
        let evaluation = value["evaluation"]?.string ?? ""
        return zip(questions, answers).enumerated().map { index, pair in
            var item = BenchmarkItem(benchmark: .lEval, line: line, task: task ?? "")
            item.part = index + 1
            item.context = context
            (item.question, item.answers, item.evaluation) = (pair.0, [pair.1], evaluation)
            return item
        }
    }

    /// `{query, gt, MODEL_pred, evaluation}`.
    private static func lEvalAnswer(
        _ value: JSONValue, _ members: [JSONValue.Member], line: Int, task: String?
    ) throws(LineProblem) -> BenchmarkItem {
        guard let answer = members.first(where: { $0.key.utf8.count > 5 && $0.key.contains("_pred") })?.value.string
        else { throw LineProblem(say("it has gt and no member that ends in _pred")) }
        var item = BenchmarkItem(benchmark: .lEval, line: line, task: task ?? "")
        item.question = value["query"]?.string ?? ""
        item.answers = [try text(value, "gt")]
        item.evaluation = value["evaluation"]?.string ?? ""
        item.answer = answer
        return item
    }

    private static func text(_ value: JSONValue, _ name: String) throws(LineProblem) -> String {
        guard let member = value[name] else { throw LineProblem(say("\(name) is missing")) }
        guard let text = member.string else { throw LineProblem(say("\(name) is no text")) }
        return text
    }

    private static func texts(_ value: JSONValue, _ name: String) throws(LineProblem) -> [String] {
        // Data sets that were put together by hand have one text in place of a list of one.
        if let text = value[name]?.string { return [text] }
        guard let values = value[name]?.array else { throw LineProblem(say("\(name) is no list of texts")) }
        var texts: [String] = []
        for value in values {
            guard let text = value.string ?? value.integer.map({ String($0) }) else {
                throw LineProblem(say("\(name) is no list of texts"))
            }
            texts.append(text)
        }
        return texts
    }
}
