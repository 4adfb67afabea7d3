import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// Plays a script without a terminal and without waiting for real time: the same screen for the same keys.
package struct ScreenPlayer {
    /// Something that was asked for and is not done.
    package struct Refusal: Equatable, Sendable {
        /// Nil for what the command line, a session or a lesson asks for, and for keys.
        package let action: Action?
        package let text: String
    }

    package internal(set) var state: AppState
    /// Whether a key asked to leave; the rest of a script is then not played.
    package private(set) var hasQuit = false
    /// What was refused, or failed, in its order: who looks at no screen has to be told.
    package private(set) var refusals: [Refusal] = []
    /// The action that is played; nil for keys, and while text and model are loaded.
    private var asked: Action?
    private var answers = Answers()
    private var postponed: [Effect] = []
    private let waits: Bool
    private var inputs: ProgramInputs
    private let mailbox: Mailbox
    private var runner: EffectRunner
    private var sessions: Sessions

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
        sessions = Sessions(inputs)
        self.state.sessions = sessions.list(beside: state)
        self.state.sources.path = inputs.textFile?.path
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
        for step in script.steps { play(step) }
    }

    /// Plays one step, unless a key before it asked to leave.
    package mutating func play(_ step: KeyScript.Step) {
        guard !hasQuit else { return }
        switch step {
        case .event(let event): take(Message(event))
        case .wait: wait()
        }
    }

    /// Takes a text as a terminal gives one that is pasted.
    package mutating func paste(_ text: String) { take(.pasted(text)) }

    /// Does the actions in order, each after everything that the one before has started.
    package mutating func play(_ script: ActionScript) {
        for step in script.steps where !hasQuit {
            switch step {
            case .action(let action):
                asked = action
                take(.asked(action))
            case .wait: wait()
            }
        }
        asked = nil
    }

    private mutating func wait() {
        let effects = postponed
        postponed = []
        perform(effects, alsoRuns: true)
        runner.lookAtMasks()
        runner.lookAtText()
        perform([], alsoRuns: true)
    }

    /// What was refused since it was asked for last.
    mutating func takeRefusals() -> [Refusal] {
        defer { refusals = [] }
        return refusals
    }

    /// The present screen; without timings, so that it is the same every time.
    package mutating func frame() -> Grid {
        let grid = answers.frame(of: state)
        guard state.noteDamage() else { return grid }
        return answers.frame(of: state)
    }

    /// A panel's picture for a page; one that is hidden is shown.
    package mutating func figure(of panel: Panel, on ground: Ground) throws(AppError) -> Figure {
        // What is only measured for a panel on the screen is measured now.
        if state.layout.panels[panel] == nil { take(.asked(.panels(.show(panel)))) }
        _ = answers.frame(of: state)
        return try answers.figure(of: panel, in: state, on: ground)
    }

    /// The text around the cursor for a page, with the figures of the other panels on the screen.
    package mutating func page(on ground: Ground) throws(AppError) -> (page: TextPage, figures: [Figure]) {
        _ = answers.frame(of: state)
        return try answers.page(in: state, on: ground)
    }

    /// What a thing that can be written holds now; nil where nothing is known of it.
    mutating func contents(of thing: KeptThing) -> KeptContents? {
        _ = answers.frame(of: state)
        return answers.contents(of: thing, in: state)
    }

    /// What has to be done for what was asked of sessions.
    private mutating func serve(_ work: SessionWork) -> [Effect] {
        switch work {
        case .take(let id, let byte):
            guard let next = sessions.take(id, leaving: state, inputs) else { return [] }
            return begin(next.state, next.inputs, with: next.isNew ? .started : .resumed(byte: byte))
        case .open(let other):
            let its = inputs.with(other.sources.text)
            return begin(sessions.open(other, its, leaving: state, inputs), its, with: .resumed(byte: nil))
        case .close(let id): return update(.sessions(sessions.close(id, beside: state)))
        case .forget: return update(.sessions(sessions.forget(beside: state)))
        case .save(let path, let replaces):
            return [.kept(sessions.saving(path, replaces: replaces, beside: state, inputs))]
        }
    }

    /// Opens another model or text in a session of its own; what has to be done for it.
    private mutating func open(_ other: AppState, _ its: ProgramInputs) -> [Effect] {
        begin(sessions.open(other, its, leaving: state, inputs), its, with: .started)
    }

    /// Goes on with another session; what has to be done for it.
    private mutating func begin(_ state: AppState, _ inputs: ProgramInputs, with message: Message) -> [Effect] {
        let mailbox = mailbox
        self.inputs = inputs
        runner = EffectRunner(inputs: inputs) { mailbox.post($0) }
        self.state = state
        postponed = []
        answers = Answers()
        return update(message)
    }

    private mutating func take(_ message: Message) {
        perform(update(message), alsoRuns: waits)
    }

    private mutating func update(_ message: Message) -> [Effect] {
        let before = state.notice
        let effects = state.update(message)
        if let notice = state.notice, notice.isRefusal, notice != before {
            refusals.append(Refusal(action: asked, text: notice.text))
        }
        return effects
    }

    /// Does all work and what it leads to, until nothing is left.
    private mutating func perform(_ effects: [Effect], alsoRuns: Bool) {
        var pending = effects
        for message in mailbox.takeAll() { pending += update(message) }
        while !pending.isEmpty {
            let effect = pending.removeFirst()
            switch effect {
            case .quit: hasQuit = true
            case .suspend, .copy: break
            case .find(let inquiry): pending += update(.found(answers.finding(inquiry, in: state)))
            case .open(let path):
                pending = open(state.reopened(), inputs.opening(path, with: state.sources.text))
            case .play(let script): play(script)
            case .read(let text): pending = open(state.reread(), inputs.reading(text, after: state))
            case .session(let work): pending += serve(work)
            case .editor: pending += update(.edit(.editorEnded(say("there is no terminal to lend to an editor"))))
            case .run where !alsoRuns: postponed.append(effect)
            case .generate where !alsoRuns: postponed.append(effect)
            case .sources, .run, .losses, .needles, .passages, .longTexts, .benchmarks, .second, .masks, .models, .edit,
                .generate,
                .kept,
                .memory,
                .pause:
                runner.perform(effect)
            }
            for message in mailbox.takeAll() { pending += update(message) }
        }
    }
}
