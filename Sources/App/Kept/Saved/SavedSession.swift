/// All that is open, as a file keeps it to go on there.
package struct SavedSession: Equatable, Sendable {
    /// Of the format, as it is written; version 1 had no selections, searches and texts beside. Files of others are refused.
    package static let version = 2
    static let firstVersion = 1
    /// What every such file says of itself.
    package static let format = "ropewalk session"
    /// The largest file that is read, and the largest text that is kept inside one, in bytes.
    package static let mostBytes = 64 << 20
    package static let mostText = 4 << 20
    static let mostTexts = 100

    /// The text on the screen, from 0.
    package var shown: Int
    /// Panels and colours.
    package var screen: SavedScreen
    package var texts: [SavedText]

    package init(shown: Int, screen: SavedScreen, texts: [SavedText]) {
        (self.shown, self.screen, self.texts) = (shown, screen, texts)
    }
}

/// Panels, and what is chosen for all texts.
package struct SavedScreen: Equatable, Sendable, Encodable {
    package var panels: [String]
    package var focused: String
    package var zoomed: String
    /// By the names of `SavedChoice.screen`.
    package var choices: [String: String]
}

/// A text with its model, and where the reader is in it; nil for what is as at every start.
package struct SavedText: Equatable, Sendable, Encodable {
    package var text = SavedSource()
    package var model: SavedModel?
    package var beside: SavedModel?
    package var methods: [String] = []
    /// Where reading begins, and how many tokens were asked for.
    package var from: Int?
    package var tokens: Int?
    package var kind: String?
    package var layer: Int?
    package var head: Int?
    package var cursor: SavedPlace?
    package var anchor: SavedAnchor?
    /// The subspace that Rotation is about.
    package var subspace: Int?
    /// The first byte on the screen.
    package var top: Int?
    package var map: SavedMap?
    package var marks: [SavedMark] = []
    package var notes: [SavedNote] = []
    /// What the mask is compared with, and held to, as they are typed.
    package var compare: String?
    package var expect: String?
    /// Where a selection began that is being made; or else what is selected, and the keys that are looked at as one.
    package var selecting: SavedPlace?
    package var selected: [SavedSpan] = []
    package var keys: [SavedSpan] = []
    package var search: SavedSearch?
    /// What a second text beside this one shows.
    package var kept: SavedPin?
    /// By the names of `SavedChoice.pages`.
    package var pages: [String: String] = [:]

    package init() {}
}

/// Where a text comes from: a file, a file of token ids, or the session itself.
package struct SavedSource: Equatable, Sendable, Encodable {
    package var file: String?
    package var ids: String?
    package var content: String?
    /// Names a text that is kept inside.
    package var name: String?
    /// Of the file as it was.
    package var bytes: Int?
    package var hash: String?
    /// "text" where special tokens that are written in it are none.
    package var special: String?
}

/// A model, its adapter, and what is done to its weights.
package struct SavedModel: Equatable, Sendable, Encodable {
    package var path: String
    package var adapter: String?
    /// As `WeightChange.spec` has it.
    package var weightsLike: String?

    package init(path: String, adapter: String? = nil, weightsLike: String? = nil) {
        (self.path, self.adapter, self.weightsLike) = (path, adapter, weightsLike)
    }
}

/// The key that is looked at: so many weaker than the strongest, or one that stays.
package struct SavedAnchor: Equatable, Sendable, Encodable {
    package var rank: Int?
    package var place: SavedPlace?
}

/// Which part of the map is on the screen, in tokens.
package struct SavedMap: Equatable, Sendable, Encodable {
    package var cell: Int
    package var query: Int
    package var key: Int
}

package struct SavedMark: Equatable, Sendable, Encodable {
    package var letter: String
    package var cursor: SavedPlace
    package var anchor: SavedAnchor?
}

package struct SavedNote: Equatable, Sendable, Encodable {
    package var place: SavedPlace
    package var note: String
}
