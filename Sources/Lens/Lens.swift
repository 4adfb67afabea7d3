import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// Asks a recording what a head reads, and why.
///
/// With the recording's own scenario the answers are exact; with another one they are a preview: the scenario applied to
/// one layer on the recorded states.
public struct Lens: Sendable {
    /// What is asked.
    public let recording: Recording
    /// What the answers hold under.
    public let scenario: Scenario
    /// What queries see and how pairs are scored under the scenario.
    package let setup: RunSetup
    let workers: Workers
    /// What a selection by states would choose; nil where the run has chosen already or there is none.
    let choices: PreviewChoices?
    /// What a compressed cache gives back; nil without one.
    let compressed: CompressedStates?
    /// The same for reasons, which a run does not record.
    let replay: PreviewChoices?

    /// - Parameter scenario: nil for the recording's own.
    package init(recording: Recording, scenario: Scenario? = nil, threads: Int = 0) {
        let workers = Workers(count: threads)
        let scenario = scenario ?? recording.scenario
        let setup =
            scenario == recording.scenario ? recording.setup : recording.setup.with(scenario)
        self.init(recording: recording, setup: setup, workers: workers)
    }

    /// Asks a recording as it was made.
    /// - Parameters:
    ///   - recording: of the whole text, or a snapshot of a run that goes on.
    ///   - threads: processors to use; 0 for all.
    public init(_ recording: Recording, threads: Int = 0) {
        self.init(recording: recording, setup: recording.setup, workers: Workers(count: threads))
    }

    /// The same recording as if another scenario held.
    /// - Parameter scenario: from `Model.scenario`.
    /// - Returns: a lens whose answers are previews; exact ones where the scenario is the recording's own.
    /// - Throws: why the scenario does not fit the model or the text.
    public func preview(_ scenario: Scenario) throws(ModelError) -> Lens {
        try setup.modelTraits.check(scenario, tokens: max(recording.ids.count, recording.keyIDs.count))
        return Lens(recording: recording, scenario: scenario, threads: workers.count)
    }

    private init(recording: Recording, setup: RunSetup, workers: Workers) {
        self.recording = recording
        scenario = setup.scenario
        self.setup = setup
        self.workers = workers
        // Of given maps there are no states to give back or to choose by.
        let compressed =
            recording.given != nil
            ? nil
            : setup.compression.map { CompressedStates(recording: recording, setup: setup, compression: $0) }
        self.compressed = compressed
        replay =
            setup.stateSelection == nil || recording.given != nil
            ? nil : PreviewChoices(recording: recording, setup: setup, compressed: compressed)
        choices = setup.scenario == recording.scenario ? nil : replay
    }

    /// The same question asked of a later snapshot of the same run.
    package func following(_ recording: Recording) -> Lens {
        Lens(recording: recording, setup: setup, workers: workers)
    }

    /// The same scenario for another kind of attention of the same run.
    package func following(kind recording: Recording) -> Lens {
        Lens(recording: recording, setup: recording.setup.with(scenario), workers: workers)
    }

    /// The same recording under another scenario with the same positions.
    func with(_ scenario: Scenario) -> Lens {
        Lens(recording: recording, setup: setup.with(scenario), workers: workers)
    }

    /// Whether the answers come from a run with the scenario, or from applying it to another one's states.
    public var basis: Provenance.Basis { scenario == recording.scenario ? .exact : .preview }

    /// Whether the run recorded the sum that every row of a layer is divided by: weights below 0 have none.
    func knowsSums(layer: Int) -> Bool { basis == .exact && setup.rules[layer].signed == nil }

    /// Whether weights of a layer may be below 0: then what is shown as a weight is its size as a share of all of the row.
    package func isSigned(layer: Int) -> Bool {
        setup.rules.indices.contains(layer) && setup.rules[layer].signed != nil
    }

    /// Why nothing that comes of a softmax is answered for a layer; nil where its weights do.
    package func signsObstacle(layer: Int) -> String? {
        guard isSigned(layer: layer), let kernel = scenario.kernel else { return nil }
        return say(
            "weights of \(kernel.spec) may be below 0 and come of no softmax: there are no exponentials, and no sums of rows"
        )
    }

    /// Whether the recording leaves out what the scenario leaves out: states without it are only had by a run.
    package var hasWholeModel: Bool {
        guard recording.given == nil else { return mapsObstacle == nil }
        return scenario.ablations == recording.scenario.ablations && hasSlots
    }

    /// Why given maps cannot show the scenario; nil where they can, and for runs.
    package var mapsObstacle: ModelError? {
        recording.given == nil ? nil : setup.modelTraits.obstacleOfMaps(to: scenario, model: say("the text"))
    }

    /// Whether the recording has the slots that the scenario reads: they are made of states that only a run has.
    package var hasSlots: Bool { setup.slotMemory == nil || basis == .exact }

    /// How all of its answers come about.
    package var provenance: Provenance { provenance(sampling: 1) }

    /// The same of one query in so many.
    func provenance(sampling: Int) -> Provenance {
        Provenance(
            basis: basis, sampling: sampling, isRounded: recording.isRounded, isGiven: recording.given != nil)
    }

    var shape: ModelShape { recording.shape }
    func keyValueHead(of head: Int) -> Int { head / shape.groupSize }

    /// Whether the recording has the head and the query; false in layers without softmax attention.
    func has(layer: Int, head: Int, token: Int) -> Bool {
        hasWholeModel && recording.hasAttention(layer: layer) && (0..<shape.layers).contains(layer)
            && (0..<shape.heads).contains(head) && recording.holds(layer: layer, head: head)
            && (0..<recording.tokens).contains(token)
    }

    /// The keys that places let a query see in a head, and of those the ones that a selection by states has chosen, as
    /// far as they are recorded.
    func visibleKeys(_ query: Int, layer: Int, head: Int) -> KeyRanges {
        let placed = setup.visibleKeys(query: query, windows: setup.windows(layer: layer, head: head))
            .intersection(0..<recording.keyTokens)
        guard setup.stateSelection(layer) != nil else { return placed }
        return placed.intersection(chosenKeys(query, layer: layer, head: head) ?? KeyRanges())
    }

    /// What a selection by states lets a query see; nil without one, or where finding out would take too long.
    func chosenKeys(_ query: Int, layer: Int, head: Int) -> KeyRanges? {
        guard let choices else { return recording.chosenKeys(layer: layer, head: head, query: query) }
        return choices.choices(layer: layer, head: head, queries: [query])?.first?.keys
    }

    /// Those of them that count more than once, and how often.
    package func copies(_ query: Int, layer: Int, head: Int) -> [KeyCopies] {
        guard setup.stateSelection(layer) != nil else { return [] }
        guard let choices else { return recording.copies(layer: layer, head: head, query: query) }
        return choices.choices(layer: layer, head: head, queries: [query])?.first?.copies ?? []
    }

    /// What a selection adds to the scores of keys that it has chosen, how often they count among it.
    func added(_ query: Int, layer: Int, head: Int) -> [(keys: Range<Int>, value: Float)] {
        let counted = copies(query, layer: layer, head: head).map(\.logarithm)
        guard setup.stateSelection(layer)?.addsToScores ?? false else { return counted }
        guard let choices else {
            return counted + recording.additions(layer: layer, head: head, query: query).map(\.addend)
        }
        let choice = choices.choices(layer: layer, head: head, queries: [query])?.first
        return counted + (choice?.additions ?? []).map(\.addend)
    }

    /// Where a query stands to keys that a selection has taken to other places; empty where it stands in the text's.
    package func places(_ query: Int, layer: Int, head: Int) -> [PlacedKeys] {
        guard movesKeys(layer: layer), let selection = setup.stateSelection(layer) else { return [] }
        return chosenKeys(query, layer: layer, head: head).map { selection.places(of: $0, query: query) } ?? []
    }

    /// Whether a layer's selection takes keys to other places than the text has them at.
    package func movesKeys(layer: Int) -> Bool {
        setup.stateSelection(layer)?.keyPeriod != nil && setup.positions(layer).folded != nil
    }

    /// What a layer makes of products in a head, with what a selection adds to keys and where it takes them to be.
    func rule(layer: Int, head: Int) -> ScoreRule {
        var rule = setup.rules[layer]
        guard let selection = setup.stateSelection(layer) else { return rule }
        if selection.countsCopies || selection.addsToScores {
            rule.added = ScoreBias(ofKeys: { added($0, layer: layer, head: head) })
        }
        if movesKeys(layer: layer) {
            rule.places = KeyPlaces { _, query in places(query, layer: layer, head: head).map { ($0.keys, $0.place) } }
        }
        return rule
    }

    /// Whether rows of some queries can be shown now: a selection that depends on earlier queries has to be replayed,
    /// which takes too long late in a text, and nothing is left out of states that are there. Then only the exact run knows.
    package func canPreview(_ queries: [Int]) -> Bool {
        guard hasWholeModel else { return false }
        guard let choices, let last = queries.max() else { return true }
        return choices.canAnswer(last)
    }

    /// Where the keys end that a query could see.
    func keyEnd(_ query: Int) -> Int { min(recording.keyEnd(after: query), recording.keyTokens) }

    /// The keys that a selection keeps whatever their score, of those that are visible.
    func fixedKeys(_ query: Int, visible: KeyRanges) -> KeyRanges {
        guard let selection = scenario.selection else { return visible }
        return visible.intersection(selection.fixedKeys(query: query, tokens: setup.keys))
    }

    /// The keys that a compressed cache gives back; none without one.
    func compressedTiles(layer: Int, head: Int) -> [[KeyTile]] {
        compressed?.tiles(layer: layer, keyHead: keyValueHead(of: head)) ?? []
    }

    /// The scores of some queries of a head, of given maps ln of the weights; all with the projections of global tokens or none.
    /// - Parameter rule: what the layer makes of products; nil: its own
    func scoreRows(layer: Int, head: Int, queries: [Int], rule: ScoreRule? = nil) -> ScoreRows {
        if let given = recording.given { return ScoreRows(given, layer: layer, head: head, places: queries) }
        return ScoreRows(
            states: queries.flatMap { recording.query(layer: layer, head: head, token: $0) ?? [] }, places: queries,
            dimension: shape.headDimension, scale: setup.layerTraits[layer].scoreScale,
            positions: setup.positions(layer),
            rule: rule ?? self.rule(layer: layer, head: head), head: head)
    }
}
