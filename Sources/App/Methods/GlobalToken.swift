import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// Tokens that see all and are seen by all in the masks of the scenario, chosen on the text.
extension AppState {
    /// What is selected, else the cursor's token.
    private var tokensToBeGlobal: [Int] { selection?.tokens ?? [focus.cursor] }

    /// Those of the scenario that are marked on the text; nil where there are none.
    var globalTokens: TokenSpan? {
        focus.kind == .cross ? nil : TokenSpan(scenario.globals.filter { $0 < tokenCount }.map { $0..<$0 + 1 })
    }

    /// Why nothing can be made global; nil where it can.
    var globalObstacle: String? {
        if let tokenObstacle { return tokenObstacle }
        if focus.kind == .cross { return say("attention across texts has no mask") }
        if scenario.windows.isEmpty { return say("nothing hides a key: m chooses a mask, such as longformer, first") }
        let count = Set(scenario.windows.flatMap(\.globals)).union(tokensToBeGlobal).count
        return count > ListDescription.limit
            ? say("at most \(ListDescription.limit.grouped) tokens are global") : nil
    }

    /// How things stand: "12 global".
    var globalText: String { say("\(scenario.globals.count.grouped) global") }

    /// Makes the cursor's token or the selection global; where all of it is already, takes it back.
    mutating func toggleGlobal() -> [Effect] {
        if let globalObstacle {
            refuse(globalObstacle)
            return []
        }
        let tokens = tokensToBeGlobal
        let isGlobal = !Set(scenario.globals).isSuperset(of: tokens)
        let before = scenario
        change(to: scenario.with(globals: tokens, isGlobal: isGlobal))
        guard scenario != before else { return [] }
        notice = Notice(
            .information,
            isGlobal
                ? say(
                    "\(tokens.count.grouped) \(tokens.count, one: "token", many: "tokens") made global: \(globalText)")
                : say(
                    "\(tokens.count.grouped) \(tokens.count, one: "token", many: "tokens") no longer global: \(globalText)"
                ))
        return runAfterPause()
    }
}
