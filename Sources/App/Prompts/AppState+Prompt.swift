import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

extension AppState {
    /// A key while a line is being typed.
    mutating func type(_ key: Key, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        switch key {
        case .backspace where prompt.text.isEmpty, .escape:
            leave(prompt)
            return []
        case .enter: return enter(prompt)
        case .tab: return complete(&prompt)
        case .control("c"): return [.quit]
        case .control("z"): return [.suspend]
        case .up, .control("p"), .down, .control("n"):
            let isOlder = key == .up || key == .control("p")
            guard prompts.step(&prompt, older: isOlder) else { return [] }
            return show(changed: prompt)
        default:
            let before = prompt.text
            guard prompt.line.take(key) else { return [] }
            if prompt.text != before { return show(changed: prompt) }
            overlay = .prompt(prompt)
            return []
        }
    }

    /// Shows a prompt whose text is another one now, and what is wrong with it.
    mutating func show(changed prompt: Prompt) -> [Effect] {
        var prompt = prompt
        let effects = follow(&prompt)
        overlay = .prompt(prompt)
        return effects
    }

    /// What was shown while typing is taken back.
    mutating func leave(_ prompt: Prompt) {
        if case .rule(let before) = prompt.purpose { change(to: before) }
        if case .catalogue = prompt.purpose { filterCatalogue("") }
        overlay = nil
    }

    private mutating func enter(_ prompt: Prompt) -> [Effect] {
        let (open, effects) = finishMask(prompt)
        overlay = open.map { .prompt($0) }
        if open == nil {
            prompts.add(prompt)
            return effects + finish(prompt)
        }
        return effects
    }

    private mutating func finish(_ prompt: Prompt) -> [Effect] {
        switch prompt.purpose {
        case .place: return goTo(prompt.text)
        case .search(let forwards): return find(prompt.text, forwards: forwards)
        case .word: return change(to: prompt.text)
        case .note: put(note: prompt.text)
        case .save: return perform(.kept(.save(prompt.text)))
        case .action(let name, _): return perform(named: name + " " + prompt.text)
        case .catalogue: filterCatalogue(prompt.text)
        case .rule, .comparison, .methods, .claims: break
        }
        return []
    }

    // MARK: Completion

    /// Names are known here; those of files have to be looked up.
    private mutating func complete(_ prompt: inout Prompt) -> [Effect] {
        let text = prompt.line.before
        switch prompt.purpose {
        case .place: return take(Completion.actions(text), in: prompt)
        case .search, .word, .note, .action, .catalogue: return []
        case .save:
            if text.contains(" ") { return sayWhatCanBeWritten() }
            return take(Self.things(text), in: prompt)
        case .claims: return take(Completion.claims(text), in: prompt)
        case .rule:
            if let file = Completion.path(in: text, isRule: true) {
                return [.masks(.list(file.path, after: file.head))]
            }
            return take(Completion.rule(text), in: prompt)
        case .comparison, .methods:
            if let file = Completion.path(in: text, isRule: false) {
                return [.masks(.list(file.path, after: file.head))]
            }
            return take(Completion.methods(text), in: prompt)
        }
    }

    /// Behind the first word stands the name of a file, which is the reader's own choice.
    private mutating func sayWhatCanBeWritten() -> [Effect] {
        let things = (KeptThing.allCases.map(\.rawValue) + ["session"]).joined(separator: ", ")
        notice = Notice(
            .information,
            say(
                "what, then the name of a file: \(things) · its ending says how: .svg .png .html a picture, .csv .json .npy a table, .txt text"
            ))
        return []
    }

    /// What can be written, as far as nothing else stands there.
    private static func things(_ text: String) -> Completion {
        let names = text.contains(" ") ? [] : (KeptThing.allCases.map(\.rawValue) + ["session"]).map { $0 + " " }
        return Completion(candidates: names.filter { $0.hasPrefix(text) }, head: "", word: text)
    }

    /// Files that were looked up for the prompt; they come too late where it has changed meanwhile.
    mutating func take(files: Completion) -> [Effect] {
        guard case .prompt(let prompt) = overlay, prompt.line.before == files.head + files.word else { return [] }
        return take(files, in: prompt)
    }

    /// What all candidates share is typed; where that is nothing more, they are listed.
    private mutating func take(_ completion: Completion, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        let shared = completion.shared
        guard shared == completion.word else {
            prompt.line.replaceBefore(completion.head + shared)
            return show(changed: prompt)
        }
        // Of paths the folder is known.
        let folder = completion.word.lastIndex(of: "/").map { completion.word[...$0].count } ?? 0
        let names = completion.candidates.map { $0.dropFirst(folder) }
        let list =
            names.prefix(40).joined(separator: "  ") + (names.count > 40 ? say("  … \(names.count - 40) more") : "")
        notice = Notice(.information, names.isEmpty ? say("nothing begins with '\(completion.word.prefix(40))'") : list)
        return []
    }
}
