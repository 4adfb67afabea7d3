import RopewalkCellGrid
import RopewalkMethods

extension AppState {
    /// A key while a line is being typed.
    mutating func type(_ key: Key, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        switch key {
        case .character(let character) where prompt.text.count < 400: prompt.text.append(character)
        case .backspace, .delete:
            guard !prompt.text.isEmpty else {
                leaveMask(prompt)
                overlay = nil
                return []
            }
            prompt.text.removeLast()
        case .escape:
            leaveMask(prompt)
            overlay = nil
            return []
        case .enter:
            let (open, effects) = finishMask(prompt)
            overlay = open.map { .prompt($0) }
            if open == nil { finish(prompt) }
            return effects
        case .control("c"): return [.quit]
        case .control("z"): return [.suspend]
        default: break
        }
        follow(&prompt)
        overlay = .prompt(prompt)
        return []
    }

    private mutating func finish(_ prompt: Prompt) {
        switch prompt.purpose {
        case .place: goTo(prompt.text)
        case .search(let forwards):
            // As in less, an empty pattern searches for the last one.
            let pattern = prompt.text.isEmpty ? window.search?.pattern ?? "" : prompt.text
            guard !pattern.isEmpty else { return }
            window.search = Search(pattern: pattern, isForwards: forwards)
            searchAgain(sameDirection: true)
        case .rule, .comparison: break
        }
    }

    /// `1204` or `1,204` is a token, `50%` a share of the text.
    private mutating func goTo(_ typed: String) {
        let text = typed.filter { !$0.isWhitespace && $0 != "," }
        guard !text.isEmpty else { return }
        if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
            goTo(share: percent / 100)
        } else if let token = Int(text), token >= 0, token < tokenCount {
            moveCursor(to: token)
        } else {
            let last = max(0, tokenCount - 1).grouped
            let limit = firstUnreadByte == nil ? "" : " (the last that is read)"
            notice = Notice(
                .warning, "no place '\(typed.prefix(40))': give a token from 0 to \(last)\(limit), or 0% to 100%")
        }
    }

    /// A key while the method menu is open; what is chosen is previewed at once.
    mutating func choose(_ key: Key, in menu: MethodMenu) -> [Effect] {
        var menu = menu
        if menu.isFiltering, filter(key, &menu) {
            apply(menu)
            return []
        }
        switch (KeyMap.action(for: key, in: .menu), key) {
        case (.menuEntry(let steps), _): menu.move(steps)
        case (.menuParameter(let steps), _): menu.selectParameter(steps)
        case (.menuValue(let steps), _): menu.step(steps)
        case (.menuFilter, .character(let slash)) where menu.currentList != nil && menu.typed != nil: menu.type(slash)
        case (.menuFilter, _): menu.setFilter(menu.filter, isOpen: true)
        case (.menuCompare, _): return compare(with: menu)
        case (.promptForRule, _):
            overlay = .prompt(Prompt(purpose: .rule(before: scenario), text: ruleText))
            return []
        case (.menuChoose, _): menu.choose()
        case (.nextKind, _): showNextKind()
        case (.quit, _): return [.quit]
        case (.suspend, _): return [.suspend]
        case (.close, _):
            let isTaken = menu.endTyping()
            apply(menu)
            if isTaken { overlay = nil }
            return []
        case (nil, .character(let character)): menu.type(character)
        case (nil, .backspace): menu.eraseTyped()
        default: break
        }
        apply(menu)
        return []
    }

    /// A key while the filter of the menu is typed; false for those that the menu takes as ever.
    private func filter(_ key: Key, _ menu: inout MethodMenu) -> Bool {
        switch key {
        case .character(let character): menu.setFilter(menu.filter + String(character), isOpen: true)
        case .backspace, .delete: menu.setFilter(String(menu.filter.dropLast()), isOpen: !menu.filter.isEmpty)
        case .enter: menu.setFilter(menu.filter, isOpen: false)
        case .escape: menu.setFilter("", isOpen: false)
        default: return false
        }
        return true
    }

    /// Compares the scenario's mask with that of the selected entry.
    private mutating func compare(with menu: MethodMenu) -> [Effect] {
        guard let method = menu.selectedMethod as? any WindowMethod, let other = try? Scenario([method]) else {
            notice = Notice(.information, "only masks can be compared: choose an entry under Window, and d")
            return []
        }
        overlay = nil
        compare(with: other)
        return []
    }

    mutating func apply(_ menu: MethodMenu) {
        overlay = .menu(menu)
        if let chosen = menu.scenario { change(to: chosen) }
    }
}
