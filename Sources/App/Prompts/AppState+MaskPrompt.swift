import RopewalkMethods

extension AppState {
    /// The rule of the scenario that can be edited; empty where it has none.
    var ruleText: String {
        let own = scenario.windows.first { $0 is ExpressionWindow || $0 is FileWindow }
        return own.map { ($0 as? ExpressionWindow)?.expression.text ?? $0.spec } ?? ""
    }

    /// What is typed into a prompt for masks is read at every key: a rule is shown at once, an error in the prompt.
    mutating func follow(_ prompt: inout Prompt) {
        prompt.problem = nil
        guard !prompt.text.allSatisfy(\.isWhitespace) else { return }
        do throws(MethodError) {
            switch prompt.purpose {
            case .rule(let before):
                guard !Self.isFile(prompt.text) else { return }
                change(to: Self.scenario(before, with: ExpressionWindow(try MaskExpression(prompt.text))))
            case .comparison:
                guard !Self.isFile(prompt.text) else { return }
                _ = try Mask(parsing: Self.specs(prompt.text), tokens: max(1, tokenCount))
            case .place, .search: break
            }
        } catch {
            prompt.problem = error
        }
    }

    /// Takes what was typed; nil where the prompt is done, else the prompt with what is wrong.
    mutating func finishMask(_ prompt: Prompt) -> (prompt: Prompt?, effects: [Effect]) {
        var prompt = prompt
        follow(&prompt)
        if prompt.problem != nil { return (prompt, []) }
        let isEmpty = prompt.text.allSatisfy(\.isWhitespace)
        switch prompt.purpose {
        case .rule(let before):
            if isEmpty {
                change(to: Self.scenario(before, with: nil))
            } else if Self.isFile(prompt.text) {
                return (nil, [.masks(.read(Self.scenario(before, with: nil).specs + [prompt.text], .scenario))])
            }
        case .comparison:
            if isEmpty {
                masks.comparison = nil
                if masks.mapLayer == .difference { masks.mapLayer = .mask }
            } else {
                return (nil, [.masks(.read(Self.specs(prompt.text), .comparison))])
            }
        case .place, .search: break
        }
        return (nil, [])
    }

    /// What was typed elsewhere, as in a script.
    mutating func enter(_ text: String, for purpose: Prompt.Purpose) -> [Effect] {
        let (rest, effects) = finishMask(Prompt(purpose: purpose, text: text))
        if let problem = rest?.problem { notice = Notice(.error, problem.description) }
        return effects
    }

    /// Why a text cannot be taken; nil where it can.
    func problem(in text: String, for purpose: Prompt.Purpose) -> String? {
        var state = self
        var prompt = Prompt(purpose: purpose, text: text)
        state.follow(&prompt)
        return prompt.problem?.description
    }

    /// Several methods stand with blanks between them; a rule or a file takes all that follows.
    static func specs(_ text: String) -> [String] {
        let trimmed = String(text.drop(while: \.isWhitespace))
        if trimmed.hasPrefix("expr:") || isFile(trimmed) { return [trimmed] }
        return trimmed.split(separator: " ").map(String.init)
    }

    static func isFile(_ text: String) -> Bool { text.drop(while: \.isWhitespace).hasPrefix("file:") }

    /// The scenario with one rule or file in place of those it has.
    private static func scenario(_ before: Scenario, with rule: ExpressionWindow?) -> Scenario {
        var scenario = before
        scenario.windows.removeAll { $0 is ExpressionWindow || $0 is FileWindow }
        if let rule { scenario.windows.append(rule) }
        return scenario
    }
}
