import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What the IO panel is asked for.
package enum IOAction: Hashable, Sendable {
    case page(IOPage)
    /// Pages on or back.
    case turn(Int)
    /// Tiles on or back; tokens that the fork writes more or fewer; slots of a memory by their weights.
    case step(Int)
    /// Tiles of the cursor's row on or back.
    case row(Int)
    /// A tile, or a slot of a memory, by its place in the order.
    case pick(Int)
    /// The fast memory, the blocks or the parts, twice or half as many.
    case size(Int)
    /// Keys or queries outside.
    case order
    /// Another sequence goes on behind the cursor; again: none.
    case fork
    /// Another text is read, for queries to look into.
    case memory(String)
    case forget
}

extension IOAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "io", ActionParameter<IOPage>.name,
            "IO: tiles of FlashAttention, pages of PagedAttention, keys in parts, slots of segments, a memory of keys, from the beginning"
        ) {
            .io(.page($0))
        },
        ActionForm("io.turn", .steps, "IO: pages on or back") { .io(.turn($0)) },
        ActionForm("io.step", .steps, "IO: tiles or slots on or back; tokens more or fewer that the fork writes") {
            .io(.step($0))
        },
        ActionForm("io.row", .steps, "IO: tiles of the cursor's row on or back") { .io(.row($0)) },
        ActionForm("io.pick", .index("TILE"), "IO: a tile or slot by its place in the order, counted from 0") {
            .io(.pick($0))
        },
        ActionForm("io.size", .steps, "IO: fast memory, blocks or parts twice or half as many") { .io(.size($0)) },
        ActionForm(
            "io.order",
            "IO: queries outside (version 2) or keys outside (version 1); nearest keys or neighbours of chunks",
            .io(.order)),
        ActionForm("io.fork", "IO: another sequence goes on behind the cursor; again: none", .io(.fork)),
        ActionForm("memory", memoryFile, "IO: the model reads another text, for queries to look into") {
            .io(.memory($0))
        },
        ActionForm("memory.none", "IO: queries look into no other text", .io(.forget)),
    ]

    private static let memoryFile = ActionParameter<String>.text("FILE", example: "other.txt")

    var text: String {
        let steps = ActionParameter<Int>.steps
        return switch self {
        case .page(let page): "io " + ActionParameter.name.write(page)
        case .turn(let count): "io.turn " + steps.write(count)
        case .step(let count): "io.step " + steps.write(count)
        case .row(let count): "io.row " + steps.write(count)
        case .pick(let tile): "io.pick \(tile)"
        case .size(let count): "io.size " + steps.write(count)
        case .order: "io.order"
        case .fork: "io.fork"
        case .memory(let path): "memory " + Self.memoryFile.write(path)
        case .forget: "memory.none"
        }
    }

    func times(_ count: Int) -> IOAction {
        switch self {
        case .turn(let steps): .turn(steps * count)
        case .step(let steps): .step(steps * count)
        case .row(let steps): .row(steps * count)
        case .size(let steps): .size(steps * count)
        case .page, .pick, .order, .fork, .memory, .forget: self
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .page, .turn: return state.modelObstacle
        case .memory:
            return state.modelObstacle
                ?? (state.sources.model.value?.kinds == [.decoder]
                    ? nil : say("only a decoder has keys to look for"))
        case .forget: return state.memory.text == nil ? say("there is no other text: memory FILE reads one") : nil
        case .order where state.io.page == .retrieval: return state.readingObstacle
        case .row, .order:
            if state.io.page != .tiles { return say("this is about tiles: io tiles shows them") }
            return state.readingObstacle ?? state.unpreviewed
        case .pick:
            if [.pages, .splits].contains(state.io.page) { return say("this is about tiles: io tiles shows them") }
            return state.readingObstacle ?? state.unpreviewed
        case .step:
            if state.io.page == .splits { return say("this is about tiles: io tiles shows them") }
            if state.io.page == .pages, state.io.fork == nil {
                return say("no other sequence goes on here: io.fork begins one behind the cursor")
            }
            return state.readingObstacle ?? state.unpreviewed
        case .size:
            if state.io.page == .segments {
                return say("the sizes of a memory are parameters of its method: > and . change them")
            }
            return state.readingObstacle
        case .fork:
            return state.io.page == .pages
                ? state.readingObstacle : say("this is about pages: io pages shows them")
        }
    }
}

extension AppState {
    mutating func perform(_ action: IOAction) -> [Effect] {
        switch action {
        case .page(let page):
            // Lessons and scripts come to the same wherever they begin.
            io = IOChoices()
            showIO(page)
        case .turn(let steps): showIO(io.page.after(steps))
        case .size(let steps): resize(steps)
        case .order where io.page == .retrieval:
            io.showsChunks.toggle()
            io.slot = nil
        case .order: io.order = io.order == .first ? .second : .first
        case .memory(let path):
            if let obstacle = action.obstacle(in: self) {
                refuse(obstacle)
                return []
            }
            showIO(.retrieval)
            return readMemory(path)
        case .forget:
            if let obstacle = action.obstacle(in: self) { refuse(obstacle) }
            memory.text = nil
        case .fork:
            io.fork = io.fork == nil ? focus.cursor + 1 : nil
            io.written = 0
        case .step(let steps):
            switch io.page {
            case .tiles: return [.find(.tile(.step(steps)))]
            case .segments, .retrieval: return [.find(.slot(.step(steps)))]
            case .splits: if let obstacle = action.obstacle(in: self) { refuse(obstacle) }
            case .pages:
                if io.fork != nil { io.written = min(IOChoices.mostWritten, max(0, io.written + steps)) }
            }
        case .row(let steps): return [.find(.tile(.row(steps)))]
        case .pick(let place): return [.find(io.page == .tiles ? .tile(.pick(place)) : .slot(.pick(place)))]
        }
        return []
    }

    private mutating func showIO(_ page: IOPage) {
        if io.page != page { io.slot = nil }
        io.page = page
        reveal(.io)
        panels.focus(.io)
        revealCursor()
    }

    /// Twice or half as large, so many times.
    private mutating func resize(_ steps: Int) {
        func changed(_ size: Int, _ range: ClosedRange<Int>) -> Int {
            let count = min(40, abs(steps))
            let next = steps > 0 ? size.multipliedReportingOverflow(by: 1 << count) : (size >> count, false)
            return min(range.upperBound, max(range.lowerBound, next.1 ? range.upperBound : next.0))
        }
        switch io.page {
        case .tiles: io.fastMemory = changed(fastMemory, TileSizes.fastMemoryRange)
        case .pages: io.blockSize = changed(io.blockSize, 1...1024)
        case .splits: io.splits = changed(io.splits, 1...65_536)
        case .segments:
            if let obstacle = IOAction.size(steps).obstacle(in: self) { refuse(obstacle) }
        case .retrieval: io.nearest = changed(retrievalSettings.count, 1...256)
        }
    }

    mutating func take(tile step: Int) { io.selection = IOChoices.Selection(subject: ioSubject, step: step) }
}

/// What a tile is needed for.
package enum TileUse: Equatable, Sendable {
    /// So many on in the order, in the cursor's row, or one by its place.
    case step(Int), row(Int), pick(Int)
}

extension Answers {
    /// The place of a tile in the order; nil where the tiles are not known.
    mutating func tile(_ use: TileUse, in state: AppState) -> Int? {
        let sources = TileSources(state)
        guard let walk = sources.walk(&self)?.walk, !walk.tiles.isEmpty else { return nil }
        let now = sources.step(walk)
        let wanted: Int
        switch use {
        case .step(let steps): wanted = now + steps
        case .pick(let tile): wanted = tile
        case .row(let steps):
            let row = state.focus.cursor / walk.grid.sizes.rows
            let own = walk.tiles.indices.filter { walk.tiles[$0].row == row }
            guard !own.isEmpty else { return now }
            let here = own.lastIndex { $0 <= now } ?? -1
            wanted = own[min(max(0, here + steps), own.count - 1)]
        }
        return min(max(0, wanted), walk.tiles.count - 1)
    }
}
