/// The last answer to each question, so that an unchanged panel costs nothing.
///
/// One answer a question: the screen shows one row, one map, one pair at a time, and an old answer is worth no memory.
struct Memo<Question: Equatable & Sendable, Answer: Sendable>: Sendable {
    private var last: (question: Question, answer: Answer)?

    /// The answer to `question`, where it was the last one asked.
    func known(_ question: Question) -> Answer? {
        last.flatMap { $0.question == question ? $0.answer : nil }
    }

    /// The answer kept for `question`, else the one that `compute` gives.
    mutating func answer(to question: Question, _ compute: () -> Answer) -> Answer {
        if let last, last.question == question { return last.answer }
        let answer = compute()
        last = (question, answer)
        return answer
    }
}
