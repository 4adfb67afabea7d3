import RopewalkCellGrid
import RopewalkMethods

extension AppState {
    /// A key while a line is being typed.
    mutating func type(_ key: Key, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        switch key {
        case .character(let character): if prompt.text.count < 400 { prompt.text.append(character) }
        case .backspace, .delete:
            guard !prompt.text.isEmpty else {
                leave(prompt)
                return []
            }
            prompt.text.removeLast()
        case .escape:
            leave(prompt)
            return []
        case .enter: return enter(prompt)
        case .control("c"): return [.quit]
        case .control("z"): return [.suspend]
        case .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .tab, .backTab, .insert, .function, .control:
            break
        }
        follow(&prompt)
        overlay = .prompt(prompt)
        return []
    }

    /// What was shown while typing is taken back.
    mutating func leave(_ prompt: Prompt) {
        if case .rule(let before) = prompt.purpose { change(to: before) }
        overlay = nil
    }

    private mutating func enter(_ prompt: Prompt) -> [Effect] {
        let (open, effects) = finishMask(prompt)
        overlay = open.map { .prompt($0) }
        if open == nil { finish(prompt) }
        return effects
    }

    private mutating func finish(_ prompt: Prompt) {
        switch prompt.purpose {
        case .place: goTo(prompt.text)
        case .search(let forwards): find(prompt.text, forwards: forwards)
        case .rule, .comparison: break
        }
    }
}
