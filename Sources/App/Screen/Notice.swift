/// One line that tells the user something; it stays until the next key.
package struct Notice: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case information, warning, error }
    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
