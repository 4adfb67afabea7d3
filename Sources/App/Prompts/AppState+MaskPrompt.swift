import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

extension AppState {
    /// The rule of the scenario that can be edited; empty where it has none.
    var ruleText: String {
        let windows = (masks.own ?? scenario).windows
        let own = windows.first { $0 is ExpressionWindow || $0 is FileWindow }
        return own.map { ($0 as? ExpressionWindow)?.expression.text ?? $0.spec } ?? ""
    }

    /// What is typed is read at every key: a rule is shown at once, an error in the prompt; a file has to be looked at.
    mutating func follow(_ prompt: inout Prompt) -> [Effect] {
        prompt.problem = nil
        prompt.remark = ""
        if case .catalogue = prompt.purpose { filterCatalogue(prompt.text) }
        guard !prompt.isEmpty else { return [] }
        if let specs = files(in: prompt) { return [.masks(.probe(specs, text: prompt.text))] }
        do throws(MethodError) {
            switch prompt.purpose {
            case .rule(let before):
                change(to: Self.scenario(before, with: ExpressionWindow(try MaskExpression(prompt.text))))
            case .comparison: _ = try Mask(parsing: Self.specs(prompt.text), tokens: maskTokens)
            case .methods:
                let scenario = try Scenario(parsing: Self.specs(prompt.text))
                prompt.problem = problem(in: scenario).map { Prompt.Problem(text: $0) }
            case .claims: _ = try MaskClaims(parsing: prompt.text)
            case .place:
                prompt.problem = placeOrActionProblem(prompt.text).map { Prompt.Problem(text: $0) }
                if prompt.problem == nil, let part = part(typed: prompt.text) {
                    prompt.remark = "reads " + cost(of: part)
                }
            case .word, .note, .catalogue: break
            case .action(let name, _): prompt.problem = problem(of: name, with: prompt.text)
            case .save: prompt.problem = saveProblem(prompt.text).map { Prompt.Problem(text: $0) }
            case .search:
                if TextRetrieval.question(prompt.text) == "" {
                    prompt.remark = say("the chunk at the cursor asks")
                    return []
                }
                do {
                    let count = try places(of: prompt.text).count
                    prompt.remark = count == 1 ? say("1 hit") : say("\(count.grouped) hits")
                } catch {
                    prompt.problem = Prompt.Problem(text: error.text)
                }
            }
        } catch {
            prompt.problem = Prompt.Problem(error)
        }
        return []
    }

    /// The methods of a prompt that names a file; nil where it names none.
    private func files(in prompt: Prompt) -> [String]? {
        switch prompt.purpose {
        case .rule(let before):
            let others = Self.scenario(before, with: nil).specs
            if Self.isFile(prompt.text) { return others + [prompt.text] }
            return Self.namesArrays(prompt.text) ? others + ["expr:" + prompt.text] : nil
        case .comparison, .methods:
            let specs = Self.specs(prompt.text)
            return specs.contains { Self.isFile($0) || Self.namesArrays($0) } ? specs : nil
        case .place, .search, .claims, .word, .note, .save, .action, .catalogue: return nil
        }
    }

    /// What was found in the files of a prompt; it comes too late where the text is another one now.
    mutating func take(_ probe: MaskProbe, of text: String) {
        guard case .prompt(var prompt) = overlay, prompt.text == text else { return }
        switch probe {
        case .fits(let scenario, let remark):
            if case .rule = prompt.purpose, let own = ownRemark(scenario) {
                prompt.remark = own
            } else if case .comparison = prompt.purpose, masks.own != nil {
                prompt.remark = remark
            } else {
                prompt.problem = problem(in: scenario).map { Prompt.Problem(text: $0) }
                prompt.remark = remark
            }
        case .exists(let remark): prompt.remark = remark
        case .fails(let why): prompt.problem = Prompt.Problem(text: why)
        }
        overlay = .prompt(prompt)
    }

    /// Takes what was typed; nil where the prompt is done, else the prompt with what is wrong.
    mutating func finishMask(_ prompt: Prompt) -> (prompt: Prompt?, effects: [Effect]) {
        var prompt = prompt
        switch prompt.purpose {
        case .place, .search, .word, .note, .save, .action, .catalogue: return (nil, [])
        case .rule, .comparison, .methods, .claims: break
        }
        if let specs = files(in: prompt) {
            if prompt.problem != nil { return (prompt, []) }
            if case .comparison = prompt.purpose { return (nil, [.masks(.read(specs, .comparison))]) }
            if case .rule = prompt.purpose { return (nil, [.masks(.read(specs, .rule))]) }
            return (nil, [.masks(.read(specs, .scenario))])
        }
        _ = follow(&prompt)
        if prompt.problem != nil { return (prompt, []) }
        return (nil, takeMask(prompt))
    }

    /// Does what a prompt without a fault asks for; an empty one takes masks back.
    private mutating func takeMask(_ prompt: Prompt) -> [Effect] {
        switch prompt.purpose {
        case .rule(let before):
            guard prompt.isEmpty else { break }
            leaveOwnMask()
            change(to: Self.scenario(before, with: nil))
        case .claims: return claim(prompt.text)
        case .comparison:
            guard prompt.isEmpty else { return [.masks(.read(Self.specs(prompt.text), .comparison))] }
            masks.comparison = nil
            if masks.mapLayer == .difference { masks.mapLayer = .mask }
        case .methods: return prompt.isEmpty ? [] : perform(MethodAction.take(prompt.text))
        case .place, .search, .word, .note, .save, .action, .catalogue: break
        }
        return []
    }

    private mutating func claim(_ text: String) -> [Effect] {
        do throws(MethodError) {
            masks.claims = try MaskClaims(parsing: text)
            turn(to: .check)
        } catch {
            notice = Notice(.error, error.description)
        }
        return []
    }

    /// What was typed elsewhere, as in a script.
    mutating func enter(_ text: String, for purpose: Prompt.Purpose) -> [Effect] {
        let (rest, effects) = finishMask(Prompt(purpose: purpose, text: text))
        if let problem = rest?.problem { notice = Notice(.error, problem.text) }
        return effects
    }

    /// Why a text cannot be taken; nil where it can.
    func problem(in text: String, for purpose: Prompt.Purpose) -> String? {
        var state = self
        var prompt = Prompt(purpose: purpose, text: text)
        _ = state.follow(&prompt)
        return prompt.problem?.text
    }

    /// Several methods stand with blanks between them; a rule or a file takes all that follows.
    package static func specs(_ text: String) -> [String] {
        let trimmed = String(text.drop(while: \.isWhitespace))
        if trimmed.hasPrefix("expr:") || isFile(trimmed) { return [trimmed] }
        return trimmed.split(separator: " ").map(String.init)
    }

    /// Whether a rule looks things up in files.
    static func namesArrays(_ text: String) -> Bool { text.contains(" where ") && text.contains("file:") }

    static func isFile(_ text: String) -> Bool { text.drop(while: \.isWhitespace).hasPrefix("file:") }

    /// The scenario with one rule or file in place of those it has.
    private static func scenario(_ before: Scenario, with rule: ExpressionWindow?) -> Scenario {
        var scenario = before
        scenario.windows.removeAll { $0 is ExpressionWindow || $0 is FileWindow }
        if let rule { scenario.windows.append(rule) }
        return scenario
    }
}
