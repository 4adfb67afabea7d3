import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What moves between memories: the map tile by tile, the cache block by block, the text segment by segment.
struct IOPanel: PanelContent {
    let page: IOPage
    private let tiles: TileSources
    private let fastMemory: Int
    private let map: MapQuestion?
    private let scale: (kind: Scale.Kind, leftOut: Int)
    private let pages: PagedCacheQuestion?
    private let splits: Int
    private let fork: (tokens: Int, written: Int)?
    private let giving: String
    let focus: Focus
    private let isPreview: Bool
    private let waiting: String?
    private let isSigned: Bool
    private let words: AskWords
    let retrieval: RetrievalSources
    /// What a figure is of.
    let figureFacts: [String]
    private let memory: (question: MemoryStripQuestion, selected: Int?)?

    init(_ state: AppState) {
        page = state.io.page
        tiles = TileSources(state)
        fastMemory = state.fastMemory
        map = state.lens.map { MapQuestion(Self.request($0, state.focus), of: $0) }
        scale = (state.appearance.scale, state.appearance.sinksLeftOut)
        pages = PagedCacheQuestion(state)
        splits = state.io.splits
        let length = state.focus.cursor + 1
        fork = state.io.fork.flatMap { $0 <= length ? (tokens: $0, written: state.io.written) : nil }
        focus = state.focus
        isPreview = state.lens?.basis == .preview
        waiting = state.signsObstacle ?? state.unpreviewed
        isSigned = state.signsObstacle != nil
        words = AskWords(document: state.keyDocument)
        giving = state.cacheWords
        retrieval = RetrievalSources(state)
        figureFacts = state.headFacts
        let (place, selected) = (state.sight.place, state.selectedSlot)
        memory =
            SegmentMemory(state.scenario) == nil
            ? nil : place.map { (MemoryStripQuestion(place: $0), selected) }
    }

    /// The whole map, in cells that a frame has time for.
    private static func request(_ lens: Lens, _ focus: Focus) -> MapRequest {
        let tokens = max(lens.recording.tokens, lens.recording.keyTokens)
        let block = lens.recording.poolBlock
        let cell =
            tokens <= 1024 ? max(1, (tokens + 127) / 128) : block * max(1, (tokens + 128 * block - 1) / (128 * block))
        let count = (tokens + cell - 1) / cell
        return MapRequest(layer: focus.layer, head: focus.head, cell: cell, rows: count, columns: count)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        let head = ["L\(focus.layer) H\(focus.head)"]
        let basis = isPreview ? [[say("preview")]] : []
        switch page {
        case .tiles:
            guard let view = tilesView(look, &answers) else { return notice(look, problem(&answers)) }
            return PanelPicture(facts: Panel.io.facts([head] + view.facts + basis, in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        case .pages:
            guard let view = pagesView(look, &answers) else { return notice(look, problem(&answers)) }
            return PanelPicture(facts: Panel.io.facts([head] + view.facts + basis, in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        case .splits:
            guard let view = splitsView(look, &answers) else { return notice(look, problem(&answers)) }
            return PanelPicture(facts: Panel.io.facts([head] + view.facts + basis, in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        case .segments:
            guard let view = memoryView(look, &answers) else { return notice(look, problem(&answers)) }
            return PanelPicture(facts: Panel.io.facts([head] + view.facts + basis, in: inner)) {
                view.draw(in: $0, on: &$1)
            }
        case .retrieval:
            guard let view = retrieval.view(look, &answers) else { return notice(look, problem(&answers)) }
            let facts = retrieval.facts(&answers)
            return PanelPicture(facts: Panel.io.facts([head] + facts, in: inner)) { view.draw(in: $0, on: &$1) }
        }
    }

    private func notice(_ look: Look, _ text: String) -> PanelPicture {
        PanelPicture { look.write(text, in: $0, on: &$1) }
    }

    /// Why there is nothing to see yet, or at all.
    func problem(_ answers: inout Answers) -> String {
        switch page {
        case .tiles: waiting ?? tiles.walk(&answers)?.problem ?? AskTables.working
        case .splits: waiting ?? AskTables.working
        case .pages:
            pages == nil
                ? say("Only a decoder has a cache that grows token by token: the encoder reads all at once.")
                : pages.flatMap { answers.answer(whenKnown: $0) }?.problem ?? waiting ?? AskTables.working
        case .segments:
            memory == nil
                ? say(
                    "No memory over segments holds here: choose transformer-xl, or compressive (slots=mean), from the menu (m)."
                ) : waiting ?? AskTables.working
        case .retrieval:
            retrieval.nearest == nil
                ? say("Only a decoder has keys to look for.") : waiting ?? AskTables.working
        }
    }

    func tilesView(_ look: Look, _ answers: inout Answers) -> TilesView? {
        guard !isSigned, let walk = tiles.walk(&answers)?.walk else { return nil }
        let row = tiles.sight.place.flatMap { answers.answer(to: TileRowQuestion(place: $0, sizes: tiles.sizes)) }
        let image = map.flatMap { answers.answer(to: $0) }
        let scale =
            image.map { Scale(kind: self.scale.kind, image: $0, leavingOutFirst: self.scale.leftOut) }
            ?? Scale(kind: self.scale.kind, weights: [])
        return TilesView(
            walk: walk, step: tiles.step(walk), row: row, cursor: focus.cursor, image: image, scale: scale,
            fastMemory: fastMemory, look: look)
    }

    func splitsView(_ look: Look, _ answers: inout Answers) -> SplitsView? {
        guard waiting == nil else { return nil }
        let split = tiles.sight.place.flatMap { answers.answer(to: SplitQuestion(place: $0, splits: splits)) }
        return split.map { SplitsView(split: $0, query: focus.cursor, look: look) }
    }

    func pagesView(_ look: Look, _ answers: inout Answers) -> PagesView? {
        guard let pages, let answer = answers.answer(whenKnown: pages), let cache = answer.cache else { return nil }
        return PagesView(
            cache: cache, comparison: answer.comparison, cursor: focus.cursor, fork: fork, giving: giving,
            name: { [words] in words.whole($0) }, look: look)
    }

    func memoryView(_ look: Look, _ answers: inout Answers) -> MemoryView? {
        guard waiting == nil, let memory, let strip = answers.answer(to: memory.question) else { return nil }
        return MemoryView(
            strip: strip, selected: memory.selected, name: { [words] in words.whole($0) },
            look: look)
    }

    /// A press chooses a page, a tile, or goes to a block; the wheel steps.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.io(.step(wheel))] }
        switch page {
        case .tiles:
            guard let view = tilesView(look, &answers) else { return [] }
            if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.io(.page(page))] }
            return view.step(atX: mouse.x, y: mouse.y, in: inner).map { [.io(.pick($0))] } ?? []
        case .pages:
            guard let view = pagesView(look, &answers) else { return [] }
            if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.io(.page(page))] }
            return view.token(atX: mouse.x, y: mouse.y, in: inner).map { [.move(.toToken($0))] } ?? []
        case .splits:
            guard let view = splitsView(look, &answers) else { return [] }
            return view.page(atX: mouse.x, y: mouse.y, in: inner).map { [.io(.page($0))] } ?? []
        case .segments:
            guard let view = memoryView(look, &answers) else { return [] }
            if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.io(.page(page))] }
            return view.slot(atX: mouse.x, y: mouse.y, in: inner).map { [.io(.pick($0))] } ?? []
        case .retrieval:
            guard let view = retrieval.view(look, &answers) else { return [] }
            if let page = view.page(atX: mouse.x, y: mouse.y, in: inner) { return [.io(.page(page))] }
            return view.line(atX: mouse.x, y: mouse.y, in: inner).map { [.io(.pick($0))] } ?? []
        }
    }
}

extension PagedCacheQuestion {
    /// Nil where there is no cache that grows.
    init?(_ state: AppState) {
        guard let lens = state.lens, state.focus.kind == .decoder, state.tokenCount > 0 else { return nil }
        let length = min(lens.recording.tokens, state.focus.cursor + 1)
        let fork = state.io.fork.flatMap { $0 <= length ? $0 : nil }
        var scene = PageScene(length: length, forks: fork.map { [$0] } ?? [], appended: state.io.written)
        scene.blockSize = state.io.blockSize
        self.init(
            lifetimes: KeyLifetimesQuestion(
                basis: Basis(lens), stage: RecordingStage(lens.recording), layer: state.focus.layer,
                head: state.focus.head), scene: scene, end: state.tokenCount,
            window: lens.recording.shape.trainedWindow)
    }
}

extension AppState {
    /// Whether the cache gives keys up, and why.
    fileprivate var cacheWords: String {
        if let selection = scenario.stateSelection, selection.evicts {
            return say("\(selection.spec) gives keys up")
        }
        if lens?.setup.windows(layer: focus.layer, head: focus.head).isEmpty == false {
            return say("what no later token sees is given up")
        }
        return say("all keys are kept")
    }
}
