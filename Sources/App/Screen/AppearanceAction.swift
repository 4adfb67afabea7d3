import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What changes how weights become colours.
package enum AppearanceAction: Hashable, Sendable {
    case scale(Choice<Scale.Kind>)
    /// The first token in the scale, or out of it.
    case toggleSinks
    case colourMap(Choice<ColourMap>)
    /// For a dark or a light background.
    case theme(Choice<ThemeChoice>)
    /// What the program speaks.
    case language(Choice<Language>)
    /// What the words of the text are painted by.
    case painting(Choice<TextPainting>)
    /// By which heads, where it is painted by attention.
    case heads(Choice<TextHeads>)
    /// What a cell of a map shows of the pairs in it.
    case pooling(Choice<Pooling>)
    /// Who works on a token in a mixture of experts.
    case toggleExperts
    /// Blanks, tabs and line ends have signs, or none.
    case toggleBlanks
    /// Lines as they are, or wrapped.
    case toggleLines
    /// What a step of the cursor is.
    case step(Choice<CursorStep>)
}

extension AppearanceAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("scale", ActionParameter<Scale.Kind>.choice, "the scale of weights") { .appearance(.scale($0)) },
        ActionForm("sinks.toggle", "the first token in or out of the scale", .appearance(.toggleSinks)),
        ActionForm("colours", ActionParameter<ColourMap>.choice, "the colour map") { .appearance(.colourMap($0)) },
        ActionForm("theme", ActionParameter<ThemeChoice>.choice, "colours for a light or a dark background") {
            .appearance(.theme($0))
        },
        ActionForm("language", ActionParameter<Language>.choice, "English or Chinese, kept for the next start") {
            .appearance(.language($0))
        },
        ActionForm(
            "text.paint", ActionParameter<TextPainting>.choice,
            "the text by what the cursor reads, who reads its token, loss, entropy, attention received"
        ) { .appearance(.painting($0)) },
        ActionForm(
            "text.heads", ActionParameter<TextHeads>.choice,
            "the text by one head, by the mean or the highest of its layer's, or of all"
        ) { .appearance(.heads($0)) },
        ActionForm("map.pooling", ActionParameter<Pooling>.choice, "cells show the highest or the mean weight") {
            .appearance(.pooling($0))
        },
        ActionForm("blanks.toggle", "signs for blanks, tabs and line ends, or none", .appearance(.toggleBlanks)),
        ActionForm(
            "lines.toggle", "lines whole, moved sideways with the cursor, or wrapped", .appearance(.toggleLines)),
        ActionForm(
            "step", ActionParameter<CursorStep>.choice,
            "h and l go by whole characters, where several tokens are parts of one, or by single tokens"
        ) { .appearance(.step($0)) },
        ActionForm(
            "experts.toggle", "mixture of experts: letters for who works on a token", .appearance(.toggleExperts)),
    ]

    var text: String {
        switch self {
        case .scale(let scale): "scale " + ActionParameter.choice.write(scale)
        case .toggleSinks: "sinks.toggle"
        case .colourMap(let map): "colours " + ActionParameter.choice.write(map)
        case .theme(let theme): "theme " + ActionParameter.choice.write(theme)
        case .language(let language): "language " + ActionParameter.choice.write(language)
        case .painting(let painting): "text.paint " + ActionParameter.choice.write(painting)
        case .heads(let heads): "text.heads " + ActionParameter.choice.write(heads)
        case .pooling(let pooling): "map.pooling " + ActionParameter.choice.write(pooling)
        case .toggleExperts: "experts.toggle"
        case .toggleBlanks: "blanks.toggle"
        case .toggleLines: "lines.toggle"
        case .step(let step): "step " + ActionParameter.choice.write(step)
        }
    }

    func standing(in state: AppState) -> String? {
        let look = state.appearance
        return switch self {
        case .scale: ActionParameter.name.write(look.scale)
        case .toggleSinks: look.sinksLeftOut == 0 ? "in" : "out"
        case .colourMap: ActionParameter.name.write(look.colourMap)
        case .theme: ActionParameter.name.write(look.theme)
        case .language: ActionParameter.name.write(look.language)
        case .painting: ActionParameter.name.write(look.painting)
        case .heads: ActionParameter.name.write(look.heads)
        case .pooling: ActionParameter.name.write(look.pooling)
        case .toggleExperts: look.showsExperts ? "on" : "off"
        case .toggleBlanks: look.showsBlanks ? "on" : "off"
        case .toggleLines: look.keepsLines ? "whole" : "wrapped"
        case .step: ActionParameter.name.write(look.step)
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .scale, .toggleSinks, .colourMap, .theme, .language, .pooling, .step, .toggleBlanks, .toggleLines,
            .painting(.next), .heads:
            return nil
        case .painting(.one(let painting)): return state.paintingObstacle(painting)
        case .toggleExperts:
            let model = state.sources.model.value
            return model?.traits.experts == nil
                ? say("\(model?.name ?? say("the model")) is no mixture of experts") : nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: AppearanceAction) -> [Effect] {
        switch action {
        case .scale(let scale): appearance.scale = scale.after(appearance.scale)
        case .toggleSinks: appearance.sinksLeftOut = appearance.sinksLeftOut == 0 ? 1 : 0
        case .colourMap(let map): appearance.colourMap = map.after(appearance.colourMap)
        case .theme(let choice): take(choice)
        case .language(let choice): take(choice)
        case .painting(let choice): paint(by: choice)
        case .heads(let choice): appearance.heads = choice.after(appearance.heads)
        case .pooling(let pooling): appearance.pooling = pooling.after(appearance.pooling)
        case .step(let choice): take(choice)
        case .toggleBlanks: appearance.showsBlanks.toggle()
        case .toggleLines:
            appearance.keepsLines.toggle()
            window.left = 0
            revealCursor()
        case .toggleExperts:
            if let obstacle = action.obstacle(in: self) {
                refuse(obstacle)
            } else {
                appearance.showsExperts.toggle()
                revealCursor()
            }
        }
        return []
    }

    /// What the screen is drawn on.
    package var ground: Ground { appearance.theme.ground ?? terminalGround }

    /// Whether the screen needs a ground of its own: colours for another one would not be readable on the terminal's.
    var paintsGround: Bool { ground != terminalGround }

    private mutating func take(_ choice: Choice<Language>) {
        appearance.language = choice.after(appearance.language)
        notice = Notice(.information, Language.with(appearance.language) { say("the program speaks English") })
    }

    private mutating func take(_ choice: Choice<CursorStep>) {
        appearance.step = choice.after(appearance.step)
        notice = Notice(
            .information,
            appearance.step == .characters
                ? say("h and l go by characters: tokens that are parts of one count once")
                : say("h and l go by single tokens"))
    }

    /// The next choice is the one that changes something.
    private mutating func take(_ choice: Choice<ThemeChoice>) {
        switch choice {
        case .next: appearance.theme = ground == .dark ? .light : .dark
        case .one(let theme): appearance.theme = theme
        }
        let word = appearance.theme == .auto ? say("\(ground.rawValue.said), as the terminal is") : ground.rawValue.said
        notice = Notice(.information, say("colours for a background that is \(word)"))
    }
}
