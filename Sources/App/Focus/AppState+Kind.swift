import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

extension AppState {
    /// The kinds of attention that the model has, the main one first.
    var kinds: [AttentionKind] { sources.model.value?.kinds ?? [] }

    /// The sizes of the stack on the screen; nil without a model.
    var shape: ModelShape? { sources.model.value?.traits.shape(focus.kind) }

    /// The head that is looked at.
    var head: HeadIndex { HeadIndex(layer: focus.layer, head: focus.head) }

    /// Whether a decoder reads the text behind a start token of its own.
    private var hasOwnDecoderText: Bool { kinds.count > 1 }

    /// The tokens that the cursor moves over: of a decoder beside an encoder those behind its start token.
    var queryDocument: Document? {
        focus.kind != .encoder && hasOwnDecoderText ? sources.decoderDocument.value : sources.document.value
    }

    /// The tokens that are read: across those of the encoder.
    var keyDocument: Document? { focus.kind == .decoder ? queryDocument : sources.document.value }

    /// The tokens that the text is painted by, also those behind the last one that is read.
    var paintedDocument: Document? {
        focus.kind == .decoder && hasOwnDecoderText
            ? sources.decoderDocument.value : sources.whole.value ?? sources.document.value
    }

    /// Tokens of a text by which the queries lie behind the keys.
    private var shift: Int { focus.kind == .cross ? 1 : 0 }

    /// The key at the place of the text that a query has.
    func keyPlace(ofQuery query: Int) -> Int { max(0, query - shift) }

    /// The query at the place of the text that a key has.
    func queryPlace(ofKey key: Int) -> Int { min(max(0, tokenCount - 1), key + shift) }

    /// Tokens of the text that is painted for which it has no bytes.
    var specialEnds: [Int] { paintedDocument?.specialEnds ?? [] }

    /// The cells of the text's panel that hold the text with its margin.
    func textContent(of panel: Rect) -> Rect {
        let inner = pin == nil ? panel.inset() : PanelSplit(texts: panel).inners.first
        return TextFrame(inner, isAcross: focus.kind == .cross, hasSpecial: !specialEnds.isEmpty).text
    }

    /// Takes another kind of attention; the cursor stays at its place of the text.
    mutating func show(_ kind: AttentionKind) {
        guard kinds.contains(kind), kind != focus.kind else { return }
        let byte = focus.cursor > 0 ? cursorByte : nil
        focus.kind = kind
        focus.anchor = .strongest(rank: 0)
        spans = Spans()
        // Heads of another stack are other heads.
        if pin != nil { keepText() }
        heads.selected = nil
        masks.worstQuery = 0
        positions.firstLine = 0
        if let shape {
            focus.layer = min(focus.layer, max(0, shape.layers - 1))
            focus.head = min(focus.head, max(0, shape.heads - 1))
        }
        followRuns()
        if let byte, let document = queryDocument {
            focus.cursor = min(max(0, tokenCount - 1), document.nearestToken(toByte: byte))
        }
        revealCursor()
    }

    /// Looks at the recordings of the kind and the scenario that are chosen.
    mutating func followRuns() {
        runs.lenses.follow(runs.kept, kind: focus.kind, scenario: scenario)
        let (all, kind) = (runs.kept, focus.kind)
        if let kept = pin?.scenario { pin?.lenses.follow(all, kind: kind, scenario: kept) }
        followSecondRuns()
    }

    /// Why the model cannot run under a scenario; nil where it can.
    func problem(in scenario: Scenario) -> String? {
        guard let model = sources.model.value else { return nil }
        do {
            try model.check(bound(scenario), tokens: tokenCount)
            return nil
        } catch {
            return error.description
        }
    }

    /// What of the model decides which methods the menu offers.
    var menuReader: MethodMenu.Reader {
        var reader = MethodMenu.Reader()
        reader.isCausal = focus.kind.isCausal
        reader.trainedWindow = rotaryLayer?.context.trainedWindow ?? shape?.trainedWindow
        if let model = sources.model.value, !model.traits.isRotary {
            reader.positionObstacle =
                say("changes rotary angles, and \(model.name) has \(model.traits.scheme.title)")
        }
        return reader
    }

    /// Takes back what was asked for before the model was known.
    mutating func refuseWhatTheModelCannot() {
        if let (own, file) = ownMask(in: scenario) {
            scenario = ownScenario
            return lookByItself(at: own, file)
        }
        guard problem(in: scenario) != nil else { return }
        let (able, problems) = partOfScenario
        scenario = bound(able)
        let rest = able == ownScenario ? [] : [say("still applied: \(able.specs.joined(separator: " "))")]
        notice = Notice(
            .warning, ([notice?.text].compactMap { $0 } + problems + rest).joined(separator: " · "), isRefusal: true)
    }

    /// The methods that the model can run under, one after the other, and why it cannot under each of the others.
    private var partOfScenario: (able: Scenario, problems: [String]) {
        var able: [any Method] = []
        var problems: [String] = []
        for method in scenario.methods where !(method is RoPE) {
            guard let next = try? Scenario(able + [method]) else { continue }
            if let problem = problem(in: next) { problems.append(problem) } else { able.append(method) }
        }
        return (able.isEmpty ? ownScenario : (try? Scenario(able)) ?? ownScenario, problems)
    }

    /// Tokens that the main stack has read; 0 while an encoder before it still reads.
    func mainTokens(_ run: Recordings) -> Int { kinds.first.flatMap { run[$0]?.tokens } ?? 0 }

    /// Whether every part of the model has read everything.
    func isComplete(_ run: Recordings?) -> Bool {
        guard let run, !kinds.isEmpty else { return false }
        return kinds.allSatisfy { run[$0]?.isComplete == true }
    }
}

extension AttentionKind {
    /// In one word, as it stands in the header.
    var name: String { self == .cross ? say("cross") : rawValue }
}
