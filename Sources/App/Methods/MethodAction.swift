import RopewalkMethods
import RopewalkPhrases

/// What chooses methods and their parameters.
package enum MethodAction: Hashable, Sendable {
    case menu
    case prompt
    /// These methods in place of those before, as `--method` takes them, with blanks between them.
    case take(String)
    /// Back to the model's own attention.
    case plain
    /// The exact run of the chosen methods, at once.
    case run
    /// Parameters on or back from the one that keys change.
    case parameter(Int)
    /// More or less of it.
    case value(Int)
    /// The cursor's token or the selection sees all and is seen by all in the mask, or no longer.
    case global
    /// A part of the model is left out, or taken back.
    case ablate(AblatedPart)
}

extension MethodAction: ActionConcern {
    private static let specs = ActionParameter.text("SPECS", example: "yarn:factor=4")

    static let forms: [ActionForm] =
        [
            ActionForm("method", specs, "these methods, as --method takes them") { .methods(.take($0)) },
            ActionForm("method.menu", "the menu of all methods", .methods(.menu)),
            ActionForm("method.prompt", "asks for methods, as --method takes them", .methods(.prompt)),
            ActionForm("method.plain", "back to the model's own attention", .methods(.plain)),
            ActionForm("method.run", "the exact run of the chosen methods, at once", .methods(.run)),
            ActionForm("parameter.next", .steps, "the next parameter of the methods, or one before") {
                .methods(.parameter($0))
            },
            ActionForm("parameter.step", .direction, "more or less of it") { .methods(.value($0)) },
            ActionForm(
                "method.global", "the cursor's token or the selection sees all and is seen by all, or no longer",
                .methods(.global)),
        ] + AblatedPart.allCases.map { ActionForm($0.action, $0.meaning, .methods(.ablate($0))) }

    var text: String {
        switch self {
        case .menu: "method.menu"
        case .prompt: "method.prompt"
        case .take(let text): "method " + Self.specs.write(text)
        case .plain: "method.plain"
        case .run: "method.run"
        case .parameter(let count): "parameter.next " + ActionParameter<Int>.steps.write(count)
        case .value(let direction): "parameter.step " + ActionParameter<Int>.direction.write(direction)
        case .global: "method.global"
        case .ablate(let part): part.action
        }
    }

    func standing(in state: AppState) -> String? {
        switch self {
        case .menu, .prompt, .take, .plain: state.scenario.isPlain ? say("plain") : state.scenario.line
        case .parameter, .value: state.parameterText
        case .global: state.globalText
        case .ablate(let part): state.standing(of: part)
        case .run: nil
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .menu, .prompt, .plain: nil
        case .take(let text): state.problem(withMethods: text)
        case .run: state.tokenObstacle
        case .global: state.globalObstacle
        case .ablate(let part): state.obstacle(to: part)
        case .parameter, .value:
            state.liveParameters.isEmpty
                ? state.scenario.ablations.isEmpty
                    ? say("the chosen methods have no parameters: m offers PI, NTK, YaRN ...")
                    : say("what is left out is a list: m has it, and Ctrl-P ablate") : nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: MethodAction) -> [Effect] {
        switch action {
        case .menu: openMenu()
        case .prompt: overlay = .prompt(Prompt(purpose: .methods, text: scenario.isPlain ? "" : scenario.line))
        case .take(let text): return takeMethods(text)
        case .plain: change(to: ownScenario)
        case .run: return runNow()
        case .parameter(let steps): chooseParameter(steps)
        case .value(let direction): return stepParameter(direction)
        case .global: return toggleGlobal()
        case .ablate(let part): ablate(part)
        }
        return []
    }

    private mutating func openMenu() {
        let check = MenuCheck(
            model: sources.model.value, tokens: tokenCount, hasText: sources.document.value?.text.isEmpty != true)
        overlay = .menu(
            MethodMenu(
                scenario: scenario, reader: menuReader, check: check, place: (focus.layer, focus.head)))
    }

    /// Methods that lie in files are read first.
    private mutating func takeMethods(_ text: String) -> [Effect] {
        let specs = Self.specs(text)
        if specs.contains(where: Self.isFile) { return [.masks(.read(specs, .scenario))] }
        do throws(MethodError) { change(to: try Scenario(parsing: specs)) } catch {
            notice = Notice(.error, error.description)
        }
        return []
    }

    /// Why methods cannot be applied; nil where they can, or lie in a file.
    fileprivate func problem(withMethods text: String) -> String? {
        let specs = Self.specs(text)
        if specs.contains(where: Self.isFile) { return nil }
        do throws(MethodError) { return problem(in: try Scenario(parsing: specs)) } catch {
            return error.description
        }
    }
}
