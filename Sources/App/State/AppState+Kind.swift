import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

extension AppState {
    /// The kinds of attention that the model has, the main one first.
    var kinds: [AttentionKind] { model.value?.kinds ?? [] }

    /// The sizes of the stack on the screen; nil without a model.
    var shape: ModelShape? { model.value?.traits.shape(kind) }

    /// Whether a decoder reads the text behind a start token of its own.
    private var hasOwnDecoderText: Bool { kinds.count > 1 }

    /// The tokens that the cursor moves over: of a decoder beside an encoder those behind its start token.
    var queryDocument: Document? {
        kind != .encoder && hasOwnDecoderText ? decoderDocument.value : document.value
    }

    /// The tokens that are read: across those of the encoder.
    var keyDocument: Document? { kind == .decoder ? queryDocument : document.value }

    /// The tokens that the text is painted by, also those behind the last one that is read.
    var paintedDocument: Document? {
        kind == .decoder && hasOwnDecoderText ? decoderDocument.value : whole.value ?? document.value
    }

    /// Tokens of a text by which the queries lie behind the keys.
    private var shift: Int { kind == .cross ? 1 : 0 }

    /// The key at the place of the text that a query has.
    func keyPlace(ofQuery query: Int) -> Int { max(0, query - shift) }

    /// The query at the place of the text that a key has.
    func queryPlace(ofKey key: Int) -> Int { min(max(0, tokenCount - 1), key + shift) }

    /// The cells inside the borders of the text's panel that hold the text: across, one row is the decoder's.
    func textContent(of panel: Rect) -> Rect {
        let inner = panel.inset()
        guard kind == .cross, inner.height > 2 else { return inner }
        return Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: inner.height - 1)
    }

    mutating func showNextKind() {
        guard let index = kinds.firstIndex(of: kind), kinds.count > 1 else {
            notice = Notice(.information, "\(model.value?.name ?? "the model") has one kind of attention: \(kind.name)")
            return
        }
        show(kinds[(index + 1) % kinds.count])
    }

    /// Takes another kind of attention; the cursor stays at its place of the text.
    mutating func show(_ kind: AttentionKind) {
        guard kinds.contains(kind), kind != self.kind else { return }
        let byte = cursor > 0 ? cursorByte : nil
        self.kind = kind
        anchor = .strongest(rank: 0)
        lists.head = nil
        lists.loss = 0
        lists.firstPosition = 0
        if let shape {
            layer = min(layer, max(0, shape.layers - 1))
            head = min(head, max(0, shape.heads - 1))
        }
        followRuns()
        if let byte, let document = queryDocument {
            cursor = min(max(0, tokenCount - 1), document.nearestToken(toByte: byte))
        }
        revealCursor()
    }

    mutating func toggleExperts() {
        guard model.value?.traits.experts != nil else {
            notice = Notice(.information, "\(model.value?.name ?? "the model") is no mixture of experts")
            return
        }
        appearance.showsExperts.toggle()
        revealCursor()
    }

    /// Looks at the recordings of the kind and the scenario that are chosen.
    mutating func followRuns() { lenses.follow(recordings, kind: kind, scenario: scenario) }

    /// Why the model cannot run under a scenario; nil where it can.
    func problem(in scenario: Scenario) -> String? {
        guard let model = model.value else { return nil }
        do {
            try model.check(scenario, tokens: tokenCount)
            return nil
        } catch {
            return error.description
        }
    }

    /// What of the model decides which methods the menu offers.
    var menuReader: MethodMenu.Reader {
        var reader = MethodMenu.Reader()
        reader.isCausal = kind.isCausal
        if let model = model.value, !model.traits.isRotary {
            reader.positionObstacle =
                "changes rotary angles, and \(model.name) has \(model.traits.scheme.title)"
        }
        return reader
    }

    /// Takes back what was asked for before the model was known.
    mutating func refuseWhatTheModelCannot() {
        guard let problem = problem(in: scenario) else { return }
        notice = Notice(.warning, problem)
        scenario = ownScenario
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
    var name: String { self == .cross ? "cross" : rawValue }
}

extension Recordings {
    /// Nil before anything is recorded.
    package var scenario: Scenario? { main?.scenario }
}
