/// The lines that were entered, newest first, of each kind of prompt.
package struct PromptHistory: Equatable, Sendable {
    private var lines: [Kind: [String]] = [:]

    /// Prompts that share their lines.
    private enum Kind: Hashable {
        case place, search, rule, comparison, claims, catalogue, methods, word, note, save, action
    }

    private static let limit = 100

    private static func kind(_ purpose: Prompt.Purpose) -> Kind {
        switch purpose {
        case .place: .place
        case .search: .search
        case .rule: .rule
        case .comparison: .comparison
        case .claims: .claims
        case .catalogue: .catalogue
        case .methods: .methods
        case .word: .word
        case .note: .note
        case .save: .save
        case .action: .action
        }
    }

    /// A line that was entered before goes to the front.
    mutating func add(_ prompt: Prompt) {
        guard !prompt.isEmpty else { return }
        let older = lines[Self.kind(prompt.purpose), default: []].filter { $0 != prompt.text }
        lines[Self.kind(prompt.purpose)] = Array(([prompt.text] + older).prefix(Self.limit))
    }

    /// Takes an older line into the prompt, or a newer one, and at last what was being typed; false where there is none.
    func step(_ prompt: inout Prompt, older: Bool) -> Bool {
        let lines = lines[Self.kind(prompt.purpose), default: []]
        let age = prompt.age + (older ? 1 : -1)
        guard (0...lines.count).contains(age) else { return false }
        if prompt.age == 0 { prompt.draft = prompt.text }
        prompt.age = age
        prompt.line = EditedLine(age == 0 ? prompt.draft : lines[age - 1])
        return true
    }
}
