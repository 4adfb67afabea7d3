import RopewalkMethods
import RopewalkModels

/// What is asked about the whole mask of a head: its faults, how another mask differs, what can be reached through it.
package struct MaskQuestion: Equatable, Sendable {
    package enum Subject: Equatable, Sendable {
        case check(block: Int)
        case comparison(Scenario)
        case reach(query: Int, key: Int)

        /// Whether the other heads see the same of it.
        fileprivate var isOfAllHeads: Bool {
            if case .reach = self { return true }
            return false
        }
    }

    let setup: RunSetup
    let layer: Int
    let head: Int
    let subject: Subject

    package init(setup: RunSetup, layer: Int, head: Int, subject: Subject) {
        self.setup = setup
        self.layer = layer
        self.head = head
        self.subject = subject
    }

    /// Equal where everything is that decides the answer.
    package static func == (a: MaskQuestion, b: MaskQuestion) -> Bool {
        a.subject == b.subject && a.setup.scenario == b.setup.scenario && a.setup.kind == b.setup.kind
            && a.setup.keys == b.setup.keys && (a.subject.isOfAllHeads || a.layer == b.layer && a.head == b.head)
    }

    /// Takes some passes over all rows: seconds for a million tokens.
    package func study() -> MaskStudy {
        do throws(MethodError) {
            guard setup.kind != .cross else {
                return .impossible("cross attention reads another text: its queries and keys are no square mask")
            }
            switch subject {
            case .check(let block): return .check(try check(block: block))
            case .comparison(let other): return .comparison(try comparison(other))
            case .reach(let query, let key): return .reach(try reach(query: query, key: key))
            }
        } catch {
            return .impossible(error.description)
        }
    }

    private func check(block: Int) throws(MethodError) -> MaskCheck {
        let mask = try setup.mask(layer: layer, head: head)
        var expectation = mask.expectation
        if !mask.isCausal { expectation.isCausal = false }
        let layers = try setup.layerMasks()
        let place = HeadPlace(layer: layer, head: head, layers: setup.layers, heads: setup.heads)
        let leaks = try MaskLint.leaks(before: mask, windows: setup.scenario.windows(in: place))
        let findings =
            MaskLint.findings(in: mask, expecting: expectation)
            + [leaks, MaskLint.hiddenSelves(mask), MaskLint.unreachableTokens(layers)].compactMap { $0 }
        return MaskCheck(
            tokens: mask.tokens, findings: findings, density: mask.density, causalDensity: mask.causalDensity,
            block: block, tiles: try? MaskTiles(mask, side: block), groups: groups, remark: remark)
    }

    /// What selections hide is not in a mask of places.
    private var remark: String? {
        let selection = setup.scenario.selection?.spec ?? setup.scenario.stateSelection?.spec
        return selection.map { "\($0) chooses among these keys by what they hold; that is not counted here" }
    }

    /// Heads that see the same, in the order of their first one.
    private var groups: [MaskCheck.Group] {
        var titles: [String] = []
        var names: [String] = []
        var counts: [Int] = []
        var shown = 0
        for layer in 0..<setup.layers {
            for head in 0..<setup.heads {
                let windows = setup.windows(layer: layer, head: head)
                let name = windows.map(\.identity).joined(separator: " ")
                let index = names.firstIndex(of: name) ?? names.count
                if index == names.count {
                    names.append(name)
                    counts.append(0)
                    let specs = windows.map(\.spec).joined(separator: " and ")
                    titles.append("\(specs.isEmpty ? "all that there is" : specs), first in L\(layer) H\(head)")
                }
                counts[index] += 1
                if layer == self.layer, head == self.head { shown = index }
            }
        }
        return titles.indices.map { MaskCheck.Group(title: titles[$0], heads: counts[$0], isShown: $0 == shown) }
    }

    private func comparison(_ other: Scenario) throws(MethodError) -> MaskComparison {
        let difference = try MaskDiff(
            setup.mask(layer: layer, head: head), setup.mask(layer: layer, head: head, scenario: other))
        return MaskComparison(
            name: ScenarioTitle.text(setup.scenario), other: ScenarioTitle.text(other), difference: difference)
    }

    /// Rows that the small table may look at.
    private static let tableRows = 20_000_000

    private func reach(query: Int, key: Int) throws(MethodError) -> MaskReach {
        let reachability = Reachability(try setup.layerMasks())
        let room = Self.tableRows / max(1, setup.layers * setup.keys)
        let count = min(setup.keys, max(2, min(16, room)))
        let tokens = (0..<count).map { count > 1 ? $0 * (setup.keys - 1) / (count - 1) : 0 }
        let columns = tokens.map { reachability.depths(from: $0) }
        return MaskReach(
            query: query, key: key, layers: setup.layers, path: reachability.path(from: key, to: query), tokens: tokens,
            depths: tokens.map { row in columns.map { $0[row] } })
    }
}
