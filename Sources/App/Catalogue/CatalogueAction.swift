import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the screen of all methods is asked for.
package enum CatalogueAction: Hashable, Sendable {
    /// A page, from the beginning.
    case page(CataloguePage)
    /// All methods over the whole screen; again: back.
    case toggle
    /// Pages on or back.
    case turn(Int)
    /// Methods down or up; lines of a method's page.
    case line(Int)
    /// A method by its name.
    case pick(String)
    /// By a column; by the one that they are sorted by: in the other direction.
    case sort(Choice<CatalogueColumn>)
    /// In the other direction.
    case reverse
    /// All that the catalogue says of the selected method; again: back to the list.
    case open
    /// Puts the selected method into force, or drops it.
    case take
    /// Measures its loss beside others in the Loss panel, or no longer.
    case compare
    /// Lists only methods with some letters.
    case filter(String)
    case promptForFilter
    /// Back by one step: from a method's page, from what was typed, from the screen.
    case back
}

extension CatalogueAction: ActionConcern {
    private static let name = ActionParameter.text("NAME", example: "yarn")
    private static let letters = ActionParameter.text("LETTERS", example: "window")

    static let forms: [ActionForm] = [
        ActionForm("catalogue", ActionParameter<CataloguePage>.name, "all methods: the list, or the tree by papers") {
            .catalogue(.page($0))
        },
        ActionForm("catalogue.show", "all methods over the whole screen; again: back", .catalogue(.toggle)),
        ActionForm("catalogue.turn", .steps, "all methods: pages on or back") { .catalogue(.turn($0)) },
        ActionForm("catalogue.line", .steps, "all methods: lines down or up") { .catalogue(.line($0)) },
        ActionForm("catalogue.method", name, "all methods: selects one") { .catalogue(.pick($0)) },
        ActionForm(
            "catalogue.sort", ActionParameter<CatalogueColumn>.choice,
            "all methods: sorts by a column; again: in the other direction"
        ) { .catalogue(.sort($0)) },
        ActionForm("catalogue.reverse", "all methods: in the other direction", .catalogue(.reverse)),
        ActionForm("catalogue.open", "all methods: the selected one's page, and back", .catalogue(.open)),
        ActionForm("catalogue.take", "all methods: puts the selected one into force, or drops it", .catalogue(.take)),
        ActionForm(
            "catalogue.compare", "all methods: measures the selected one in Loss, or no longer", .catalogue(.compare)),
        ActionForm("catalogue.filter", letters, "all methods: lists only those with these letters") {
            .catalogue(.filter($0))
        },
        ActionForm("catalogue.find", "all methods: asks for letters that they have", .catalogue(.promptForFilter)),
        ActionForm("catalogue.back", "all methods: back by one step", .catalogue(.back)),
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .page(let page): "catalogue " + ActionParameter.name.write(page)
        case .toggle: "catalogue.show"
        case .turn(let count): "catalogue.turn " + steps.write(count)
        case .line(let count): "catalogue.line " + steps.write(count)
        case .pick(let name): "catalogue.method " + Self.name.write(name)
        case .sort(let column): "catalogue.sort " + ActionParameter.choice.write(column)
        case .reverse: "catalogue.reverse"
        case .open: "catalogue.open"
        case .take: "catalogue.take"
        case .compare: "catalogue.compare"
        case .filter(let letters): "catalogue.filter " + Self.letters.write(letters)
        case .promptForFilter: "catalogue.find"
        case .back: "catalogue.back"
        }
    }

    func times(_ count: Int) -> CatalogueAction {
        switch self {
        case .turn(let steps): .turn(steps * count)
        case .line(let steps): .line(steps * count)
        case .page, .toggle, .pick, .sort, .reverse, .open, .take, .compare, .filter, .promptForFilter, .back: self
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .page: ActionParameter.name.write(state.catalogue.page)
        case .sort: ActionParameter.name.write(state.catalogue.column)
        case .pick: state.catalogue.selected
        case .toggle, .turn, .line, .reverse, .open, .take, .compare, .filter, .promptForFilter, .back: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .page, .toggle, .turn, .sort, .reverse, .open, .line, .filter, .promptForFilter, .back: nil
        case .pick(let name):
            Catalogue.method(named: name) == nil
                ? MethodError.unknownMethod(
                    name, nearest: Catalogue.nearestName(to: name), known: Catalogue.names
                ).description : nil
        case .take: state.tokenObstacle ?? state.chosenEntry.obstacle
        case .compare: state.tokenObstacle ?? state.comparisonObstacle
        }
    }
}
