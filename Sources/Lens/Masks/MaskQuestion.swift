import RopewalkMethods

/// What a page of masks asks: of the mask that a run has, or of one that is looked at by itself.
package enum MaskQuestion: Equatable, Sendable {
    case run(RunMaskQuestion)
    case own(OwnMaskQuestion)

    /// - Parameter loader: reads what claims of `equals=file:PATH` name.
    package func study(loader: MaskLoader?) -> MaskStudy {
        switch self {
        case .run(let question): question.study(loader: loader)
        case .own(let question): question.study(loader: loader)
        }
    }
}

/// What a mask is held to in place of what its method promises.
package struct MaskClaims: Equatable, Sendable {
    /// As it was typed; empty for none.
    package let text: String
    package let claims: [MaskClaim]

    package init() { (text, claims) = ("", []) }

    package init(parsing text: String) throws(MethodError) {
        let isEmpty = text.allSatisfy(\.isWhitespace)
        self.text = isEmpty ? "" : text
        claims = isEmpty ? [] : try MaskClaim.parse(text)
    }

    /// Nil where nothing is claimed.
    var given: [MaskClaim]? { text.isEmpty ? nil : claims }
}
