import RopewalkPhrases

/// What people call something that its name and its meaning call otherwise: the list of actions finds it by these words too.
enum FinderWords {
    /// In the language that is spoken and in English, whose words many readers type in any language.
    /// - Parameter action: as scripts write it; empty where its own words are enough.
    static func of(_ action: String) -> String { inBothLanguages { words(for: action) } }

    /// What somebody wants who types only this, likewise: it comes before all that is called so.
    static func purpose(of action: String) -> String { inBothLanguages { purposes(of: action) } }

    private static func inBothLanguages(_ words: () -> String) -> String {
        let (own, english) = (words(), Language.with(.english, words))
        return own == english ? own : own + " " + english
    }

    private static func words(for action: String) -> String {
        switch action {
        case "save", "save.prompt":
            say("figure picture image plot export svg html png screenshot write file record lesson draft")
        case "figure.prompt": say("export picture image plot slide svg html png")
        case "session.save": say("store keep project workspace write file")
        case "method.menu", "method.prompt", "method":
            say("compare position methods choose rope extend context length interpolation yarn ntk")
        case "preset rotation": say("compare position methods curves loss perplexity long context")
        case "rotation.mode methods": say("compare position methods side by side")
        case "text.keep": say("compare two heads layers methods models side by side split")
        case "models": say("open load compare two models")
        case "settings": say("change key bind rebind assign shortcut preferences options configure")
        case "help": say("keys shortcuts manual tutorial")
        case "undo": say("back revert")
        case "ask surprises": say("errors mistakes worst")
        case "ablate.head", "ablate.attention", "ablate.feed-forward":
            say("ablation remove switch off without disable knock out drop prune head layer")
        default: ""
        }
    }

    private static func purposes(of action: String) -> String {
        switch action {
        case "preset rotation": say("compare comparison positions")
        case "figure.prompt": say("export picture image figure slide paper")
        default: ""
        }
    }

    /// What a preset is for; nil for other actions.
    static func meaning(of action: Action) -> String? {
        guard case .panels(.preset(.one(let preset))) = action else { return nil }
        let panels = Panel.allCases.filter(preset.panels.contains).map(\.name).joined(separator: ", ")
        return switch preset {
        case .rotation: say("position methods compared: \(panels)")
        case .explore: say("which words a head looks at: \(panels)")
        case .mask: say("what a mask shows and hides: \(panels)")
        case .word: say("one word step by step: \(panels)")
        case .all: say("all panels")
        }
    }
}
