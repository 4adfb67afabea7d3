import RopewalkDocuments
import RopewalkLens
import RopewalkModels

/// A text before it was changed, with what was read of it, to compare with.
package struct Original: Equatable, Sendable {
    /// Its tokens that are read.
    let document: Document
    var recordings: Recordings?
    /// All of its tokens, and what is added to count one that is read among them.
    let full: Document
    let shift: Int
    /// From all of its tokens to all of the present ones, and what is added to count one of those among them.
    let tokens: TextChange
    let presentShift: Int
    /// Its session; nil where it is open in none, as before a file was read anew.
    let session: Int?
    /// What was done with it: “Zellmark” → “Quagmire”.
    let remark: String
    /// Whether the text is its beginning, continued by the model.
    var isContinued = false

    package static func == (a: Original, b: Original) -> Bool {
        a.recordings == b.recordings && a.tokens == b.tokens && a.session == b.session && a.remark == b.remark
    }

    /// The token of the original at the place of one that is read; nil where it has none.
    func place(of token: Int) -> Int? {
        tokens.original(of: token + presentShift).flatMap { $0 >= shift ? $0 - shift : nil }
    }

    /// The same; nil also where the original has not read it.
    func token(at token: Int, kind: AttentionKind) -> Int? {
        guard let read = recordings?[kind]?.tokens else { return nil }
        return place(of: token).flatMap { $0 < read ? $0 : nil }
    }
}

/// What a text that was cut into tokens is for.
package enum TextUse: Equatable, Sendable {
    /// The file is another one now.
    case reload
    /// A word in place of another one, beside the text as it is.
    case change(String)
}

/// The file that a text was read from.
package struct TextFile: Sendable {
    package let path: String
    /// Changes whenever the file does; nil where there is none.
    package let stamp: @Sendable () -> String?

    package init(path: String, stamp: @escaping @Sendable () -> String?) {
        (self.path, self.stamp) = (path, stamp)
    }
}
