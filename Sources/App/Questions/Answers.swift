import RopewalkPhrases

/// The answers to everything that the screen asks, so that an unchanged panel costs nothing.
///
/// Of each kind of question the answers of the last frame that asked it are kept: an older one is worth no memory.
package struct Answers: Sendable {
    /// The answers to one kind of question.
    private struct Shelf<Asked: Question>: Sendable {
        /// When they were asked last.
        var frame: Int
        var answers: [Asked: Asked.Answer] = [:]
        /// Those of the frame before, as far as they were not asked again.
        var older: [Asked: Asked.Answer] = [:]
    }

    /// What is spoken: some answers are texts.
    private var language = Language.current
    /// Of the text whose answers are kept.
    private var edition = 0
    private var shelves: [ObjectIdentifier: any Sendable] = [:]
    private var frame = 0
    @Boxed private var witness = Witness(
        lens: nil, plain: nil, model: nil, second: nil, secondLens: nil, original: nil, kept: nil, keptBasis: nil,
        document: nil)
    /// Whether slow questions wait for `settle`.
    private var isDeferring = false
    /// How long answers that become better step by step are worked on at once; nil: to their end.
    private var patience: Duration?
    /// Slow questions that have no answer yet, or not their last one.
    private var open: [any Question] = []
    /// When the present frame began.
    private var begun = ContinuousClock.now
    /// What it took to find out what was not known, in the present frame.
    private var time = Duration.zero

    /// How long `settle` keeps a key waiting.
    private static let settling = Duration.milliseconds(8)
    /// After so long a new frame shows what has become better.
    private static let frameTime = Duration.milliseconds(150)

    package init() {}

    /// Whether the last frame lacks answers that take longer than a frame has time for.
    package var isUnsettled: Bool { !open.isEmpty }

    package var microseconds: Int { Int(time / .microseconds(1)) }

    /// Begins a frame of a state.
    ///
    /// - Parameters:
    ///   - isDeferring: Whether slow questions wait for `settle`, where they are not known yet.
    ///   - patience: How long answers that become better step by step are worked on at once; nil: to their end.
    mutating func begin(_ state: AppState, isDeferring: Bool = false, patience: Duration? = nil) {
        frame += 1
        begun = .now
        if state.sources.edition != edition || state.appearance.language != language {
            // What was asked of a token is to be asked of another one.
            shelves = [:]
            (edition, language) = (state.sources.edition, state.appearance.language)
        }
        witness = state.witness
        self.isDeferring = isDeferring
        self.patience = patience
        open = []
        time = .zero
    }

    /// Whether the last frame is so old that a new one shall show what has become better since.
    package var isDue: Bool { ContinuousClock.now - begun >= Self.frameTime }

    /// Works on what the last frame went without, for about a frame's time; true where nothing is missing any more.
    package mutating func settle() -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + Self.settling
        while let question = open.first {
            open.removeFirst()
            Language.with(language) {
                if let deep = question as? any DeepeningQuestion { deepen(deep) } else { find(question) }
            }
            if clock.now >= end { break }
        }
        return open.isEmpty
    }

    private mutating func find(_ question: some Question) { _ = answer(to: question) }

    /// One step more.
    private mutating func deepen(_ question: some DeepeningQuestion) {
        var answer = answer(to: question)
        guard !question.isComplete(answer) else { return }
        question.deepen(&answer, witness)
        keep(answer, to: question)
        if !question.isComplete(answer) { open.append(question) }
    }

    /// What is known by now of an answer that becomes better step by step; at its end where nothing waits.
    mutating func answer<Asked: DeepeningQuestion>(deepening question: Asked) -> Asked.Answer {
        let known = answer(to: question)
        if question.isComplete(known) { return known }
        let clock = ContinuousClock()
        let start = clock.now
        var answer = known
        while !question.isComplete(answer), patience.map({ clock.now - start < $0 }) ?? true {
            question.deepen(&answer, witness)
        }
        if !question.isComplete(answer) { open.append(question) }
        time += clock.now - start
        keep(answer, to: question)
        return answer
    }

    /// Works on an answer to its end, however long it takes.
    mutating func finish(_ question: some DeepeningQuestion) {
        var answer = answer(to: question)
        while !question.isComplete(answer) { question.deepen(&answer, witness) }
        keep(answer, to: question)
    }

    /// The answer that is kept, else a new one.
    mutating func answer<Asked: Question>(to question: Asked) -> Asked.Answer {
        if let known = known(question) { return known }
        let clock = ContinuousClock()
        let (start, before) = (clock.now, time)
        let answer = question.answer(witness, &self)
        // What it asked on the way is part of it.
        time = before + (clock.now - start)
        keep(answer, to: question)
        return answer
    }

    /// Nil where the question is slow and has to wait.
    mutating func answer<Asked: Question>(whenKnown question: Asked) -> Asked.Answer? {
        if let known = known(question) { return known }
        guard isDeferring, Asked.isSlow else { return answer(to: question) }
        open.append(question)
        return nil
    }

    private mutating func known<Asked: Question>(_ question: Asked) -> Asked.Answer? {
        var shelf = shelf(Asked.self)
        let answer = shelf.answers[question] ?? shelf.older.removeValue(forKey: question)
        if let answer { shelf.answers[question] = answer }
        shelves[ObjectIdentifier(Asked.self)] = shelf
        return answer
    }

    private mutating func keep<Asked: Question>(_ answer: Asked.Answer, to question: Asked) {
        var shelf = shelf(Asked.self)
        shelf.answers[question] = answer
        shelves[ObjectIdentifier(Asked.self)] = shelf
    }

    /// The answers of the present frame; those that only the frame before the last one asked are dropped.
    private mutating func shelf<Asked: Question>(_ kind: Asked.Type) -> Shelf<Asked> {
        let id = ObjectIdentifier(kind)
        guard var shelf = shelves.removeValue(forKey: id) as? Shelf<Asked> else { return Shelf(frame: frame) }
        if shelf.frame != frame {
            shelf.older = shelf.answers
            shelf.answers = [:]
            shelf.frame = frame
        }
        return shelf
    }
}
