import RopewalkKernels
import RopewalkMethods

/// What all chunks of a run have in common: what queries see and how pairs are scored, layer by layer.
package struct RunSetup: Sendable {
    package let modelTraits: ModelTraits
    package let kind: AttentionKind
    /// Layer by layer, as the text has it.
    package let layerTraits: [LayerTraits]
    package let scenario: Scenario
    package let layers: Int
    package let heads: Int
    /// Tokens of the queries and of the keys.
    package private(set) var queries: Int
    package private(set) var keys: Int
    /// Keys that are no padding; nil for all.
    package let present: KeyRanges?
    /// Whether padding gives nothing in place of reading the text like other tokens.
    package let paddingSeesNothing: Bool
    /// Tokens that see everything and are seen by all, with projections of their own (Longformer).
    package let globals: Set<Int>
    /// The angles of every rotary setting of the model; the last is without any rotation.
    package let positions: [PositionTables]
    /// A rule for every layer.
    package let rules: [ScoreRule]

    /// The angles of a layer.
    package func positions(_ layer: Int) -> PositionTables { positions[layerTraits[layer].rope ?? positions.count - 1] }

    /// The selection by states of some layer, where there is one: what reads all keys at once has no cache to choose from.
    package var stateSelection: (any StateSelection)? {
        layerTraits.indices.lazy.compactMap { stateSelection($0) }.first
    }

    /// The scenario's selection by states, else the layer's own.
    package func stateSelection(_ layer: Int) -> (any StateSelection)? {
        kind == .decoder ? scenario.stateSelection ?? layerTraits[layer].selection : nil
    }

    /// Whether what a layer reads of a token depends on later ones, so that a text is run in one piece.
    package var readsAhead: Bool { layerTraits.indices.contains { stateSelection($0)?.readsAhead ?? false } }

    /// What the scenario leaves out: of layers that read their own text.
    package var ablations: [Ablation] { kind == .cross ? [] : scenario.ablations }

    /// The scenario's compression, where there is a cache.
    package var compression: (any CompressionMethod)? { kind == .decoder ? scenario.compression : nil }

    /// The heads of a layer whose output the scenario leaves out.
    package func headsLeftOut(_ layer: Int) -> [Int] {
        (0..<heads).filter { head in ablations.contains { $0.leavesOut(layer: layer, head: head) } }
    }

    /// Whether a layer's attention adds nothing to the stream.
    func leavesOutAttention(_ layer: Int) -> Bool { ablations.contains { $0.leavesOutAttention(layer) } }

    func leavesOutFeedForward(_ layer: Int) -> Bool { ablations.contains { $0.leavesOutFeedForward(layer) } }

    /// The model's own windows and those of the scenario, as they are in one head.
    package func windows(layer: Int, head: Int) -> [any WindowMethod] {
        let place = HeadPlace(layer: layer, head: head, layers: layers, heads: heads)
        return layerTraits[layer].windows + scenario.windows(in: place)
    }

    /// Where the keys end that a query could see without any window.
    package func keyEnd(after query: Int) -> Int { kind.isCausal ? min(query + 1, keys) : keys }

    /// The keys that places let a query see.
    package func visibleKeys(query: Int, windows: [any WindowMethod]) -> KeyRanges {
        if paddingSeesNothing, let present, !present.contains(query) { return KeyRanges() }
        var visible = KeyRanges(0..<keyEnd(after: query))
        for window in windows { visible = visible.intersection(window.visibleKeys(query: query, tokens: keys)) }
        if let present { visible = visible.intersection(shown(present, to: query)) }
        return visible
    }

    /// The keys that padding does not hide from a query.
    private func shown(_ present: KeyRanges, to query: Int) -> KeyRanges {
        seesItself(query) ? present.union(KeyRanges(query..<query + 1)) : present
    }

    /// Whether a token is padding that reads itself.
    package func seesItself(_ query: Int) -> Bool {
        modelTraits.paddingSeesItself && kind == .encoder && present?.contains(query) == false
    }

    /// Whether nothing but the limit hides a key in some head.
    package func isDense(layer: Int, head: Int) -> Bool {
        present == nil && globals.isEmpty && scenario.selection == nil && stateSelection(layer) == nil
            && windows(layer: layer, head: head).allSatisfy { $0 is Full || kind.isCausal && $0 is Causal }
    }

    /// Whether a layer's attention can be taken as a recurrence: all that is seen of the keys is a sum over those so far.
    package func isRecurrent(layer: Int) -> Bool {
        kind == .decoder && (rules[layer].features != nil || rules[layer].signed != nil) && compression == nil
            && positions(layer).isSimple
            && (0..<heads).allSatisfy { isDense(layer: layer, head: $0) }
    }

    /// The same run under another scenario.
    package func with(_ scenario: Scenario) -> RunSetup {
        let isMoved =
            scenario.position.spec != self.scenario.position.spec
            || scenario.compression?.spec != self.scenario.compression?.spec
            || scenario.kernel?.spec != self.scenario.kernel?.spec
            // Tables that know other places of keys do for a scenario that asks for none.
            || scenario.stateSelection?.keyPeriod.map { $0 != self.scenario.stateSelection?.keyPeriod } ?? false
        let tokens = max(queries, keys)
        return RunSetup(
            modelTraits: modelTraits, kind: kind, layerTraits: layerTraits, scenario: scenario, layers: layers,
            heads: heads,
            queries: queries, keys: keys, present: present, paddingSeesNothing: paddingSeesNothing, globals: globals,
            positions: isMoved
                ? modelTraits.positions(scenario, kind: kind, tokens: tokens) : positions,
            rules: isMoved
                ? modelTraits.rules(scenario, layers: layerTraits, heads: heads, queries: queries, keys: keys) : rules)
    }

    /// The same for a text of another number of tokens, of which its tables have room.
    func sized(queries: Int, keys: Int) -> RunSetup {
        var setup = self
        (setup.queries, setup.keys) = (queries, keys)
        return setup
    }

    /// The encoding of a layer's positions; nil where it turns nothing.
    package func encoding(layer: Int) -> PositionEncoding? {
        layerTraits[layer].rope.map { modelTraits.encoding(scenario, rope: $0, tokens: max(queries, keys)) }
    }

    /// The keys that the model itself lets a query see, without what the scenario hides.
    package func ownKeys(query: Int, layer: Int) -> KeyRanges {
        visibleKeys(query: query, windows: layerTraits[layer].windows)
    }
}

/// What the queries of a chunk see, one plan for all heads and layers that see the same.
struct ChunkPlans {
    private let setup: RunSetup
    private let tokens: Range<Int>
    private var plans: [String: VisibilityPlan] = [:]

    init(_ setup: RunSetup, tokens: Range<Int>) {
        self.setup = setup
        self.tokens = tokens
    }

    /// The plans of a layer, and which one each head has.
    mutating func plans(layer: Int) -> (plans: [VisibilityPlan], planOfHead: [Int]) {
        var keys: [String] = []
        var result: [VisibilityPlan] = []
        var planOfHead: [Int] = []
        for head in 0..<setup.heads {
            let windows = setup.windows(layer: layer, head: head)
            let key = "\(setup.layerTraits[layer].rope ?? -1) " + windows.map(\.identity).joined(separator: " ")
            if let index = keys.firstIndex(of: key) {
                planOfHead.append(index)
                continue
            }
            let plan = plans[key] ?? makePlan(layer: layer, head: head, windows: windows)
            plans[key] = plan
            planOfHead.append(keys.count)
            keys.append(key)
            result.append(plan)
        }
        return (result, planOfHead)
    }

    /// The plans of a layer whose heads have chosen keys, [head][query of the chunk]; equal choices share a plan.
    func plans(
        layer: Int, choices: [[KeyRanges]], workers: Workers
    ) -> (plans: [VisibilityPlan], planOfHead: [Int]) {
        var heads: [Int] = []
        var planOfHead: [Int] = []
        for head in choices.indices {
            if let known = heads.firstIndex(where: { choices[$0] == choices[head] && isSameWindow(layer, $0, head) }) {
                planOfHead.append(known)
            } else {
                planOfHead.append(heads.count)
                heads.append(head)
            }
        }
        let plans = workers.map(heads.count) { index in
            let head = heads[index]
            let windows = setup.windows(layer: layer, head: head)
            let ranges = zip(tokens, choices[head]).map { query, chosen in
                setup.visibleKeys(query: query, windows: windows).intersection(chosen).ranges
            }
            return VisibilityPlan(
                Visibility(ranges: ranges), positions: setup.positions(layer), firstQuery: tokens.lowerBound,
                count: tokens.count)
        }
        return (plans, planOfHead)
    }

    private func isSameWindow(_ layer: Int, _ a: Int, _ b: Int) -> Bool {
        setup.windows(layer: layer, head: a).map(\.identity)
            == setup.windows(layer: layer, head: b).map(\.identity)
    }

    private func makePlan(layer: Int, head: Int, windows: [any WindowMethod]) -> VisibilityPlan {
        VisibilityPlan(
            visibility(layer: layer, head: head, windows: windows), positions: setup.positions(layer),
            firstQuery: tokens.lowerBound, count: tokens.count)
    }

    private func visibility(layer: Int, head: Int, windows: [any WindowMethod]) -> Visibility {
        let limit: Visibility.Limit = setup.kind.isCausal ? .causal : .keys(setup.keys)
        guard !setup.isDense(layer: layer, head: head) else { return Visibility(limit: limit) }
        let ranges = tokens.map { query in
            // Global tokens read with projections of their own, in a pass of their own.
            setup.globals.contains(query) ? KeyRanges() : setup.visibleKeys(query: query, windows: windows)
        }
        let selection = setup.scenario.selection.map { selection in
            Visibility.Selection(
                fixed: zip(tokens, ranges).map { query, visible in
                    visible.intersection(selection.fixedKeys(query: query, tokens: setup.keys)).ranges
                }, count: selection.selectedCount)
        }
        return Visibility(limit: limit, ranges: ranges.map(\.ranges), selection: selection)
    }
}
