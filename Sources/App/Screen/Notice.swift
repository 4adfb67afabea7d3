import RopewalkCellGrid

/// One line that tells the user something; it stays until the next key.
package struct Notice: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case information, warning, error }
    package var kind: Kind
    package var text: String
    /// Whether something that was asked for is not done: who asks by the names of actions, without a screen, has to be told.
    package var isRefusal: Bool

    /// - Parameter isRefusal: nil: only what is an error
    package init(_ kind: Kind, _ text: String, isRefusal: Bool? = nil) {
        self.kind = kind
        self.text = text
        self.isRefusal = isRefusal ?? (kind == .error)
    }

    /// Whether it is said in the place of the keys, so that it covers nothing that is looked at: what is wrong has a box.
    func fits(_ width: Int) -> Bool { kind == .information && CellWidth.of(text) + 2 <= width }
}
