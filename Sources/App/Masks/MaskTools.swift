import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// What the user does with masks besides choosing them.
package struct MaskTools: Equatable, Sendable {
    /// What the map shows of masks.
    package enum MapLayer: CaseIterable, Hashable, Sendable { case none, mask, difference }

    package var page = MaskPage.row
    /// Side of the blocks that are counted.
    package var block = 128
    /// What the scenario's mask is compared with.
    package var comparison: Scenario?
    package var mapLayer = MapLayer.none
    /// Which of the page's places is chosen.
    package var selected = 0
    /// Which of the queries that lose most is chosen.
    package var worstQuery = 0
    /// The last answer.
    var answer: Answer?
    /// The pair that the page about reach is about.
    var reach: Reach?
    /// The question that is being worked on.
    var asked: MaskQuestion?
    /// The scenarios whose files are watched.
    var watched: [Scenario] = []

    /// What a page found out.
    struct Answer: Equatable, Sendable {
        let question: MaskQuestion
        let study: MaskStudy
    }

    /// The key that is looked at, and from where.
    struct Reach: Equatable, Sendable {
        let sight: Sight
        let key: Int?
    }

    static let blocks = [16, 32, 64, 128, 256, 512, 1024, 2048]
}

/// What a page of the Mask panel asks about the whole mask of a head.
package struct MaskQuestion: Equatable, Sendable {
    package enum Subject: Sendable {
        case check(block: Int)
        case comparison(Scenario)
        case reach(query: Int, key: Int)
    }

    let setup: RunSetup
    let layer: Int
    let head: Int
    let subject: Subject

    /// Names everything that decides the answer.
    var name: String {
        let basis = setup.scenario.identities.joined(separator: " ") + " \(setup.kind) \(setup.keys)"
        switch subject {
        case .check(let block): return "check \(layer) \(head) \(block) \(basis)"
        case .comparison(let other):
            return "compare \(layer) \(head) \(other.identities.joined(separator: " ")) with \(basis)"
        case .reach(let query, let key): return "reach \(query) \(key) \(basis)"
        }
    }

    package static func == (a: MaskQuestion, b: MaskQuestion) -> Bool { a.name == b.name }

    /// Takes some passes over all rows: seconds for a million tokens.
    func study() -> MaskStudy {
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
        let findings =
            MaskLint.findings(in: mask, expecting: expectation)
            + [MaskLint.hiddenSelves(mask), MaskLint.unreachableTokens(layers)].compactMap { $0 }
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
