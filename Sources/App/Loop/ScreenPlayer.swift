import RopewalkCellGrid

/// Plays a script without a terminal and without waiting for real time: the same screen for the same keys.
package struct ScreenPlayer {
    package private(set) var state: AppState
    /// Whether a key asked to leave; the rest of a script is then not played.
    package private(set) var hasQuit = false
    private var answers = Answers()
    private var postponed: [Effect] = []
    private let waits: Bool
    private var inputs: ProgramInputs
    private let mailbox: Mailbox
    private var runner: EffectRunner

    /// Loads text and model.
    ///
    /// - Parameter waits: Whether every run ends before the next key; if not, runs begin at the first `wait` only.
    /// - Throws: `AppError.loading` with the one line that says what cannot be loaded.
    package init(state: AppState, inputs: ProgramInputs, waits: Bool = true) throws(AppError) {
        self.state = state
        self.waits = waits
        self.inputs = inputs
        let mailbox = Mailbox()
        self.mailbox = mailbox
        runner = EffectRunner(inputs: inputs) { mailbox.post($0) }
        take(.started)
        for failure in [
            self.state.sources.text.failure, self.state.sources.model.failure, self.state.sources.document.failure,
            self.state.second?.model.failure,
        ] {
            if let failure { throw .loading(failure) }
        }
    }

    /// Plays the steps in order, each after everything that the one before has started.
    package mutating func play(_ script: KeyScript) {
        for step in script.steps where !hasQuit {
            switch step {
            case .event(let event): take(Message(event))
            case .wait: wait()
            }
        }
    }

    /// Takes a text as a terminal gives one that is pasted.
    package mutating func paste(_ text: String) { take(.pasted(text)) }

    /// Does the actions in order, each after everything that the one before has started.
    package mutating func play(_ script: ActionScript) {
        for step in script.steps where !hasQuit {
            switch step {
            case .action(let action): take(.asked(action))
            case .wait: wait()
            }
        }
    }

    private mutating func wait() {
        let effects = postponed
        postponed = []
        perform(effects, alsoRuns: true)
        runner.lookAtMasks()
        perform([], alsoRuns: true)
    }

    /// The present screen; without timings, so that it is the same every time.
    package mutating func frame() -> Grid {
        answers.frame(of: state)
    }

    /// Begins anew with another model or text; what has to be done for it.
    private mutating func begin(_ state: AppState, _ inputs: ProgramInputs) -> [Effect] {
        let mailbox = mailbox
        self.inputs = inputs
        runner = EffectRunner(inputs: inputs) { mailbox.post($0) }
        self.state = state
        postponed = []
        return self.state.update(.started)
    }

    private mutating func take(_ message: Message) {
        perform(state.update(message), alsoRuns: waits)
    }

    /// Does all work and what it leads to, until nothing is left.
    private mutating func perform(_ effects: [Effect], alsoRuns: Bool) {
        var pending = effects
        for message in mailbox.takeAll() { pending += state.update(message) }
        while !pending.isEmpty {
            let effect = pending.removeFirst()
            switch effect {
            case .quit: hasQuit = true
            case .suspend: break
            case .find(let inquiry): pending += state.update(.found(answers.finding(inquiry, in: state)))
            case .open(let path):
                pending = begin(state.reopened(), inputs.opening(path, with: state.sources.text))
            case .read(let text): pending = begin(state.reread(), inputs.reading(text, after: state))
            case .run where !alsoRuns: postponed.append(effect)
            case .sources, .run, .losses, .second, .masks, .models, .pause: runner.perform(effect)
            }
            for message in mailbox.takeAll() { pending += state.update(message) }
        }
    }
}
