/// Something that the screen wants to know: a value, so that what was found out is kept for as long as the same is asked.
///
/// A question names everything that decides its answer. What it does not name, the recording itself, is the witness's.
protocol Question: Hashable, Sendable {
    associatedtype Answer: Sendable
    /// Whether it may take longer than a frame has time for: a key is answered without it.
    static var isSlow: Bool { get }
    /// Finds out; a question may put others through `answers`.
    func answer(_ witness: Witness, _ answers: inout Answers) -> Answer
}

extension Question {
    static var isSlow: Bool { false }
}

/// A question whose answer becomes better step by step: what there is is shown at once, and is always right for what it says
/// that it is of.
protocol DeepeningQuestion: Question {
    func isComplete(_ answer: Answer) -> Bool
    /// Works on it for some milliseconds.
    func deepen(_ answer: inout Answer, _ witness: Witness)
}
