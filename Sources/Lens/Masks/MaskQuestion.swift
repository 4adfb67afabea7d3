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

    /// All heads are looked at; densities and blocks are those of the head on the screen.
    private func check(block: Int) throws(MethodError) -> MaskCheck {
        let mask = try setup.mask(layer: layer, head: head)
        let heads = try HeadMaskGroups(setup)
        return MaskCheck(
            tokens: mask.tokens, findings: try faults(heads), density: mask.density,
            causalDensity: mask.causalDensity, block: block, tiles: try? MaskTiles(mask, side: block),
            groups: groups(heads), remark: remark)
    }

    /// What is wrong in some head; heads that have the same fault together.
    private func faults(_ heads: HeadMaskGroups) throws(MethodError) -> [MaskCheck.Fault] {
        var order: [Finding] = []
        var places: [[HeadPlace]] = []
        for group in heads.groups {
            for finding in try findings(heads.mask(group), group.places[0]) {
                if let index = order.firstIndex(of: finding) {
                    places[index] += group.places
                } else {
                    order.append(finding)
                    places.append(group.places)
                }
            }
        }
        // Who reads documents knows nothing of the others, as the command has it.
        let hasDocuments = heads.groups.flatMap(\.windows).contains { $0 is DocumentMask || !$0.fileWindows.isEmpty }
        let lost = MaskLint.unreachableTokens(try setup.layerMasks(), ownDocument: hasDocuments).map {
            MaskCheck.Fault($0)
        }
        let own = zip(order, places).map { finding, places in
            let isHere = places.contains { $0.item == 0 && $0.layer == layer && $0.head == head }
            return MaskCheck.Fault(finding, heads: heads.name(places), place: isHere ? nil : places[0])
        }
        return own + (lost.map { [$0] } ?? [])
    }

    private func findings(_ mask: Mask, _ place: HeadPlace) throws(MethodError) -> [Finding] {
        var expectation = mask.expectation
        if !mask.isCausal { expectation.isCausal = false }
        let leaks = try MaskLint.leaks(before: mask, windows: setup.scenario.windows(in: place))
        return MaskLint.findings(in: mask, expecting: expectation) + (leaks.map { [$0] } ?? [])
    }

    /// What selections hide is not in a mask of places.
    private var remark: String? {
        let selection = setup.scenario.selection?.spec ?? setup.scenario.stateSelection?.spec
        return selection.map { "\($0) chooses among these keys by what they hold; that is not counted here" }
    }

    /// Heads that see the same, in the order of their first one.
    private func groups(_ heads: HeadMaskGroups) -> [MaskCheck.Group] {
        heads.groups.map { group in
            let specs = group.windows.map(\.spec).joined(separator: " and ")
            let first = heads.groups.count > 1 ? ", " + heads.name(group.places) : ""
            let isShown = group.places.contains { $0.item == 0 && $0.layer == layer && $0.head == head }
            return MaskCheck.Group(
                title: (specs.isEmpty ? "all that there is" : specs) + first, heads: group.places.count,
                isShown: isShown)
        }
    }

    private func comparison(_ other: Scenario) throws(MethodError) -> MaskComparison {
        if let problem = other.scopeProblem(layers: setup.layers, heads: setup.heads) { throw .unfit(problem) }
        let difference = try MaskDiff(
            setup.mask(layer: layer, head: head), setup.mask(layer: layer, head: head, scenario: other))
        return MaskComparison(
            name: setup.scenario.line, other: other.line, difference: difference,
            head: "L\(layer) H\(head)", elsewhere: try differences(from: other))
    }

    /// How many pairs differ in the other heads, those that have the same two masks together.
    private func differences(from other: Scenario) throws(MethodError) -> [MaskComparison.Part] {
        let (heads, others) = (try HeadMaskGroups(setup), try HeadMaskGroups(setup, scenario: other))
        var parts: [MaskComparison.Part] = []
        for group in heads.groups {
            for theirs in others.groups {
                let known = Set(theirs.places)
                let common = group.places.filter { known.contains($0) && !($0.layer == layer && $0.head == head) }
                guard let first = common.first else { continue }
                let count = try MaskDiff(heads.mask(group), others.mask(theirs)).count
                if count > 0 {
                    parts.append(MaskComparison.Part(heads: heads.name(common), count: count, place: first))
                }
            }
        }
        return parts
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
