import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels

/// All that is open: the session on the screen, and those that wait for their turn with what they have read.
struct Sessions: Sendable {
    private struct Waiting: Sendable {
        let id: Int
        var inputs: ProgramInputs
        /// As it was left, or the present one as it began; nil before it was on the screen.
        var state: AppState?
    }

    private var all: [Waiting]
    private var current: Int
    private var lastID: Int

    init(_ inputs: ProgramInputs) {
        var every = inputs.others
        current = min(max(0, inputs.place), every.count)
        every.insert(inputs, at: current)
        all = every.enumerated().map { Waiting(id: $0.offset, inputs: $0.element, state: nil) }
        lastID = all.count - 1
    }

    /// Opens another session behind the present one and puts it on the screen.
    mutating func open(_ state: AppState, _ inputs: ProgramInputs, leaving present: AppState, _ its: ProgramInputs)
        -> AppState
    {
        leave(present, its)
        lastID += 1
        current += 1
        all.insert(Waiting(id: lastID, inputs: inputs, state: nil), at: current)
        var state = state
        state.sources.path = inputs.textFile?.path
        state.sessions = list(beside: state)
        state.sessions.file = present.sessions.file
        return state
    }

    /// Puts a session on the screen; nil where there is no such.
    mutating func take(_ id: Int, leaving present: AppState, _ its: ProgramInputs)
        -> (state: AppState, inputs: ProgramInputs, isNew: Bool)?
    {
        guard let index = all.firstIndex(where: { $0.id == id }), index != current else { return nil }
        let here = all[current].id
        leave(present, its)
        current = index
        let kept = all[index].state.flatMap { $0.isRead ? $0 : nil }
        var inputs = all[index].inputs
        var state = kept ?? present.beginning(inputs.start)
        // The same model is loaded once.
        if kept == nil, let model = loaded(inputs) { inputs.loadModel = { model } }
        state.resume(as: present)
        state.prompts = present.prompts
        state.sources.path = inputs.textFile?.path
        // Versions of one text are looked at with the same head.
        if state.original?.session == here || present.original?.session == id {
            (state.focus.layer, state.focus.head) = (present.focus.layer, present.focus.head)
        }
        all[index].state = nil
        all[index].inputs = inputs
        state.sessions = list(beside: state)
        state.sessions.file = present.sessions.file
        return (state, inputs, kept == nil)
    }

    /// Closes a session that is not on the screen.
    mutating func close(_ id: Int, beside present: AppState) -> SessionList {
        if let index = all.firstIndex(where: { $0.id == id }), index != current {
            all.remove(at: index)
            if index < current { current -= 1 }
        }
        return list(beside: present)
    }

    /// Drops what the others have read: they read it again when they are on the screen.
    mutating func forget(beside present: AppState) -> SessionList {
        for index in all.indices where index != current { all[index].state?.forgetRuns() }
        return list(beside: present)
    }

    /// What is open, for a state that is on the screen.
    func list(beside present: AppState) -> SessionList {
        SessionList(
            entries: all.enumerated().map { index, waiting in
                let state = index == current ? present : waiting.state
                return SessionList.Entry(
                    id: waiting.id, name: waiting.inputs.name, model: waiting.inputs.modelName,
                    facts: state.map { SessionFacts($0) }, change: state?.original?.remark ?? "",
                    original: state?.original?.session)
            }, current: all.indices.contains(current) ? all[current].id : 0, file: present.sessions.file)
    }

    /// All that is open in its order, as it is now; no state for what was never on the screen.
    func states(beside present: AppState, _ inputs: ProgramInputs) -> [(state: AppState?, inputs: ProgramInputs)] {
        all.enumerated().map { index, waiting in
            index == current ? (present, inputs) : (waiting.state, waiting.inputs)
        }
    }

    /// What is on the screen, from 0.
    var shown: Int { current }

    private mutating func leave(_ present: AppState, _ inputs: ProgramInputs) {
        all[current].state = present.waiting()
        all[current].inputs = inputs
    }

    private func loaded(_ inputs: ProgramInputs) -> Model? {
        guard let path = inputs.modelPath else { return nil }
        return all.lazy.compactMap { $0.state?.sources.model.value }.first {
            $0.path == path && $0.adapterPath == inputs.adapterPath && $0.weightChange == inputs.weightChange
        }
    }
}

extension AppState {
    /// Whether text, model and tokens are there, so that it can go on where it was left.
    fileprivate var isRead: Bool {
        sources.text.value != nil && sources.model.value != nil && sources.document.value != nil
    }

    /// The same screen for another text, before it is opened.
    fileprivate func beginning(_ start: SessionStart?) -> AppState {
        guard let start, start.origin != .lastPlace else {
            var state = AppState(size: size, depth: depth, ground: terminalGround, tokenLimit: sources.askedTokens)
            state.returning = start
            return state
        }
        return AppState(size: size, depth: depth, ground: terminalGround, goingOn: start)
    }

    /// Without what ends when a session leaves the screen: work, and what lies over the panels.
    fileprivate func waiting() -> AppState {
        var state = self
        state.runs.running = nil
        state.runs.entering = nil
        state.runs.pause = nil
        state.runs.awaitsCircuits = false
        state.second?.forgetRun()
        state.losses.running = nil
        state.losses.ablating = nil
        state.needles.running = nil
        (state.passages.running, state.passages.asked) = (nil, nil)
        state.longTexts.running = nil
        (state.benchmarks.running, state.benchmarks.isListing) = (nil, false)
        state.memory.reading = nil
        state.generation.running = nil
        state.masks.asked = nil
        state.masks.watched = []
        (state.places.pending, state.places.count) = (nil, nil)
        (state.overlay, state.notice) = (nil, nil)
        return state
    }

    /// On the screen of another one.
    fileprivate mutating func resume(as other: AppState) {
        (size, depth, terminalGround) = (other.size, other.depth, other.terminalGround)
        (panels, appearance, ownKeys) = (other.panels, other.appearance, other.ownKeys)
        revealCursor()
    }

    fileprivate mutating func forgetRuns() {
        runs.kept = KeptRuns()
        memory.text = nil
        runs.shared = nil
        runs.lenses = ScenarioLenses()
        second?.dropRuns()
        original?.recordings = nil
    }
}
