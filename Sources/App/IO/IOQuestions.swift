import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The tiles of a head's map in their order, or why there are none.
struct TileWalkQuestion: Question {
    struct Answer: Sendable {
        var walk: TileWalk?
        var problem: String?
    }

    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int
    let sizes: TileSizes
    let order: FlashVersion

    func answer(_ witness: Witness, _ answers: inout Answers) -> Answer {
        guard let lens = witness.lens(basis) else { return Answer() }
        do {
            let grid = try lens.tileGrid(layer: layer, head: head, sizes: sizes)
            return Answer(
                walk: TileWalk(grid, version: order, dimension: lens.recording.shape.headDimension))
        } catch {
            return Answer(problem: error.description)
        }
    }
}

/// The softmax of the cursor's row tile by tile.
struct TileRowQuestion: Question {
    let place: HeadQuery
    let sizes: TileSizes

    func answer(_ witness: Witness, _ answers: inout Answers) -> TileRow? {
        witness.lens(place.basis)?.tileRow(
            layer: place.layer, head: place.head, query: place.query, sizes: sizes)
    }
}

/// The softmax of the cursor's row with its keys split into parts.
struct SplitQuestion: Question {
    let place: HeadQuery
    let splits: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> SplitDecoding? {
        witness.lens(place.basis)?.splitDecoding(
            layer: place.layer, head: place.head, query: place.query, splits: splits)
    }
}

/// Until when a head reads its keys.
struct KeyLifetimesQuestion: Question {
    static var isSlow: Bool { true }

    let basis: Basis
    let stage: RecordingStage
    let layer: Int
    let head: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> KeyLifetimes? {
        witness.lens(basis)?.keyLifetimes(layer: layer, head: head)
    }
}

/// The cache of a text in blocks, or why there is none.
struct PagedCacheQuestion: Question {
    struct Answer: Sendable {
        var cache: PagedCache?
        var comparison: [ComparedCache] = []
        var problem: String?
    }

    static var isSlow: Bool { true }

    let lifetimes: KeyLifetimesQuestion
    let scene: PageScene
    /// Tokens of the text, and of the model's window.
    let end: Int
    let window: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> Answer {
        guard let known = answers.answer(to: lifetimes) else {
            return Answer(problem: say("A preview does not know what the cache gives up late in a text: e runs it."))
        }
        do {
            let cache = try scene.cache(known)
            return Answer(cache: cache, comparison: scene.comparison(cache, end: end, window: window))
        } catch {
            return Answer(problem: error.description)
        }
    }
}

/// The part of a state that the tiles are made of.
struct TileSources: Sendable {
    let sight: Sight
    let sizes: TileSizes
    let question: TileWalkQuestion?
    private let selected: Int?
    private let cursor: Int

    init(_ state: AppState) {
        sight = state.sight
        sizes = state.tileSizes
        selected = state.selectedTile
        cursor = state.focus.cursor
        question = state.lens.map {
            TileWalkQuestion(
                basis: Basis($0), stage: RecordingStage($0.recording), layer: state.focus.layer,
                head: state.focus.head, sizes: state.tileSizes, order: state.io.order)
        }
    }

    func walk(_ answers: inout Answers) -> TileWalkQuestion.Answer? {
        question.flatMap { answers.answer(whenKnown: $0) }
    }

    /// The step that is shown: the keys' own, or the last of the cursor's row.
    func step(_ walk: TileWalk) -> Int {
        if let selected { return min(max(0, selected), max(0, walk.tiles.count - 1)) }
        let row = cursor / sizes.rows
        return walk.tiles.lastIndex { $0.row == row } ?? 0
    }
}
