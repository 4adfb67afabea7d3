/// Where queries stand to keys that are taken to other places than the text has them at.
///
/// Such keys are turned as at their folded places (`PositionTables.folding`), the query as at `place`: their distance is the
/// difference. Keys that are not named stand where they are.
package struct KeyPlaces: Sendable {
    /// Ascending and disjoint; places from 0 to the query.
    package typealias OfHeads = @Sendable (_ head: Int, _ query: Int) -> [(keys: Range<Int>, place: Int)]

    package let ofHeads: OfHeads

    package init(ofHeads: @escaping OfHeads) { self.ofHeads = ofHeads }
}
