import Synchronization

/// Cosines and sines of tiles of tokens, made a few tiles at a time when one of them is asked for, and kept: a long text of
/// which some rows are looked at needs those of these rows.
final class LazyAngles: Sendable {
    /// Makes a tile, [subspace, tileSize] each.
    typealias Fill =
        @Sendable (_ tile: Int, _ cosine: UnsafeMutablePointer<Float>, _ sine: UnsafeMutablePointer<Float>) -> Void
    private typealias Place = Atomic<UnsafeMutablePointer<Float>?>

    /// Tiles that are made at once.
    private static let group = 4

    let tiles: Int
    /// Numbers of a tile.
    private let size: Int
    private let fill: Fill
    /// Of every group where its numbers lie, [tile, cosine and sine, subspace, tileSize]; nil before they are made.
    nonisolated(unsafe) private let groups: UnsafeMutablePointer<Place>
    private let making = Mutex(())

    init(tiles: Int, size: Int, fill: @escaping Fill) {
        (self.tiles, self.size, self.fill) = (tiles, size, fill)
        let count = (tiles + Self.group - 1) / Self.group
        groups = .allocate(capacity: max(1, count))
        for index in 0..<count { (groups + index).initialize(to: Place(nil)) }
    }

    deinit {
        let count = (tiles + Self.group - 1) / Self.group
        for index in 0..<count { groups[index].load(ordering: .acquiring)?.deallocate() }
        groups.deinitialize(count: count)
        groups.deallocate()
    }

    /// Tiles that are made.
    var tilesMade: Int {
        (0..<(tiles + Self.group - 1) / Self.group).reduce(0) { made, index in
            groups[index].load(ordering: .acquiring) == nil
                ? made : made + min(Self.group, tiles - index * Self.group)
        }
    }

    /// Where the numbers of a tile lie, as long as this lives.
    subscript(tile: Int) -> (cosine: UnsafePointer<Float>, sine: UnsafePointer<Float>) {
        // Tables are made for the tokens of the run or more, and tiles are those of its tokens.
        precondition(tile >= 0 && tile < tiles)
        let base =
            (groups[tile / Self.group].load(ordering: .acquiring) ?? made(tile / Self.group))
            + tile % Self.group * 2 * size
        return (UnsafePointer(base), UnsafePointer(base + size))
    }

    private func made(_ group: Int) -> UnsafeMutablePointer<Float> {
        making.withLock { _ in
            // Another thread may have made them meanwhile.
            if let known = groups[group].load(ordering: .acquiring) { return known }
            let first = group * Self.group
            let count = min(Self.group, tiles - first)
            let base = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count * 2 * size))
            for tile in 0..<count {
                let start = base + tile * 2 * size
                fill(first + tile, start, start + size)
            }
            groups[group].store(base, ordering: .releasing)
            return base
        }
    }
}
