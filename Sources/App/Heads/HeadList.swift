/// What is selected in the panel of all heads.
package struct HeadList: Equatable, Sendable {
    /// The head that the keys have moved to; nil where it is the one that the other panels show.
    package var selected: HeadIndex?
    package var order = HeadOrder.measure(5)
    /// Whether the strongest head of a place is selected as soon as it is known.
    var awaitsFirst = false
}

/// A head of the model.
package struct HeadIndex: Hashable, Sendable {
    package var layer: Int
    package var head: Int
}
