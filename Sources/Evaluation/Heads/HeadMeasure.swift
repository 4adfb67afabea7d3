import RopewalkPhrases

/// What heads are looked for by.
package enum HeadMeasure: String, CaseIterable, Hashable, Sendable {
    /// Retrieval: hits over the tokens of the needle, as the authors' released code counts (Wu et al. 2024).
    case byStep = "by-step"
    /// Retrieval: different tokens of the needle that were copied, as the paper writes.
    case byToken = "by-token"
    /// Retrieval: hits over the tokens of the answer. Where a needle says more than the answer repeats, 1 can still be reached.
    case ofAnswer = "of-answer"
    /// Copying without a needle: how often the strongest key is no sink and holds the token that comes next, above chance.
    case next
    /// Weight on the first and the last tokens together (DuoAttention).
    case streaming
    /// Weight on the first tokens.
    case sink
    /// Weight on the token before.
    case previous
    /// Weight on the query's token wherever it stood before.
    case duplicate
    /// Weight on what followed it each of these times.
    case induction

    /// What it is measured on, that which decides first.
    package var tests: [HeadTest] {
        switch self {
        case .byStep, .byToken, .ofAnswer: [.needle]
        case .next: [.text]
        case .sink, .streaming: [.text, .repeats]
        case .previous, .duplicate, .induction: [.repeats, .text]
        }
    }

    /// A head is found from here on, where it is above chance on every seed.
    package var threshold: Double {
        switch self {
        // Wu et al. 2024.
        case .byStep, .byToken, .next: 0.1
        case .ofAnswer, .sink, .duplicate: 0.5
        case .previous, .induction: 0.7
        case .streaming: 0.9
        }
    }

    package var isRetrieval: Bool { tests == [.needle] }

    /// For people.
    package var title: String {
        switch self {
        case .byStep: say("retrieval, by step")
        case .byToken: say("retrieval, by token")
        case .ofAnswer: say("retrieval, of the answer")
        case .next: say("the next token at the strongest key, above chance")
        case .streaming: say("weight on the first and the last tokens")
        case .sink: say("weight on the first tokens")
        case .previous: say("weight on the token before")
        case .duplicate: say("weight on the same token, earlier")
        case .induction: say("weight on what followed the same token")
        }
    }
}

/// On what heads are measured.
package enum HeadTest: String, CaseIterable, Hashable, Sendable {
    /// Answers of needle tests, as they are written.
    case needle
    /// The reader's text, a part of it for each seed.
    case text
    /// Random tokens repeated once, where nothing but the head's own trick helps (Olsson et al. 2022): the second time.
    case repeats

    /// For people.
    package var title: String {
        switch self {
        case .needle: say("in needle tests")
        case .text: say("on the text")
        case .repeats: say("on random tokens repeated once")
        }
    }
}
