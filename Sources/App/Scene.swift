import CellGrid
import Lens
import Methods
import Views

/// What the recording answers to the state: everything that the panels on the screen draw, and nothing else.
public struct Scene: Sendable {
    /// Queries that the Mask panel lists as losing most.
    static let worstQueries = 12

    public internal(set) var row: AttentionRow?
    public internal(set) var anchor: Int?
    public internal(set) var map: MapImage?
    public internal(set) var pair: PairScore?
    public internal(set) var maskRow: MaskRow?
    public internal(set) var reason: VisibilityReason?
    public internal(set) var survey: MaskSurvey?
    public internal(set) var scores: [HeadScore] = []
    public internal(set) var thumbnails: [MapImage] = []
    public internal(set) var prediction: Prediction?
    /// The colours of the screen; nil where they have not been chosen yet.
    var look: Look?
    /// How long the answers took.
    public internal(set) var microseconds = 0

    public init() {}
}

/// Asks the recording what the screen shows and keeps the answers.
public struct SceneBuilder: Sendable {
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

    private var row = Memo<Place, AttentionRow?>()
    private var map = Memo<Window, MapImage>()
    private var pair = Memo<Place, PairScore?>()
    private var maskRow = Memo<Place, MaskRow?>()
    private var reason = Memo<Place, VisibilityReason?>()
    private var survey = Memo<Whole, MaskSurvey?>()
    private var scores = Memo<Whole, [HeadScore]>()
    private var thumbnails = Memo<Whole, [MapImage]>()
    private var prediction = Memo<Place, Prediction?>()
    private var looks = Memo<Colours, Look>()

    public init() {}

    /// The answers for the panels that are on the screen.
    public mutating func scene(of state: AppState) -> Scene {
        var scene = Scene()
        let clock = ContinuousClock()
        let start = clock.now
        if let lens = state.lens, state.tokenCount > 0 { answer(state, lens, &scene) }
        let colours = Colours(depth: state.depth, map: state.appearance.colourMap)
        scene.look = looks.answer(to: colours) { Look(depth: colours.depth, map: colours.map) }
        scene.microseconds = Int((clock.now - start) / .microseconds(1))
        return scene
    }

    private mutating func answer(_ state: AppState, _ lens: Lens, _ scene: inout Scene) {
        let panels = state.layout.panels
        let basis = Self.basis(of: lens)
        var place = Place(basis: basis, layer: state.layer, head: state.head, query: state.cursor)
        if state.cursor < lens.recording.tokens {
            scene.row = row.answer(to: place) {
                lens.row(layer: place.layer, head: place.head, query: place.query)
            }
            scene.anchor = state.anchorToken(row: scene.row)
            place.key = scene.anchor ?? 0
            answerAboutCursor(state, lens, place, &scene)
        } else {
            scene.anchor = state.anchorToken(row: nil)
        }
        if panels[.map] != nil { scene.map = answerMap(state.mapRequest, lens, basis: basis) }
        if panels[.mask] != nil { scene.survey = answerSurvey(state, lens, basis: basis) }
        if let rect = panels[.heads] { answerHeads(lens, basis: basis, rect: rect, &scene) }
    }

    private mutating func answerAboutCursor(_ state: AppState, _ lens: Lens, _ place: Place, _ scene: inout Scene) {
        let panels = state.layout.panels
        let anchor = scene.anchor
        let weights = scene.row?.weights ?? []
        if panels[.rotation] != nil, let anchor, anchor <= place.query {
            scene.pair = pair.answer(to: place) {
                lens.pair(
                    layer: place.layer, head: place.head, query: place.query, key: anchor,
                    weight: weights.indices.contains(anchor) ? weights[anchor] : 0)
            }
        }
        if panels[.mask] != nil || !lens.scenario.isDense {
            scene.maskRow = maskRow.answer(to: Place(place, key: 0)) {
                lens.maskRow(layer: place.layer, head: place.head, query: place.query)
            }
        }
        if panels[.mask] != nil, let anchor {
            scene.reason = reason.answer(to: place) {
                lens.reason(layer: place.layer, head: place.head, query: place.query, key: anchor)
            }
        }
        if panels[.text] != nil, let model = state.model.value {
            scene.prediction = prediction.answer(to: Place(place, key: 0)) {
                model.prediction(after: place.query, in: lens.recording, count: 3)
            }
        }
    }

    private mutating func answerMap(_ request: MapRequest, _ lens: Lens, basis: String) -> MapImage {
        let end = request.firstQuery + request.rows * request.cell
        let window = Window(basis: basis, request: request, tokens: min(lens.recording.tokens, end))
        return map.answer(to: window) { lens.map(request) }
    }

    private mutating func answerSurvey(_ state: AppState, _ lens: Lens, basis: String) -> MaskSurvey? {
        let whole = Whole(basis: basis, stage: Self.stage(of: lens), layer: state.layer, head: state.head)
        return survey.answer(to: whole) {
            lens.maskSurvey(layer: state.layer, head: state.head, limit: Scene.worstQueries)
        }
    }

    private mutating func answerHeads(_ lens: Lens, basis: String, rect: Rect, _ scene: inout Scene) {
        var whole = Whole(basis: basis, stage: Self.stage(of: lens))
        scene.scores = scores.answer(to: whole) { lens.headScores() }
        whole.side = HeadsView.thumbnailSide(
            in: rect.inset(), layers: lens.recording.shape.layers, heads: lens.recording.shape.heads)
        scene.thumbnails = thumbnails.answer(to: whole) { lens.thumbnails(side: whole.side, pooling: .mean) }
    }

    /// Names what an answer stands on: the scenario, and whether it is exact.
    private static func basis(of lens: Lens) -> String {
        lens.basis.rawValue + " " + lens.scenario.specs.joined(separator: " ")
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
