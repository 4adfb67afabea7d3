import RopewalkCellGrid
import RopewalkLens

/// Where the heads stand in a panel's content: a grid of small maps, layers downwards, heads to the right.
///
/// Where the panel is too low for maps, every head is one or two cells in the colour of its score.
struct HeadsFrame: Equatable {
    let grid: Rect
    /// Cells of one small map, without the gap after it.
    let tileWidth: Int
    let tileHeight: Int
    let gap: Int
    /// The layers and the heads on the screen.
    let layers: Range<Int>
    let heads: Range<Int>
    /// The scores of the selected head, below the grid.
    let details: Rect
    /// All heads by the measure; empty where there is no room.
    let list: Rect

    /// Cells for "L12 " before each row.
    static let labelWidth = 4
    /// Below that height a picture of a map shows nothing.
    static let lowestMap = 2
    private static let listWidth = 30
    /// From that height on a list has room below the maps.
    private static let listed = 20
    /// One column of the list and a gap.
    private static let narrowList = 24

    /// The list stands below where the maps are larger then.
    init(_ rect: Rect, layers count: Int, heads headCount: Int, selected: HeadsView.Place?) {
        let isWide = rect.width >= 84 && rect.height >= 5
        let beside = Tiles(rect, layers: count, heads: headCount, listsBeside: true)
        let below = Tiles(rect, layers: count, heads: headCount, listsBeside: false)
        let hasSideList = isWide && (!below.isMap || beside.isMap && beside.height >= below.height)
        let tiles = hasSideList ? beside : below
        (tileWidth, tileHeight, gap) = (tiles.width, tiles.height, tiles.gap)
        let visibleLayers = min(count, max(1, tiles.roomY / tileHeight))
        let visibleHeads = min(headCount, max(1, tiles.roomX / (tileWidth + gap)))
        layers = .around(selected?.layer ?? 0, count: visibleLayers, of: count)
        heads = .around(selected?.head ?? 0, count: visibleHeads, of: headCount)
        let used = visibleLayers * tileHeight + 1
        grid = Rect(x: rect.x, y: rect.y, width: tiles.gridWidth, height: min(rect.height, used))
        details = Rect(
            x: rect.x, y: grid.maxY, width: tiles.gridWidth,
            height: min(tiles.detailRows, max(0, rect.maxY - grid.maxY)))
        list =
            hasSideList
            ? Rect(x: rect.maxX - Self.listWidth, y: rect.y, width: Self.listWidth, height: rect.height)
            : Rect(x: rect.x, y: details.maxY, width: rect.width, height: max(0, rect.maxY - details.maxY))
    }

    /// How large small maps can be, with the list beside or below them.
    private struct Tiles {
        let gridWidth: Int
        let roomX: Int
        let roomY: Int
        let detailRows: Int
        let isMap: Bool
        let width: Int
        let height: Int
        let gap: Int

        init(_ rect: Rect, layers: Int, heads: Int, listsBeside: Bool) {
            let most = rect.height >= 7 ? 3 : rect.height >= 4 ? 2 : rect.height >= 2 ? 1 : 0
            // A line of numbers less where every map is a line higher for it.
            let spare = (rect.height - 1 - most) % max(1, layers) == layers - 1 && rect.height < HeadsFrame.listed
            detailRows = most == 3 && spare ? 2 : most
            gridWidth = listsBeside ? rect.width - HeadsFrame.listWidth - 2 : rect.width
            roomX = max(1, gridWidth - HeadsFrame.labelWidth)
            // Larger pictures say less than the names of the heads below them.
            let listRows = !listsBeside && rect.height >= HeadsFrame.listed ? 6 : 0
            roomY = max(1, rect.height - 1 - detailRows - listRows)
            let fitting = roomY / max(1, layers)
            let widest = roomX / max(1, heads)
            isMap = fitting >= HeadsFrame.lowestMap && widest >= 4
            // Half-block cells are twice as high as they are wide: a square map has twice as many columns as rows.
            height = isMap ? min(fitting, max(HeadsFrame.lowestMap, widest / 2)) : 1
            gap = widest >= 2 ? 1 : 0
            width = isMap ? min(widest - 1, height * 2) : max(1, min(4, widest - gap))
        }
    }

    /// Where the heads stand in a panel that shows their maps, or flat, by one number.
    static func standing(
        in rect: Rect, layers: Int, heads: Int, selected: HeadsView.Place?, isFlat: Bool
    ) -> HeadsFrame {
        isFlat
            ? HeadsFrame(flat: rect, layers: layers, heads: heads, selected: selected)
            : HeadsFrame(rect, layers: layers, heads: heads, selected: selected)
    }

    /// A cell or two a head, so that the list beside or below the grid has the room.
    private init(flat rect: Rect, layers count: Int, heads headCount: Int, selected: HeadsView.Place?) {
        let detailRows = rect.height >= 12 ? 2 : rect.height >= 4 ? 1 : 0
        let content = rect.height - detailRows
        tileHeight = 1
        let roomX = max(1, rect.width - Self.labelWidth)
        gap = roomX >= 2 * headCount ? 1 : 0
        tileWidth = roomX - Self.narrowList >= 4 * headCount ? 3 : roomX - Self.narrowList >= 3 * headCount ? 2 : 1
        let gridWidth = min(rect.width, Self.labelWidth + headCount * (tileWidth + gap) + 1)
        let hasSideList = rect.width - gridWidth >= Self.narrowList
        let gridRows = hasSideList || content < 6 ? content : max(4, content / 2)
        layers = .around(selected?.layer ?? 0, count: min(count, max(1, gridRows - 1)), of: count)
        heads = .around(
            selected?.head ?? 0, count: min(headCount, max(1, roomX / (tileWidth + gap))), of: headCount)
        let used = min(rect.height, layers.count + 1)
        grid = Rect(x: rect.x, y: rect.y, width: gridWidth, height: used)
        let bottom = rect.maxY - detailRows
        details = Rect(x: rect.x, y: bottom, width: rect.width, height: detailRows)
        list =
            hasSideList
            ? Rect(x: rect.x + gridWidth + 1, y: rect.y, width: rect.width - gridWidth - 1, height: content)
            : Rect(x: rect.x, y: rect.y + used, width: rect.width, height: max(0, bottom - rect.y - used))
    }

    var isMap: Bool { tileHeight >= Self.lowestMap }

    func tile(_ place: HeadsView.Place) -> Rect? {
        guard layers.contains(place.layer), heads.contains(place.head) else { return nil }
        return Rect(
            x: grid.x + Self.labelWidth + (place.head - heads.lowerBound) * (tileWidth + gap),
            y: grid.y + 1 + (place.layer - layers.lowerBound) * tileHeight, width: tileWidth, height: tileHeight)
    }

    func place(atX x: Int, y: Int) -> HeadsView.Place? {
        let column = x - grid.x - Self.labelWidth
        let row = y - grid.y - 1
        guard column >= 0, row >= 0 else { return nil }
        let head = heads.lowerBound + column / (tileWidth + gap)
        let layer = layers.lowerBound + row / tileHeight
        return layers.contains(layer) && heads.contains(head) ? HeadsView.Place(layer: layer, head: head) : nil
    }
}

extension HeadsView {
    /// The head at a place of the screen; nil beside the grid. `selected` decides which part of many heads is shown.
    package static func head(
        atX x: Int, y: Int, in rect: Rect, layers: Int, heads: Int, selected: Place? = nil, isFlat: Bool = false
    ) -> Place? {
        guard rect.contains(x: x, y: y) else { return nil }
        return HeadsFrame.standing(in: rect, layers: layers, heads: heads, selected: selected, isFlat: isFlat).place(
            atX: x, y: y)
    }

    /// Cells on one side of the small maps that the panel can show; at least 1.
    package static func thumbnailSide(in rect: Rect, layers: Int, heads: Int) -> Int {
        let frame = HeadsFrame(rect, layers: layers, heads: heads, selected: nil)
        return max(1, frame.isMap ? frame.tileHeight * 2 : 1)
    }
}
