import RopewalkMethods
import RopewalkViews

/// What is done with masks besides choosing methods.
package enum MaskAction: Hashable, Sendable {
    /// Says which rule or score lets the cursor see the anchor, or hides it.
    case why
    /// Pages of the Mask panel on or back.
    case turn(Int)
    case page(MaskPage)
    /// The next size of the blocks that are counted, or a certain one.
    case blocks(Choice<Int>)
    /// Masks of the scenario's file on or back: of an axis, or through all of them.
    case plane(MaskStack.Axis?, Int)
    case promptForRule
    /// A rule or a file in place of those that the scenario has.
    case rule(String)
    case promptForComparison
    /// Methods to compare the mask with.
    case compare(String)
    /// What the page Check holds the mask to; empty for what its methods promise.
    case expect(String)
    case promptForClaims
    /// Lines of the page down or up.
    case select(Int)
    /// Stretches of the cursor's keys down or up; of other pages their lines.
    case stretches(Int)
    /// To the place that the selected line tells of.
    case go
    /// A line by its number, and to its place.
    case pick(Int)
    /// Channels or heads of a layer's state on or back.
    case unit(Int)
    /// Draws the random features of the scenario's kernel anew.
    case redraw
}

extension MaskAction: ActionConcern {
    private static let rule = ActionParameter.text("RULE", example: "q - k < 256 || k < 4")
    private static let specs = ActionParameter.text("SPECS", example: "lambda:sink=4,window=512")

    private static let claims = ActionParameter.text("CLAIMS", example: "window=16,padding=left:10")

    private static let blocks = ActionParameter<Choice<Int>>(
        title: "next | " + MaskTools.blocks.map { String($0) }.joined(separator: " | "), example: .next,
        read: { text in
            if text == "next" { return .next }
            return Int(text).flatMap { MaskTools.blocks.contains($0) ? .one($0) : nil }
        },
        write: { choice in
            switch choice {
            case .next: "next"
            case .one(let side): String(side)
            }
        }, values: ["next"] + MaskTools.blocks.map { String($0) }, isOpen: false)

    static let forms: [ActionForm] = [
        ActionForm("why", "why the cursor sees the anchor, or does not", .masks(.why)),
        ActionForm("mask.turn", .steps, "Mask: the next page, or one before") { .masks(.turn($0)) },
        ActionForm("mask.page", ActionParameter<MaskPage>.name, "Mask: a page") { .masks(.page($0)) },
        ActionForm("mask.blocks", blocks, "Mask: the size of the blocks that are counted") { .masks(.blocks($0)) },
        ActionForm("mask.select", .steps, "Mask: lines down or up") { .masks(.select($0)) },
        ActionForm(
            "mask.stretches", .steps, "Mask: stretches of the cursor's keys down or up; of other pages their lines"
        ) {
            .masks(.stretches($0))
        },
        ActionForm("mask.go", "Mask: to the place of the selected line", .masks(.go)),
        ActionForm("mask.pick", .index("LINE"), "Mask: to the place of a line, counted from 0") { .masks(.pick($0)) },
        ActionForm("mixer.unit", .steps, "Mask, page Mixer: channels or heads on or back; before the first is the mean")
        {
            .masks(.unit($0))
        },
        ActionForm("redraw", "Mask: draws the random features of a kernel anew", .masks(.redraw)),
        ActionForm("mask.next", .steps, "the next mask of the file, or one before, for all heads") {
            .masks(.plane(nil, $0))
        },
        ActionForm("mask.item", .steps, "the file's next item of a batch, or one before") {
            .masks(.plane(.batch, $0))
        },
        ActionForm("mask.layer", .steps, "the masks of the file's next layer, or one before, for all layers") {
            .masks(.plane(.layers, $0))
        },
        ActionForm("mask.head", .steps, "the mask of the file's next head, or one before, for all heads") {
            .masks(.plane(.heads, $0))
        },
        ActionForm("rule", rule, "a mask: a rule over q, k, n, layer, head, or file:PATH") { .masks(.rule($0)) },
        ActionForm("rule.prompt", "asks for a rule, which is shown while it is typed", .masks(.promptForRule)),
        ActionForm("compare", specs, "compares the mask with that of other methods") { .masks(.compare($0)) },
        ActionForm("expect", claims, "Mask: what Check holds the mask to, as mask --expect takes it") {
            .masks(.expect($0))
        },
        ActionForm("expect.prompt", "asks what the mask should be", .masks(.promptForClaims)),
        ActionForm("compare.prompt", "asks what to compare with", .masks(.promptForComparison)),
    ]

    private static let planeNames: [MaskStack.Axis?: String] = [
        .batch: "mask.item", .layers: "mask.layer", .heads: "mask.head",
    ]

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .why: "why"
        case .turn(let count): "mask.turn " + steps.write(count)
        case .page(let page): "mask.page " + ActionParameter.name.write(page)
        case .blocks(let side): "mask.blocks " + Self.blocks.write(side)
        case .select(let count): "mask.select " + steps.write(count)
        case .stretches(let count): "mask.stretches " + steps.write(count)
        case .go: "mask.go"
        case .pick(let line): "mask.pick \(line)"
        case .unit(let count): "mixer.unit " + steps.write(count)
        case .redraw: "redraw"
        case .plane(let axis, let count): Self.planeNames[axis, default: "mask.next"] + " " + steps.write(count)
        case .rule(let text): "rule " + Self.rule.write(text)
        case .promptForRule: "rule.prompt"
        case .compare(let text): "compare " + Self.specs.write(text)
        case .promptForComparison: "compare.prompt"
        case .expect(let text): "expect " + Self.claims.write(text)
        case .promptForClaims: "expect.prompt"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .why: state.readingObstacle ?? state.unpreviewed
        case .turn, .page, .blocks, .promptForRule, .promptForComparison, .promptForClaims, .select, .stretches: nil
        case .unit: state.mixerObstacle
        case .redraw: state.redrawObstacle
        case .plane where state.masks.page == .mixer: state.mixerObstacle
        case .plane(let axis, _): state.planeObstacle(axis)
        case .rule(let text): state.problem(in: text, for: .rule(before: state.scenario))
        case .compare(let text): state.problem(in: text, for: .comparison)
        case .expect(let text): state.problem(in: text, for: .claims)
        case .go, .pick: state.masks.own == nil ? state.readingObstacle : nil
        }
    }
}

extension AppState {
    mutating func perform(_ action: MaskAction) -> [Effect] {
        switch action {
        case .why: return [.find(.reason)]
        case .turn(let steps): turn(to: page(after: steps))
        case .page(let page): turn(to: page)
        case .blocks(let side): countBlocks(side)
        case .promptForRule: overlay = .prompt(Prompt(purpose: .rule(before: scenario), text: ruleText))
        case .promptForComparison: overlay = .prompt(Prompt(purpose: .comparison))
        case .promptForClaims: overlay = .prompt(Prompt(purpose: .claims, text: masks.claims.text))
        case .expect(let text): return enter(text, for: .claims)
        case .rule(let text): return enter(text, for: .rule(before: scenario))
        case .compare(let text): return enter(text, for: .comparison)
        case .unit(let steps): stepMixerUnit(steps)
        case .plane(nil, let steps) where masks.page == .mixer: stepMixerUnit(steps)
        case .plane(let axis, let steps): return stepPlane(axis, by: steps)
        case .select(let steps): selectMaskLine(steps)
        case .stretches(let steps) where masks.page == .row: return [.find(.stretches(steps))]
        case .stretches(let steps): selectMaskLine(steps)
        case .go: return goToMaskLine()
        case .pick(let line): return pickMaskLine(line)
        case .redraw: return redraw()
        }
        return []
    }

    /// The pages that there are: one that is open stays.
    var maskPages: [MaskPage] {
        MaskPage.pages(
            withKernel: scenario.kernel != nil || masks.page == .kernel,
            withMixer: hasMixers || masks.page == .mixer, withHashing: hashing != nil || masks.page == .hashing)
    }

    private func page(after steps: Int) -> MaskPage {
        let pages = maskPages
        let index = (pages.firstIndex(of: masks.page) ?? 0) + steps
        return pages[(index % pages.count + pages.count) % pages.count]
    }

    mutating func turn(to page: MaskPage) {
        masks.page = page
        masks.selected = 0
        reveal(.mask)
    }

    /// Blocks are counted on the page Check: where it is not to be seen, the next size is that of now.
    private mutating func countBlocks(_ side: Choice<Int>) {
        let isShown = masks.page == .check && layout.panels[.mask] != nil
        if !isShown { turn(to: .check) }
        switch side {
        case .next where !isShown: break
        case .next: masks.block = MaskTools.blocks.first { $0 > masks.block } ?? MaskTools.blocks[0]
        case .one(let side): masks.block = side
        }
    }
}
