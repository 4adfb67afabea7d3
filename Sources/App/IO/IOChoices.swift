import RopewalkLens
import RopewalkModels
import RopewalkViews

/// What the IO panel shows.
package struct IOChoices: Equatable, Sendable {
    package var page = IOPage.tiles
    package var order = FlashVersion.second
    /// Numbers that the fast memory holds; nil for as many as usual, fewer for a text with few tokens.
    package var fastMemory: Int?
    package var blockSize = PagePool.usualBlockSize
    /// Into how many parts the keys of one query are split.
    package var splits = 4
    /// After how many tokens another sequence goes on; nil without one.
    package var fork: Int?
    /// Tokens of its own.
    package var written = 0
    /// The tile that the keys have moved to, and what it is a tile of; nil: the last one of the cursor's row.
    var selection: Selection?
    /// Keys that are read of a memory; nil for as many as the scenario says, or as usual.
    package var nearest: Int?
    /// Whether neighbours of chunks are shown in place of nearest keys.
    package var showsChunks = false
    /// The slot or line of a memory that is chosen, and what it is of.
    var slot: Selection?

    struct Selection: Equatable, Sendable {
        let subject: IOSubject
        let step: Int
    }

    /// Tokens of a fork's own at most: it is there to see a block being copied.
    static let mostWritten = 256
}

/// What a tile is of: those of another head or size are not selected.
struct IOSubject: Equatable, Sendable {
    let kind: AttentionKind
    let layer: Int
    let head: Int
    let cursor: Int
    let order: FlashVersion
    let fastMemory: Int
}

extension AppState {
    /// M as the panel shows it: a text with few tokens has a smaller one, so that it has tiles.
    var fastMemory: Int {
        if let own = io.fastMemory { return own }
        let d = sources.model.value?.shape.headDimension ?? 1
        var memory = TileSizes.usualFastMemory
        while memory > 16 * d, TileSizes(fastMemory: memory, dimension: d).columnCount(keys: tokenCount) < 8 {
            memory /= 2
        }
        return memory
    }

    var tileSizes: TileSizes {
        TileSizes(fastMemory: fastMemory, dimension: sources.model.value?.shape.headDimension ?? 1)
    }

    var ioSubject: IOSubject {
        IOSubject(
            kind: focus.kind, layer: focus.layer, head: focus.head, cursor: focus.cursor, order: io.order,
            fastMemory: fastMemory)
    }

    /// The slot of the memory that is chosen; nil for none.
    var selectedSlot: Int? { io.slot?.subject == ioSubject ? io.slot?.step : nil }

    /// The step that the keys have moved to; nil where they have not.
    var selectedTile: Int? { io.selection?.subject == ioSubject ? io.selection?.step : nil }
}
