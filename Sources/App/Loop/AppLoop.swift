import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// The program without its terminal: takes events, gives frames.
package struct AppLoop {
    /// What the terminal has to do after an event.
    package enum Request: Equatable, Sendable {
        case suspend, quit
        /// The terminal is wanted by an editor; `editorEnded` says how that ended.
        case edit(path: String, line: Int)
        case copy(String)
    }

    package private(set) var state: AppState
    private var answers = Answers()
    /// What is left of the script.
    private var script: ArraySlice<ActionScript.Step>
    /// What is left of the keys, which come after the script.
    private var keys: ArraySlice<KeyScript.Step>
    /// Keys that were pressed before there were tokens for them, in their order.
    private var early: [Key] = []
    private let wake: @Sendable () -> Void
    private var inputs: ProgramInputs
    /// Whether the program ends.
    private let isEnded = CancelFlag()
    private var mailbox: Mailbox
    private var runner: EffectRunner
    private var sessions: Sessions

    /// Begins to load text and model.
    ///
    /// - Parameters:
    ///   - script: What is done as soon as there are tokens.
    ///   - keys: What is pressed after that.
    ///   - wake: Called on any thread when there are messages to drain.
    package init(
        state: AppState, inputs: ProgramInputs, script: ActionScript = .empty, keys: KeyScript = .empty,
        wake: @escaping @Sendable () -> Void
    ) {
        self.state = state
        self.script = script.steps[...]
        self.keys = keys.steps[...]
        self.wake = wake
        self.inputs = inputs
        let mailbox = Mailbox(wake: wake)
        self.mailbox = mailbox
        runner = EffectRunner(inputs: inputs, isEnded: isEnded) { mailbox.post($0) }
        sessions = Sessions(inputs)
        self.state.sessions = sessions.list(beside: state)
        self.state.sources.path = inputs.textFile?.path
        take(.started)
    }

    /// Whether the last frame left something out that takes longer; `settle` works on it.
    package var isUnsettled: Bool { answers.isUnsettled }

    /// Takes an event of the terminal.
    @discardableResult
    package mutating func handle(_ event: InputEvent) -> Request? {
        if case .key(let key) = event, keeps(key) { return nil }
        return take(Message(event))
    }

    /// More than anyone presses while a text is opened.
    private static let mostEarly = 200

    /// Keeps a key until there are tokens for it, and all keys after it; Escape forgets them, and leaving is never kept.
    private mutating func keeps(_ key: Key) -> Bool {
        if early.isEmpty, !state.waitsForTokens(key) { return false }
        if [.escape, .character("q"), .control("c"), .control("z")].contains(key) || early.count >= Self.mostEarly {
            early = []
        } else {
            early.append(key)
        }
        state.waitingKeys = early.count
        return !early.isEmpty
    }

    /// Does an action, as a script would.
    @discardableResult
    package mutating func ask(_ action: Action) -> Request? { take(.asked(action)) }

    /// How an editor ended that had the terminal: what went wrong.
    package mutating func editorEnded(_ problem: String?) { take(.edit(.editorEnded(problem))) }

    /// Takes what background work has reported, and goes on with the script; whether there was anything.
    package mutating func drainMessages() -> (isChanged: Bool, request: Request?) {
        let messages = mailbox.takeAll()
        for message in messages { take(message) }
        return (!messages.isEmpty, messages.isEmpty ? nil : playOn())
    }

    /// Actions wait for the tokens, `wait` for the end of what runs.
    private mutating func playOn() -> Request? {
        while let step = script.first, state.isOpen {
            if step == .wait, state.isBusy { return nil }
            script.removeFirst()
            if case .action(let action) = step, let request = take(.asked(action)) { return request }
        }
        while script.isEmpty, let step = keys.first, state.isOpen {
            if step == .wait, state.isBusy { return nil }
            if case .event(.key(let key)) = step, state.waitsForTokens(key, isKept: true) { return nil }
            keys.removeFirst()
            if case .event(let event) = step, let request = take(Message(event)) { return request }
        }
        while script.isEmpty, keys.isEmpty, let key = early.first, state.isOpen,
            !state.waitsForTokens(key, isKept: true)
        {
            early.removeFirst()
            state.waitingKeys = early.count
            if let request = take(.keyPressed(key)) { return request }
        }
        return nil
    }

    /// The present screen.
    package mutating func frame() -> Grid {
        let clock = ContinuousClock()
        let start = clock.now
        var grid = answers.frame(of: state, deferring: true)
        if state.noteDamage() { grid = answers.frame(of: state, deferring: true) }
        state.timings = Timings(
            lensMicroseconds: answers.microseconds, frameMicroseconds: Int((clock.now - start) / .microseconds(1)))
        return grid
    }

    /// Works for some milliseconds on what the last frame left out, where no event waits; true where a new frame shows it.
    package mutating func settle() -> Bool {
        guard isUnsettled, answers.settle() || answers.isDue else { return false }
        // What every head gives a place takes longer than a key: the list moves to the strongest when it is there.
        if state.heads.awaitsFirst {
            take(.found(answers.finding(.rankedHead(.first), in: state, deferring: true)))
        }
        return true
    }

    /// Where each text is left that lies in a file and was moved in.
    package var leftPlaces: [(file: String, place: SavedPlace)] {
        sessions.states(beside: state, inputs).compactMap { state, its in
            guard let state, let file = its.textFile, state.focus.hasMoved, state.tokenCount > 0 else { return nil }
            return (file.path, state.savedPlace(ofToken: state.focus.cursor))
        }
    }

    /// Stops background work; to be called before the program ends.
    package func stop() { runner.end() }

    @discardableResult
    private mutating func take(_ message: Message) -> Request? {
        var request: Request?
        let effects = state.update(message)
        // What works in the background speaks as the screen does.
        if state.appearance.language != .current { Language.speak(state.appearance.language) }
        for effect in effects {
            switch effect {
            case .quit: request = .quit
            case .suspend: request = .suspend
            case .find(let inquiry):
                request = take(.found(answers.finding(inquiry, in: state, deferring: true))) ?? request
            case .open(let path): open(state.reopened(), inputs.opening(path, with: state.sources.text))
            case .read(let text): open(state.reread(), inputs.reading(text, after: state))
            case .session(let work): serve(work)
            case .editor(let path, let line): request = .edit(path: path, line: line)
            case .copy(let text): request = .copy(text)
            case .play(let script):
                self.script = script.steps[...]
                request = playOn() ?? request
            case .sources, .run, .losses, .needles, .passages, .longTexts, .benchmarks, .second, .masks, .models, .edit,
                .generate,
                .kept,
                .memory,
                .pause:
                runner.start(effect)
            }
        }
        return request
    }

    /// Opens another model or text in a session of its own.
    private mutating func open(_ other: AppState, _ its: ProgramInputs) {
        begin(sessions.open(other, its, leaving: state, inputs), its, with: .started)
    }

    private mutating func serve(_ work: SessionWork) {
        switch work {
        case .take(let id, let byte):
            guard let next = sessions.take(id, leaving: state, inputs) else { return }
            begin(next.state, next.inputs, with: next.isNew ? .started : .resumed(byte: byte))
        case .open(let other):
            let its = inputs.with(other.sources.text)
            begin(sessions.open(other, its, leaving: state, inputs), its, with: .resumed(byte: nil))
        case .close(let id): take(.sessions(sessions.close(id, beside: state)))
        case .forget: take(.sessions(sessions.forget(beside: state)))
        case .save(let path, let replaces):
            runner.start(.kept(sessions.saving(path, replaces: replaces, beside: state, inputs)))
        }
    }

    /// Goes on with another session; what is still under way for the present one reports to nobody.
    private mutating func begin(_ state: AppState, _ inputs: ProgramInputs, with message: Message) {
        runner.cancel()
        self.inputs = inputs
        self.state = state
        answers = Answers()
        let mailbox = Mailbox(wake: wake)
        self.mailbox = mailbox
        runner = EffectRunner(inputs: inputs, isEnded: isEnded) { mailbox.post($0) }
        take(message)
    }
}

/// How long the last frame took.
package struct Timings: Equatable, Sendable {
    package var lensMicroseconds: Int
    package var frameMicroseconds: Int

    var text: String {
        say("the last row of weights took \(Self.milliseconds(lensMicroseconds)), the last frame ")
            + Self.milliseconds(frameMicroseconds)
    }

    /// 2,140 microseconds as "2.1 ms".
    private static func milliseconds(_ microseconds: Int) -> String {
        let tenths = (microseconds + 50) / 100
        return say("\((tenths / 10).grouped).\(tenths % 10) ms")
    }
}
