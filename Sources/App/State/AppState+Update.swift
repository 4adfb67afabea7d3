import RopewalkCellGrid
import RopewalkMethods

extension AppState {
    /// Takes what happened into account and says what has to be done about it.
    package mutating func update(_ message: Message) -> [Effect] {
        take(message) + nextMaskWork()
    }

    private mutating func take(_ message: Message) -> [Effect] {
        switch message {
        case .started: [.sources(.loadText), .sources(.loadModel)] + (second == nil ? [] : [.second(.load)])
        case .keyPressed(let key): press(key) + nextWork()
        case .mouseUsed(let mouse): use(mouse) + nextWork()
        case .resized(let size): resize(to: size)
        case .sources(let report): take(report) + nextWork()
        case .run(let report): take(report) + nextWork()
        case .losses(let report): take(report) + nextWork()
        case .second(let report): take(report) + nextWork()
        case .masks(let report): take(report) + nextWork()
        case .pauseEnded(let number): endPause(number) + nextWork()
        }
    }

    /// Starts what is missing: runs, and what the panels on the screen want to know.
    private mutating func nextWork() -> [Effect] { nextRun() + nextOfSecond() + nextLoss() }

    private mutating func resize(to size: Size) -> [Effect] {
        self.size = size
        revealCursor()
        return []
    }

    /// A key goes to what is open, else to the focused panel, else to the whole program.
    private mutating func press(_ key: Key) -> [Effect] {
        notice = nil
        switch overlay {
        case .prompt(let prompt): return type(key, in: prompt)
        case .menu(let menu): return choose(key, in: menu)
        case .help:
            return KeyMap.action(for: key, in: .help).map { perform($0) } ?? []
        case nil:
            let focus = layout.panels[panels.focused] == nil ? Panel.text : panels.focused
            return KeyMap.action(for: key, focus: focus).map { perform($0) } ?? []
        }
    }

    /// What an action changes; each aspect has its own file.
    mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .token, .line, .page, .sentence, .textStart, .textEnd: move(action)
        case .promptForPlace: overlay = .prompt(Prompt(purpose: .place))
        case .promptForSearch(let forwards): overlay = .prompt(Prompt(purpose: .search(forwards: forwards)))
        case .nextHit(let sameDirection): searchAgain(sameDirection: sameDirection)
        case .strongerKey, .anchorHere, .swap, .layer, .head: look(action)
        case .nextScale, .toggleSinks, .nextColourMap, .togglePooling: changeAppearance(action)
        case .why, .maskPage, .nextBlock, .promptForRule, .promptForComparison, .toggleMaskOverlay: useMasks(action)
        case .focus, .toggle, .nextPreset, .zoomPanel: arrange(action)
        case .zoomMap, .wholeMap, .centreMap, .panMap: changeMap(action)
        case .sortHeads, .selectHead, .takeHead, .selectLoss, .goToLoss, .scrollRotation: select(action)
        case .nextKind: showNextKind()
        case .toggleExperts: toggleExperts()
        case .openMenu:
            let check = MenuCheck(model: sources.model.value, tokens: tokenCount)
            overlay = .menu(MethodMenu(scenario: scenario, reader: menuReader, check: check))
        case .menuEntry, .menuParameter, .menuValue, .menuChoose, .menuFilter, .menuCompare: break
        case .nextRotationMode, .subspace, .nextDistanceMode, .toggleLossAxis, .measureLosses: choosePositions(action)
        case .parameter(let steps): chooseParameter(steps)
        case .parameterValue(let direction): return stepParameter(direction)
        case .showHelp: overlay = .help(top: 0)
        case .scrollHelp(let lines): scrollHelp(lines)
        case .plainScenario: change(to: ownScenario)
        case .exactRun: return runNow()
        case .close: return close()
        case .quit: return [.quit]
        case .suspend: return [.suspend]
        }
        return []
    }

    /// Closes what is open, else cancels the run, else lets the anchor follow the strongest key again.
    private mutating func close() -> [Effect] {
        if overlay != nil {
            overlay = nil
        } else if runs.running != nil {
            runs.isPaused = true
            return [.run(.cancel)]
        } else if losses.running != nil {
            return cancelLosses()
        } else {
            focus.anchor = .strongest(rank: 0)
        }
        return []
    }

    private mutating func scrollHelp(_ lines: Int) {
        guard case .help(let top) = overlay else { return }
        overlay = .help(top: min(max(0, top + lines), HelpOverlay.lastTop(size: size)))
    }

    private mutating func changeAppearance(_ action: Action) {
        switch action {
        case .nextScale: appearance.scale = appearance.scale.next
        case .toggleSinks: appearance.sinksLeftOut = appearance.sinksLeftOut == 0 ? 1 : 0
        case .nextColourMap: appearance.colourMap = appearance.colourMap.next
        case .togglePooling: appearance.pooling = appearance.pooling.next
        default: break
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
