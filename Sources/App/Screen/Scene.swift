import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// What the recording answers to the state: everything that the panels on the screen draw, and nothing else.
package struct Scene: Sendable {
    /// Queries that the Mask panel lists as losing most.
    static let worstQueries = 12

    package internal(set) var row: AttentionRow?
    package internal(set) var anchor: Int?
    package internal(set) var map: MapImage?
    package internal(set) var pair: PairScore?
    package internal(set) var maskRow: MaskRow?
    package internal(set) var reason: VisibilityReason?
    package internal(set) var survey: MaskSurvey?
    /// What the map shows of masks.
    package internal(set) var overlay: MapOverlay?
    package internal(set) var scores: [HeadScore] = []
    package internal(set) var thumbnails: [MapImage] = []
    /// Position methods side by side: those that are compared, and all of the catalogue.
    package internal(set) var methods: [EncodedMethod] = []
    package internal(set) var catalogue: [EncodedMethod] = []
    /// Effective distances in the window of the map.
    package internal(set) var distances: MapImage?
    /// The pair of cursor and anchor as the second model reads it.
    package internal(set) var beside: RotationView.Beside?
    package internal(set) var profiles: [DistanceProfileView.Line] = []
    /// What the model lost on the token after the cursor, nats; nil in a preview, which no run has measured.
    package internal(set) var loss: Float?
    /// What a layer without rotation has in its place; nil where it rotates.
    package internal(set) var positions: PositionContent?
    /// What an encoder's language head reads at the cursor; nil without a head, and until it is known.
    package internal(set) var reading: Prediction?
    /// The colours of the screen; nil where they have not been chosen yet.
    var look: Look?
    /// Whether answers are still missing that take longer than a frame has time for.
    package internal(set) var isUnsettled = false
    /// How long the answers took.
    package internal(set) var microseconds = 0

    package init() {}
}

/// Asks the recording what the screen shows and keeps the answers.
package struct SceneBuilder: Sendable {
    /// Everything that decides an answer about one query in one head.
    fileprivate struct Place: Equatable, Sendable {
        let basis: String
        let layer: Int
        let head: Int
        let query: Int
        var key = 0
    }

    /// Answers over all queries: they change as the recording grows, and are asked again when it has doubled.
    fileprivate struct Whole: Equatable, Sendable {
        let basis: String
        let stage: Int
        var layer = 0
        var head = 0
        var side = 0
    }

    fileprivate struct Colours: Equatable, Sendable {
        let depth: ColourDepth
        let map: ColourMap
    }

    fileprivate struct Window: Equatable, Sendable {
        let basis: String
        let request: MapRequest
        /// Recorded tokens, as far as the window reaches.
        let tokens: Int
    }

    /// How long `settle` keeps a key waiting.
    private static let patience = Duration.milliseconds(8)

    private var row = Memo<Place, AttentionRow?>()
    private var map = Memo<Window, MapImage>()
    private var pair = Memo<Place, PairScore?>()
    private var maskRow = Memo<Place, MaskRow?>()
    private var reason = Memo<Place, VisibilityReason?>()
    private var survey = Memo<Whole, MaskSurvey?>()
    private var overlay = Memo<OverlayQuestion, MapOverlay?>()
    private var scores = Memo<Whole, [HeadScore]>()
    private var thumbnails: (question: Whole, images: [MapImage])?
    private var looks = Memo<Colours, Look>()
    private var positions = PositionAnswers()
    private var schemes = Memo<Place, PositionContent?>()
    private var reading = Memo<Place, Prediction?>()

    package init() {}

    /// The answers for the panels that are on the screen.
    ///
    /// - Parameter deferring: Whether the survey of the mask and the small maps wait for `settle`, where they are not
    ///   known yet: a key is answered without them.
    package mutating func scene(of state: AppState, deferring: Bool = false) -> Scene {
        var scene = Scene()
        let clock = ContinuousClock()
        let start = clock.now
        if let lens = state.lens, state.tokenCount > 0 {
            if !deferring { while !settle(state) {} }
            answer(state, lens, &scene)
        }
        positions.answer(state, &scene)
        let colours = Colours(depth: state.depth, map: state.appearance.colourMap)
        scene.look = looks.answer(to: colours) { Look(depth: colours.depth, map: colours.map) }
        scene.microseconds = Int((clock.now - start) / .microseconds(1))
        return scene
    }

    /// Works on what `scene` has deferred, for about a frame's time; true where nothing is missing any more.
    package mutating func settle(_ state: AppState) -> Bool {
        guard let lens = state.lens, state.tokenCount > 0 else { return true }
        let panels = state.layout.panels
        if panels[.mask] != nil {
            let question = surveyQuestion(state, lens)
            _ = survey.answer(to: question) {
                lens.maskSurvey(layer: state.focus.layer, head: state.focus.head, limit: Scene.worstQueries)
            }
        }
        if let question = readingQuestion(state, lens) {
            _ = reading.answer(to: question) {
                state.sources.model.value?.prediction(after: question.query, in: lens.recording, count: 1)
            }
        }
        if let question = overlayQuestion(state, lens) {
            _ = overlay.answer(to: question) { question.overlay(lens) }
        }
        guard positions.settle(state, lens) else { return false }
        guard let rect = panels[.heads] else { return true }
        return addThumbnails(lens, to: thumbnailQuestion(lens, rect: rect))
    }

    /// Some more of the small maps; true where there are all of them.
    private mutating func addThumbnails(_ lens: Lens, to question: Whole) -> Bool {
        let shape = lens.recording.shape
        let count = shape.layers * shape.heads
        var images = thumbnails.flatMap { $0.question == question ? $0.images : nil } ?? []
        let clock = ContinuousClock()
        let end = clock.now + Self.patience
        while images.count < count, clock.now < end {
            let index = images.count
            images.append(
                lens.thumbnail(
                    layer: index / shape.heads, head: index % shape.heads, side: question.side, pooling: .mean))
        }
        thumbnails = (question, images)
        return images.count >= count
    }

    private mutating func answer(_ state: AppState, _ lens: Lens, _ scene: inout Scene) {
        let panels = state.layout.panels
        let basis = Self.basis(of: lens)
        var place = Place(basis: basis, layer: state.focus.layer, head: state.focus.head, query: state.focus.cursor)
        if state.focus.cursor < lens.recording.tokens {
            scene.row = row.answer(to: place) {
                lens.row(layer: place.layer, head: place.head, query: place.query)
            }
            scene.anchor = state.anchorToken(row: scene.row)
            place.key = scene.anchor ?? 0
            answerAboutCursor(state, lens, place, &scene)
        } else {
            scene.anchor = state.anchorToken(row: nil)
        }
        if panels[.rotation] != nil {
            place.key = scene.anchor ?? -1
            scene.positions = schemes.answer(to: place) {
                PositionAnswer(state: state, lens: lens, anchor: scene.anchor).content
            }
        }
        if let question = readingQuestion(state, lens) {
            let known = reading.known(question)
            scene.reading = known ?? nil
            if known == nil { scene.isUnsettled = true }
        }
        if panels[.map] != nil { scene.map = answerMap(state.mapRequest, lens, basis: basis) }
        if let question = overlayQuestion(state, lens) {
            let known = overlay.known(question)
            scene.overlay = known ?? nil
            if known == nil { scene.isUnsettled = true }
        }
        if panels[.mask] != nil {
            let known = survey.known(surveyQuestion(state, lens))
            scene.survey = known ?? nil
            if known == nil { scene.isUnsettled = true }
        }
        if let rect = panels[.heads] { answerHeads(lens, rect: rect, &scene) }
    }

    private mutating func answerAboutCursor(_ state: AppState, _ lens: Lens, _ place: Place, _ scene: inout Scene) {
        let panels = state.layout.panels
        let anchor = scene.anchor
        let weights = scene.row?.weights ?? []
        if panels[.rotation] != nil, let anchor, anchor < lens.recording.keyEnd(after: place.query) {
            scene.pair = pair.answer(to: place) {
                lens.pair(
                    layer: place.layer, head: place.head, query: place.query, key: anchor,
                    weight: weights.indices.contains(anchor) ? weights[anchor] : 0)
            }
        }
        if panels[.mask] != nil || !lens.setup.isDense(layer: place.layer, head: place.head) {
            scene.maskRow = maskRow.answer(to: Place(place, key: 0)) {
                lens.maskRow(layer: place.layer, head: place.head, query: place.query)
            }
        }
        if panels[.mask] != nil, let anchor {
            scene.reason = reason.answer(to: place) {
                lens.reason(layer: place.layer, head: place.head, query: place.query, key: anchor)
            }
        }
        if panels[.text] != nil, lens.basis == .exact, let (chunk, row) = lens.recording.place(of: place.query) {
            scene.loss = chunk.negativeLogLikelihood[row]
        }
    }

    private mutating func answerMap(_ request: MapRequest, _ lens: Lens, basis: String) -> MapImage {
        let end = request.firstQuery + request.rows * request.cell
        let window = Window(basis: basis, request: request, tokens: min(lens.recording.tokens, end))
        return map.answer(to: window) { lens.map(request) }
    }

    private mutating func answerHeads(_ lens: Lens, rect: Rect, _ scene: inout Scene) {
        // Scores are measured on the way, so that they are the run's, whatever is previewed on it.
        let run = Whole(basis: "\(lens.recording.run) \(lens.recording.kind)", stage: Self.stage(of: lens))
        scene.scores = scores.answer(to: run) { lens.headScores() }
        let question = thumbnailQuestion(lens, rect: rect)
        scene.thumbnails = thumbnails.flatMap { $0.question == question ? $0.images : nil } ?? []
        if scene.thumbnails.count < scene.scores.count { scene.isUnsettled = true }
    }

    /// The word that an encoder's head reads costs a product with the whole vocabulary; nil where nobody asks for it.
    private func readingQuestion(_ state: AppState, _ lens: Lens) -> Place? {
        guard state.layout.panels[.text] != nil, lens.recording.kind == .encoder, state.kinds.count == 1,
            state.sources.model.value?.hasHead == true, state.focus.cursor < lens.recording.tokens
        else { return nil }
        return Place(basis: Self.basis(of: lens), layer: 0, head: 0, query: state.focus.cursor)
    }

    private func overlayQuestion(_ state: AppState, _ lens: Lens) -> OverlayQuestion? {
        guard state.layout.panels[.map] != nil, state.masks.mapLayer != .none else { return nil }
        let other = state.masks.mapLayer == .difference ? state.masks.comparison : nil
        return OverlayQuestion(
            basis: Self.basis(of: lens), request: state.mapRequest, other: other, tokens: lens.setup.keys)
    }

    private func surveyQuestion(_ state: AppState, _ lens: Lens) -> Whole {
        Whole(
            basis: Self.basis(of: lens), stage: Self.stage(of: lens), layer: state.focus.layer, head: state.focus.head)
    }

    private func thumbnailQuestion(_ lens: Lens, rect: Rect) -> Whole {
        let shape = lens.recording.shape
        let side = HeadsView.thumbnailSide(in: rect.inset(), layers: shape.layers, heads: shape.heads)
        return Whole(basis: Self.basis(of: lens), stage: Self.stage(of: lens), side: side)
    }

    /// Names what an answer stands on: the scenario, and whether it is exact.
    private static func basis(of lens: Lens) -> String {
        lens.basis.rawValue + " " + lens.recording.kind.rawValue + " "
            + lens.scenario.identities.joined(separator: " ")
    }

    /// Grows when the recording has doubled, and once more when it is complete.
    private static func stage(of lens: Lens) -> Int {
        lens.recording.isComplete ? .max : Int.bitWidth - lens.recording.tokens.leadingZeroBitCount
    }
}

extension SceneBuilder.Place {
    fileprivate init(_ place: SceneBuilder.Place, key: Int) {
        self = place
        self.key = key
    }
}
