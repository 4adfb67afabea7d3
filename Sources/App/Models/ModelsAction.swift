import RopewalkModels
import RopewalkPhrases

/// What is done with the list of models.
package enum ModelsAction: Hashable, Sendable {
    case list, entry(Int)
    /// Selects the entry with a number.
    case pick(Int)
    /// Reads the text with the selected model in place of the present one.
    case open
    /// Sets the selected model beside the present one.
    case beside
}

extension ModelsAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("models", "lists the models on this machine", .models(.list)),
        ActionForm("models.entry", .steps, "in the list of models: down or up") { .models(.entry($0)) },
        ActionForm("models.pick", .index("ENTRY"), "in the list of models: selects an entry, counted from 0") {
            .models(.pick($0))
        },
        ActionForm("models.open", "in the list of models: reads the text with the selected one", .models(.open)),
        ActionForm("models.beside", "in the list of models: sets the selected one beside", .models(.beside)),
    ]

    var text: String {
        switch self {
        case .list: "models"
        case .entry(let count): "models.entry " + ActionParameter<Int>.steps.write(count)
        case .pick(let entry): "models.pick \(entry)"
        case .open: "models.open"
        case .beside: "models.beside"
        }
    }

    func obstacle(in state: AppState) -> String? {
        if self == .list { return nil }
        guard case .models(let list) = state.overlay else { return say("the list of models is closed") }
        guard let models = list.models.value else { return say("the models are being looked for") }
        switch self {
        case .list, .entry: return nil
        case .pick(let entry): return models.indices.contains(entry) ? nil : say("the list has no entry \(entry)")
        case .open, .beside:
            guard let chosen = list.chosen else { return say("there is no model to choose") }
            guard chosen.runs, chosen.path != nil else {
                return say("\(chosen.name) does not run: \(chosen.problem ?? say("it lacks something"))")
            }
            return nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: ModelsAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        if action == .list {
            overlay = .models(ModelList())
            return [.models(.list)]
        }
        guard case .models(var list) = overlay else { return [] }
        switch action {
        case .list: break
        case .entry(let count): list.select(list.selected + count)
        case .pick(let entry): list.select(entry)
        case .open, .beside: return take(list.chosen, isBeside: action == .beside)
        }
        overlay = .models(list)
        return []
    }

    private mutating func take(_ model: ModelSummary?, isBeside: Bool) -> [Effect] {
        overlay = nil
        guard let path = model?.path else { return [] }
        guard isBeside else { return [.open(path)] }
        second = SecondModel(replacing: second)
        return [.second(.cancel), .second(.open(path))]
    }

    /// What looking for models has found.
    mutating func take(_ report: ModelsReport) -> [Effect] {
        switch report {
        case .listed(let models):
            guard case .models(var list) = overlay else { return [] }
            list.models = .loaded(models)
            list.select(list.selected)
            overlay = .models(list)
        }
        return []
    }

    /// The same screen before another model is loaded.
    func reopened() -> AppState {
        var state = AppState(size: size, depth: depth, ground: terminalGround, tokenLimit: sources.askedTokens)
        state.sources.from = sources.from
        state.panels = panels
        state.appearance = appearance
        state.ownKeys = ownKeys
        return state
    }
}
