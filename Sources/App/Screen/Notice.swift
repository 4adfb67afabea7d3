import RopewalkCellGrid

/// One line that tells the user something; it stays until the next key.
package struct Notice: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case information, warning, error }
    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// Whether it is said in the place of the keys, so that it covers nothing that is looked at: what is wrong has a box.
    func fits(_ width: Int) -> Bool { kind == .information && CellWidth.of(text) + 2 <= width }
}
