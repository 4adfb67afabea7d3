import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The page Mixer of the Mask panel: what a layer has in place of attention.
struct MixerPart {
    private let traits: MixerTraits?
    private let unit: Int?
    private let basis: Basis?
    private let stage: RecordingStage?
    private let size: MixerStateSize?
    private let focus: Focus
    private let sight: Sight
    private let tokens: Int
    /// Tokens on a side of a cell of the map, where it does not show the whole text.
    private let cell: Int?
    private let keys: Document?

    /// Cells of a side of the maps.
    private static let side = 40

    init(_ state: AppState) {
        traits = state.mixer
        unit = state.mixerUnit
        let isMixer = state.mixer != nil
        basis = isMixer ? state.lens.map { Basis($0) } : nil
        stage = isMixer ? state.lens.map { RecordingStage($0.recording) } : nil
        size = isMixer ? state.lens?.mixerStateSize(layer: state.focus.layer) : nil
        focus = state.focus
        sight = state.sight
        tokens = state.lens?.recording.tokens ?? 0
        cell = state.map.cell
        keys = state.keyDocument
    }

    /// The part of the map that is on the screen: the whole text, or about the cursor where the map is zoomed in.
    private func request(_ matrix: MixerMatrix, _ traits: MixerTraits) -> MixerRequest {
        let whole = max(1, (tokens + Self.side - 1) / Self.side)
        let cell = min(cell ?? whole, whole)
        let count = min(Self.side, (tokens + cell - 1) / max(1, cell))
        let last = max(0, (tokens + cell - 1) / cell - count)
        let first = min(last, max(0, focus.cursor / cell - count * 3 / 4)) * cell
        return MixerRequest(
            layer: focus.layer, units: unit.map { $0..<$0 + 1 } ?? 0..<traits.units, matrix: matrix,
            firstQuery: first, firstKey: first, cell: cell, rows: count, columns: count)
    }

    /// What is known by now.
    func view(_ look: Look, asking answers: inout Answers) -> MixerView {
        guard let traits, let basis, let stage, tokens > 0 else { return MixerView(kind: traits?.shown, look: look) }
        let windows = traits.matrices(isMean: unit == nil).compactMap { matrix in
            answers.answer(
                whenKnown: MixerWindowQuestion(basis: basis, stage: stage, request: request(matrix, traits))) ?? nil
        }
        let anchor: Int? = if case .token(let token) = focus.anchor { token } else { nil }
        let isRead = focus.cursor < tokens
        return MixerView(
            kind: traits.shown, layer: focus.layer, unit: unit, windows: windows,
            row: unit.flatMap { unit in
                isRead
                    ? answers.answer(
                        whenKnown: MixerRowQuestion(
                            basis: basis, layer: focus.layer, unit: unit, query: focus.cursor)) ?? nil : nil
            },
            fading: unit.flatMap { unit in
                answers.answer(
                    whenKnown: MixerFadingQuestion(basis: basis, stage: stage, layer: focus.layer, unit: unit)) ?? nil
            }, size: size, cursor: focus.cursor, anchor: anchor,
            name: { [keys] in keys?.shortName(ofToken: $0) ?? "" }, look: look)
    }

    /// Which mixer it is, for the border.
    var facts: [String] {
        guard let traits else { return [] }
        let name = traits.shown.name(of: unit)
        return ["\(traits.kind.title), \(name)", name]
    }
}

/// What the text is painted by where a layer has a state: |α| of the cursor's row as shares of it.
struct MixerPaint: Sendable {
    private let question: MixerSharesQuestion?
    private let name: String

    /// Numbers of a row, all channels together, that are worked out for a picture.
    private static let most = 60_000_000

    /// Nil where the layer has attention.
    init?(_ state: AppState) {
        guard let traits = state.mixer, let lens = state.lens else { return nil }
        let units = state.mixerUnit.map { $0..<$0 + 1 } ?? 0..<traits.units
        let query = state.focus.cursor
        let isAsked = query < lens.recording.tokens && units.count * traits.states * (query + 1) <= Self.most
        question =
            isAsked
            ? MixerSharesQuestion(basis: Basis(lens), layer: state.focus.layer, units: units, query: query) : nil
        name = traits.shown.name(of: state.mixerUnit)
    }

    func paint(_ scale: Scale.Kind, _ answers: inout Answers) -> TextPaint {
        let values = question.flatMap { answers.answer(whenKnown: $0) } ?? []
        return TextPaint(
            .row, values: values, scale: Scale(kind: scale, weights: values), heads: name,
            part: [say("|α| as shares of its row"), say("|α|")])
    }
}

extension MixerTraits {
    fileprivate var shown: MixerView.Kind {
        MixerView.Kind(title: kind.title, units: units, hasHeads: hasHeads, hasShares: kind == .rwkv)
    }

    /// What is drawn, in this order; of the mean of many units not the shares of rows, which take every pair of each.
    fileprivate func matrices(isMean: Bool) -> [MixerMatrix] {
        switch kind {
        case .mamba: isMean ? [.map] : [.map, .shares]
        case .mamba2: isMean ? [.fading, .products, .map] : [.fading, .products, .map, .shares]
        case .rwkv: [.fading, .map]
        }
    }
}
