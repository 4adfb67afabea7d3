import RopewalkCellGrid
import RopewalkPhrases

extension AppState {
    /// Takes what happened into account and says what has to be done about it.
    package mutating func update(_ message: Message) -> [Effect] {
        Language.with(appearance.language) {
            let subject = HeadsSubject(self)
            return take(message) + nextMaskWork() + rankAnew(after: subject)
        }
    }

    private mutating func take(_ message: Message) -> [Effect] {
        switch message {
        case .started: [.sources(.loadText), .sources(.loadModel)] + (second == nil ? [] : [.second(.load)])
        case .asked(let action): remembering { $0.travelling { $0.ask(action) } } + nextWork()
        case .keyPressed(let key): remembering { $0.travelling { $0.press(key) } } + nextWork()
        case .mouseUsed(let mouse): remembering { $0.travelling { $0.use(mouse) } } + nextWork()
        case .pasted(let text): paste(text) + nextWork()
        case .groundSeen(let ground): see(ground)
        case .resized(let size): resize(to: size)
        case .sources(let report): take(report) + nextWork()
        case .run(let report): take(report) + nextWork()
        case .losses(let report): take(report) + nextWork()
        case .needles(let report): take(report) + nextWork()
        case .passages(let report): take(report) + nextWork()
        case .longTexts(let report): take(report) + nextWork()
        case .benchmarks(let report): take(report) + nextWork()
        case .second(let report): take(report) + nextWork()
        case .masks(let report): take(report) + nextWork()
        case .models(let report): take(report)
        case .edit(let report): take(report) + nextWork()
        case .generated(let report): take(report) + nextWork()
        case .kept(let report): take(report)
        case .memory(let report): take(report)
        case .sessions(let list): takeList(list)
        case .resumed(let byte): resume(byte: byte) + nextWork()
        case .pauseEnded(let number): endPause(number) + nextWork()
        case .found(let finding): remembering { $0.travelling { $0.take(finding) } } + nextWork()
        }
    }

    /// Starts what is missing: runs, and what the panels on the screen want to know.
    private mutating func nextWork() -> [Effect] {
        nextGeneration() + nextRun() + nextOfSecond() + nextLoss() + nextAblation() + nextNeedles() + nextChunks()
            + nextLongText() + nextBenchmark()
    }

    private mutating func see(_ ground: Ground) -> [Effect] {
        terminalGround = ground
        return []
    }

    private mutating func resize(to size: Size) -> [Effect] {
        self.size = size
        panels.turnBack()
        revealCursor()
        return []
    }

    private mutating func ask(_ action: Action) -> [Effect] {
        let hadNotice = notice != nil
        notice = nil
        return hadNotice && action == .program(.close) ? [] : perform(action)
    }

    /// Whether there is something to act on, or never will be.
    var isOpen: Bool { sources.document != .loading }

    /// Whether work is going on whose end a script can wait for.
    var isBusy: Bool {
        runs.running != nil || runs.entering != nil || runs.pause != nil || isMeasuring || passages.asked != nil
            || masks.asked != nil || second?.running != nil || memory.reading != nil || generation.running != nil
    }

    /// Whether something is being measured for the Loss panel, or for what is sorted by it.
    var isMeasuring: Bool { losses.isMeasuring || needles.running != nil || isStudying }

    /// Whether chunks, the kind of the text or questions of benchmarks are.
    var isStudying: Bool {
        passages.running != nil || longTexts.running != nil || benchmarks.running != nil || benchmarks.isListing
    }

    /// A key goes to what is open, else to the focused panel, else to the whole program.
    private mutating func press(_ key: Key) -> [Effect] {
        let hadNotice = notice != nil
        notice = nil
        if hadNotice, key == .escape { return [] }
        switch overlay {
        case .prompt(let prompt): return type(key, in: prompt)
        case .menu(let menu): return press(key, in: menu)
        case .places: return KeyMap.action(for: key, in: .places).map { perform($0) } ?? []
        case .models: return KeyMap.action(for: key, in: .models).map { perform($0) } ?? []
        case .sessions: return KeyMap.action(for: key, in: .sessions).map { perform($0) } ?? []
        case .changes: return KeyMap.action(for: key, in: .changes).map { perform($0) } ?? []
        case .parts: return KeyMap.action(for: key, in: .parts).map { perform($0) } ?? []
        case .help:
            return KeyMap.action(for: key, in: .help).map { perform($0) } ?? []
        case .finder(let finder): return press(key, in: finder)
        case .pasted: return KeyMap.action(for: key, in: .pasted).map { perform($0) } ?? []
        case nil:
            if lesson != nil, let action = KeyMap.action(for: key, in: .lesson) { return perform(action) }
            if let effects = takePrefix(key) { return effects }
            let count = places.count
            places.count = nil
            let focused = layout.panels[panels.focused] == nil ? Panel.text : panels.focused
            guard let action = action(for: key, focus: focused) else {
                refuse(
                    say(
                        "\(KeyNames.name(key)) does nothing here; \(keyName(of: .finder(.open))) lists what can be done"
                    ))
                return []
            }
            return (count.map(action.times) ?? [action]).flatMap { perform($0) }
        }
    }
}

extension CaseIterable where Self: Equatable {
    /// The case after this one; the first after the last.
    var next: Self {
        let cases = Array(Self.allCases)
        guard let index = cases.firstIndex(of: self) else { return self }
        return cases[(index + 1) % cases.count]
    }
}
