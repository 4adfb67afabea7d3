import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    mutating func perform(_ action: CatalogueAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .page(let page):
            // Lessons and scripts come to the same wherever they begin.
            catalogue = CatalogueChoices()
            showCatalogue(page)
        case .toggle: toggleCatalogue()
        case .turn(let steps): showCatalogue(catalogue.page.after(steps))
        case .line(let steps): return moveInCatalogue(steps)
        case .pick(let name): catalogue.selected = name
        case .sort(let column): sortCatalogue(column)
        case .reverse: catalogue.isDescending.toggle()
        case .open: catalogue.firstLine = catalogue.firstLine == nil ? 0 : nil
        case .take: takeChosenEntry()
        case .compare: compareChosenEntry()
        case .filter(let letters): filterCatalogue(letters)
        case .promptForFilter: overlay = .prompt(Prompt(purpose: .catalogue, text: catalogue.filter))
        case .back: goBackInCatalogue()
        }
        return []
    }

    private mutating func showCatalogue(_ page: CataloguePage) {
        (catalogue.page, catalogue.firstLine) = (page, nil)
        reveal(.methods)
        panels.focus(.methods)
    }

    /// It is wide: it takes the whole screen.
    private mutating func toggleCatalogue() {
        if layout.panels[.methods] != nil { return hideCatalogue() }
        showCatalogue(catalogue.page)
        panels.isZoomed = true
    }

    private mutating func hideCatalogue() {
        _ = perform(PanelAction.hide(.methods))
        panels.isZoomed = false
        revealCursor()
    }

    private mutating func goBackInCatalogue() {
        if catalogue.firstLine != nil {
            catalogue.firstLine = nil
        } else if !catalogue.filter.isEmpty {
            catalogue.filter = ""
        } else {
            hideCatalogue()
        }
    }

    private mutating func moveInCatalogue(_ steps: Int) -> [Effect] {
        guard let first = catalogue.firstLine else { return [.find(.catalogued(steps))] }
        catalogue.firstLine = min(max(0, first + steps), 10_000)
        return []
    }

    private mutating func sortCatalogue(_ column: Choice<CatalogueColumn>) {
        let next = column.after(catalogue.column)
        catalogue.isDescending = next == catalogue.column && !catalogue.isDescending
        (catalogue.column, catalogue.page, catalogue.firstLine) = (next, .list, nil)
    }

    /// The selected method stays where it is listed, else the first that is takes its place.
    mutating func filterCatalogue(_ letters: String) {
        catalogue.filter = String(letters.prefix(40))
        let listed = Catalogue.all.map { CatalogueEntry($0.description, kind: $0.kind) }.filter {
            $0.has(letters: catalogue.filter)
        }
        if let first = listed.first, !listed.contains(where: { $0.name == catalogue.selected }) {
            catalogue.selected = first.name
        }
    }

    mutating func take(catalogued name: String) { catalogue.selected = name }

    // MARK: What is done with the selected method

    /// The menu with the selected method chosen or dropped, and why that cannot be.
    var chosenEntry: (menu: MethodMenu, obstacle: String?) {
        var menu = MethodMenu(
            scenario: scenario, reader: menuReader, check: MenuCheck(model: sources.model.value, tokens: tokenCount),
            place: (focus.layer, focus.head))
        guard let index = menu.entries.firstIndex(where: { $0.own == nil && $0.description.name == catalogue.selected })
        else { return (menu, nil) }
        menu.select(index)
        menu.choose()
        return (menu, menu.refusal)
    }

    private mutating func takeChosenEntry() {
        guard let chosen = chosenEntry.menu.scenario else { return }
        change(to: chosen)
    }

    /// The selected method by itself, with the numbers that fit the model; nil where these contradict each other.
    var catalogueScenario: Scenario? {
        guard let type = Catalogue.method(named: catalogue.selected) else { return nil }
        if type == Ablation.self { return try? Scenario([Ablation(layers: [focus.layer], heads: [focus.head])]) }
        let method = type.init(
            values: menuReader.values(of: type), lists: type.description.lists.map { _ in [] })
        return try? Scenario([method])
    }

    /// Scenarios that the Loss panel measures beside the usual ones, at most.
    private static let mostAdded = 12

    var comparisonObstacle: String? {
        guard let scenario = catalogueScenario else { return nil }
        if losses.added.contains(scenario) { return nil }
        if let problem = problem(in: scenario) { return problem }
        do throws(ModelError) { try sources.model.value?.checkPredictsNext() } catch { return error.description }
        return losses.added.count < Self.mostAdded
            ? nil : say("\(Self.mostAdded) methods are compared already: take one back")
    }

    private mutating func compareChosenEntry() {
        guard let scenario = catalogueScenario else { return }
        if let index = losses.added.firstIndex(of: scenario) {
            losses.added.remove(at: index)
        } else {
            losses.added.append(scenario)
            losses.isPaused = false
        }
    }

    // MARK: What the list says of a method beside its cost

    /// What exact runs on this text have measured of methods by themselves, by their names; the latest of several.
    var measuredMethods: [String: CatalogueEntry.Measured] {
        var found: [String: CatalogueEntry.Measured] = [:]
        for measured in losses.measured {
            let question = measured.question
            guard let loss = measured.loss, let name = question.scenario.onlyMethod,
                question == self.question(Contender(isSecond: false, scenario: question.scenario))
            else { continue }
            let inspected = losses.inspected.last { $0.question == question }?.measures
            let errors = inspected?.outputErrors ?? []
            found[name] = CatalogueEntry.Measured(
                spec: question.scenario.shortLine, loss: loss.mean(over: 0..<loss.means.count),
                massKept: inspected?.massKept.mean,
                outputError: errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count))
        }
        return found
    }
}

extension Scenario {
    /// The names of its methods, without that of plain RoPE.
    var methodNames: [String] {
        methods.dropFirst(position is RoPE ? 1 : 0).map { Swift.type(of: $0).description.name }
    }

    /// The name of the one method that it has; nil where it has several.
    var onlyMethod: String? {
        let names = methodNames
        return names.count > 1 ? nil : names.first ?? RoPE.description.name
    }
}

extension Answers {
    /// The method so many lines on; nil where nothing is listed.
    mutating func catalogued(_ steps: Int, in state: AppState) -> String? {
        CataloguePanel(state).name(after: steps, &self)
    }
}
