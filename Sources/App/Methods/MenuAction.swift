import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// What is done in the open method menu.
package enum MenuAction: Hashable, Sendable {
    case entry(Int), parameter(Int), value(Int)
    /// Chooses the selected entry, or drops it.
    case choose
    /// Chooses the selected entry together with what makes it the whole method.
    case whole
    /// The entry with a number, chosen or dropped.
    case pick(Int)
    case filter
    /// Compares the scenario's mask with that of the selected entry.
    case compare
}

extension MenuAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm("menu.entry", .steps, "in the menu: methods down or up") { .menu(.entry($0)) },
        ActionForm("menu.parameter", .steps, "in the menu: the next parameter, or one before") {
            .menu(.parameter($0))
        },
        ActionForm("menu.value", .direction, "in the menu: more or less of it") { .menu(.value($0)) },
        ActionForm("menu.choose", "in the menu: chooses or drops the method", .menu(.choose)),
        ActionForm("menu.whole", "in the menu: chooses the method with what makes it whole", .menu(.whole)),
        ActionForm("menu.pick", .index("ENTRY"), "in the menu: chooses or drops an entry, counted from 0") {
            .menu(.pick($0))
        },
        ActionForm("menu.filter", "in the menu: only methods with letters that are typed", .menu(.filter)),
        ActionForm("menu.compare", "in the menu: compares the mask with the selected one", .menu(.compare)),
    ]

    var text: String {
        switch self {
        case .entry(let count): "menu.entry " + ActionParameter<Int>.steps.write(count)
        case .parameter(let count): "menu.parameter " + ActionParameter<Int>.steps.write(count)
        case .value(let direction): "menu.value " + ActionParameter<Int>.direction.write(direction)
        case .choose: "menu.choose"
        case .whole: "menu.whole"
        case .pick(let entry): "menu.pick \(entry)"
        case .filter: "menu.filter"
        case .compare: "menu.compare"
        }
    }

    func obstacle(in state: AppState) -> String? {
        guard case .menu(let menu) = state.overlay else { return say("the method menu is closed") }
        switch self {
        case .entry, .parameter, .value, .filter: return nil
        case .choose: return menu.hindrance(menu.selected)
        case .whole: return menu.wholeHindrance
        case .pick(let entry):
            return menu.entries.indices.contains(entry) ? menu.hindrance(entry) : say("the menu has no entry \(entry)")
        case .compare:
            return menu.selectedMethod is any WindowMethod
                ? nil : say("only masks can be compared: choose an entry under Window, and d")
        }
    }
}

extension MethodMenu {
    /// Why an entry cannot be chosen; one that is chosen can always be dropped.
    fileprivate func hindrance(_ index: Int) -> String? {
        entries[index].isChosen ? nil : obstacle(index) ?? futility(index)
    }
}

extension AppState {
    mutating func perform(_ action: MenuAction) -> [Effect] {
        guard case .menu(var menu) = overlay else { return [] }
        switch action {
        case .entry(let steps): menu.move(steps)
        case .parameter(let steps): menu.selectParameter(steps)
        case .value(let direction): menu.step(direction)
        case .choose: menu.choose()
        case .whole: menu.chooseWhole()
        case .pick(let entry): menu.pick(entry)
        case .filter: menu.setFilter(menu.filter, isOpen: true)
        case .compare: return compare(with: menu)
        }
        apply(menu)
        return []
    }

    /// A key while the method menu is open; what is chosen is previewed at once.
    mutating func press(_ key: Key, in menu: MethodMenu) -> [Effect] {
        var menu = menu
        if menu.takes(key) {
            apply(menu)
            return []
        }
        let effects = KeyMap.action(for: key, in: .menu).map { perform($0) } ?? []
        // What was not about the menu may have changed the scenario that it is about.
        if case .menu(let open) = overlay { apply(open) }
        return effects
    }

    private mutating func compare(with menu: MethodMenu) -> [Effect] {
        if let obstacle = MenuAction.compare.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        guard let method = menu.selectedMethod, let other = try? Scenario([method]) else { return [] }
        overlay = nil
        compare(with: other)
        return []
    }

    /// The menu stays open where a number that was typed is refused, so that the reason is seen.
    mutating func closeMenu(_ menu: MethodMenu) {
        var menu = menu
        let isTaken = menu.endTyping()
        apply(menu)
        guard isTaken else { return }
        overlay = nil
        let lost = menu.lost.filter { name in !scenario.methods.contains { Swift.type(of: $0).description.name == name }
        }
        if lost.isEmpty { return sayHowToGoOn(after: menu) }
        notice = Notice(
            .warning, say("\(lost.joined(separator: ", ")) was given other values and not chosen: they are not applied")
        )
    }

    /// Who chooses a method for the first time finds where it is compared with others, and how to take it back.
    private mutating func sayHowToGoOn(after menu: MethodMenu) {
        guard notice == nil, lesson == nil, scenario != menu.before, scenario != ownScenario else { return }
        let (preset, plain) = (keyName(of: .panels(.preset(.next))), keyName(of: .methods(.plain)))
        notice = Notice(
            .information,
            panels.shown.contains(.loss)
                ? say("\(scenario.shortLine): Loss and Distance compare it with others · \(plain) takes it back")
                : say("\(scenario.shortLine): \(preset) compares it with others in Loss · \(plain) takes it back"))
    }

    mutating func apply(_ menu: MethodMenu) {
        overlay = .menu(menu)
        if let chosen = menu.scenario { change(to: chosen) }
    }
}

extension MethodMenu {
    /// Takes a key that is typed into a number, a list or the filter; false where it is none.
    fileprivate mutating func takes(_ key: Key) -> Bool {
        if isFiltering { return filters(key) }
        switch key {
        case .character("/") where currentList != nil && typed != nil: type("/")
        case .character(let character) where KeyMap.action(for: key, in: .menu) == nil: type(character)
        case .backspace: eraseTyped()
        case .character, .left, .right, .up, .down, .home, .end, .pageUp, .pageDown, .tab, .backTab, .enter, .escape,
            .delete, .insert, .function, .control:
            return false
        }
        return true
    }

    /// A key while the filter of the menu is typed; false for those that the menu takes as ever.
    private mutating func filters(_ key: Key) -> Bool {
        switch key {
        case .character(let character): setFilter(filter + String(character), isOpen: true)
        case .backspace, .delete: setFilter(String(filter.dropLast()), isOpen: !filter.isEmpty)
        case .enter: setFilter(filter, isOpen: false)
        case .control("u"): setFilter("", isOpen: true)
        case .escape: setFilter("", isOpen: false)
        case .left, .right, .up, .down, .home, .end, .pageUp, .pageDown, .tab, .backTab, .insert, .function, .control:
            return false
        }
        return true
    }

    fileprivate var wholeHindrance: String? {
        guard companion != nil else {
            return say("the selected method is whole by itself, or what goes with it is chosen")
        }
        return hindrance(selected)
    }

    fileprivate mutating func pick(_ entry: Int) {
        select(entry)
        if selected == entry { choose() }
    }
}
