import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// What the page asks of a mask that is looked at by itself.
    func ownQuestion(_ own: Scenario) -> OwnMaskQuestion? {
        switch masks.page {
        case .check: OwnMaskQuestion(own, .check(block: masks.block, masks.claims))
        case .compare: masks.comparison.map { OwnMaskQuestion(own, .comparison($0)) }
        case .explain: OwnMaskQuestion(own, .explanation)
        case .row, .reach, .kernel, .mixer, .hashing: nil
        }
    }

    /// The part of a scenario that fits no text of so many tokens: a mask of its own size; nil where all of it fits.
    func ownMask(in scenario: Scenario) -> (mask: Scenario, file: FileWindow)? {
        let files = scenario.windows.flatMap(\.fileWindows)
        guard let file = files.first(where: { isOwnSize($0.stack) || headMisfit($0) != nil }) else { return nil }
        return (Scenario(windows: scenario.windows.filter { !$0.fileWindows.isEmpty }), file)
    }

    /// Queries of another text than the keys are never those of the text, nor are those that do not end with it; nor is
    /// what is smaller, unless it is in blocks.
    private func isOwnSize(_ stack: MaskStack) -> Bool {
        if stack.offset == .cross || stack.queries.lowerBound < 0 || stack.queries.upperBound != stack.keys {
            return true
        }
        return tokenCount > 0 && stack.keys < tokenCount && stack.blockAdvice(tokens: tokenCount) == nil
    }

    /// How the model has other layers or heads than the file; nil where it has not, or one is chosen that is not there.
    private func headMisfit(_ file: FileWindow) -> String? {
        guard let shape,
            file.stack.problem(file.chosen, layers: shape.layers, heads: shape.heads) == nil
        else { return nil }
        return file.stack.problem(layers: shape.layers, heads: shape.heads, chosen: file.chosen)
    }

    /// What Enter does with a mask that fits no text, while its path is typed.
    func ownRemark(_ scenario: Scenario) -> String? {
        ownMask(in: scenario).map { say("\($0.file.stack.shapeText): Enter looks at it by itself") }
    }

    /// A rule or a file from the prompt for one.
    mutating func takeRule(_ read: Scenario) {
        guard let (own, file) = ownMask(in: read) else { return takeFiles(of: read) }
        lookByItself(at: own, file)
    }

    /// The pages of masks are about it from now on.
    mutating func lookByItself(at own: Scenario, _ file: FileWindow) {
        masks.own = own
        turn(to: .check)
        let text = tokenCount > 0 ? Figures.count(tokenCount, "token") : say("no tokens yet")
        let why = headMisfit(file) ?? say("\(file.stack.shapeText), the text has \(text)")
        notice = Notice(.information, say("\(file.path): \(why); Check, Compare and Explain look at it by itself"))
    }

    /// How many keys the mask of the pages has.
    var maskTokens: Int {
        masks.own?.windows.flatMap(\.fileWindows).first?.stack.keys ?? max(1, tokenCount)
    }

    mutating func leaveOwnMask() {
        guard masks.own != nil else { return }
        masks.own = nil
        masks.selected = 0
    }

    /// Why a pair that a line tells of is visible or hidden, in the first mask of a file.
    mutating func explain(_ place: MaskPageLine, in own: Scenario) {
        guard let query = place.query, let key = place.key else { return }
        guard let reason = OwnMaskQuestion(own, .check(block: masks.block, masks.claims)).reason(query: query, key: key)
        else { return }
        notice = Notice(
            reason.isVisible ? .information : .warning,
            say(
                "query \(query.grouped), key \(key.grouped) is \(reason.isVisible ? say("visible") : say("hidden")): \(reason.sentence)"
            )
        )
    }
}
