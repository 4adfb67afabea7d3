import RopewalkLens

/// A question whose answer a lens works out step by step.
protocol LensQuestion: DeepeningQuestion where Answer: SteppedAnswer {
    var basis: Basis { get }
    /// Before the first step.
    func begin(_ answers: inout Answers) -> Answer
    /// One step.
    func extend(_ answer: inout Answer, by lens: Lens)
}

extension LensQuestion {
    /// After the first step, so that there is something to be seen.
    func answer(_ witness: Witness, _ answers: inout Answers) -> Answer {
        var answer = begin(&answers)
        deepen(&answer, witness)
        return answer
    }

    func isComplete(_ answer: Answer) -> Bool { answer.isComplete }

    func deepen(_ answer: inout Answer, _ witness: Witness) {
        guard let lens = witness.lens(basis) else { return answer.miss() }
        extend(&answer, by: lens)
    }
}
