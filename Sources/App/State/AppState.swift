import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// Everything that the screen shows and the keys change; the terminal and the running work are elsewhere.
package struct AppState: Equatable, Sendable {
    package var size: Size
    package var depth: ColourDepth
    package var text: Loading<SourceText>
    package var model: Loading<Model>
    /// The tokens that runs read: all, or the first ones where something limits them.
    package var document: Loading<Document>
    /// The tokens of the whole text; more than the document's where something limits it.
    var whole = Loading<Document>.loading
    /// The whole text behind the start token, as the decoder of a model with an encoder reads it.
    var decoderDocument = Loading<Document>.loading
    /// Tokens are read only up to here; nil without a limit.
    package var tokenLimit: Int?

    package internal(set) var recordings = KeptRuns()
    /// What reads what on the screen.
    package internal(set) var kind = AttentionKind.decoder
    /// The recordings under the scenario; kept, because a changed position method costs a table of all angles.
    var lenses = ScenarioLenses()
    /// Head scores on repeated random tokens; empty until they are measured.
    package var circuits: [HeadScore] = []
    /// The work in progress; nil where there is none.
    package var run: RunProgress?
    /// Whether the user cancelled the run, so that it begins again only when asked for.
    package var isRunPaused = false

    /// The query token.
    package var cursor = 0
    package var hasMoved = false
    package var anchor = Anchor.strongest(rank: 0)
    package var layer = 0
    package var head = 0
    package var hasChosenHead = false
    package var scenario: Scenario

    /// The first byte of the first row of the text on the screen.
    package var top = 0
    /// The column that moves by lines keep to, where a short line had no such column.
    package var goalColumn: Int?
    package var map = MapWindow()
    package var arrangement = PanelArrangement()
    package var appearance = Appearance()
    package var lists = ListSelections()
    package var positions = PositionChoices()
    package var losses = Losses()
    /// A second model, to be shown beside the first; nil where none is asked for.
    package var beside: Loading<Model>?
    /// What the second model's run over the first tokens has left behind.
    package var besideRecording: Recording?
    /// Whether that run goes on.
    var isReadingBeside = false
    /// A parameter has just been changed: the exact run waits until this pause has ended.
    var pause: Int?
    var pauseCount = 0
    /// The second model until it is known whether it has the same tokens.
    var pendingBeside: Loading<Model>?
    package var masks = MaskTools()
    package var overlay: Overlay?
    package var search: Search?
    package var notice: Notice?

    package init(size: Size, depth: ColourDepth = .indexed256, scenario: Scenario = .plain, tokenLimit: Int? = nil) {
        self.size = size
        self.depth = depth
        self.scenario = scenario
        self.tokenLimit = tokenLimit
        text = .loading
        model = .loading
        document = .loading
    }
}

/// Something that comes from a file, once in the life of the program.
package enum Loading<Value: Sendable>: Equatable, Sendable {
    case loading
    case loaded(Value)
    /// With the one line that says why.
    case failed(String)

    package var value: Value? {
        if case .loaded(let value) = self { return value }
        return nil
    }

    /// Why it cannot be had; nil where it can or is on the way.
    package var failure: String? {
        if case .failed(let why) = self { return why }
        return nil
    }

    /// There is one text, one model, one document: what is loaded is the same.
    package static func == (a: Loading, b: Loading) -> Bool {
        switch (a, b) {
        case (.loading, .loading), (.loaded, .loaded): true
        case (.failed(let one), .failed(let other)): one == other
        default: false
        }
    }
}

/// What runs have left behind.
package struct KeptRuns: Equatable, Sendable {
    /// With the model's own scenario; every preview stands on it.
    package var plain: Recordings?
    /// With the last scenario that was run.
    package var exact: Recordings?
}

/// A run over the text that has not ended.
package struct RunProgress: Equatable, Sendable {
    package let scenario: Scenario
    package var done = 0
    package var total: Int
    package var seconds = 0.0

    /// Seconds until `token` is recorded, at the speed so far; attention makes later tokens slower, so this is a guess.
    package func seconds(until token: Int) -> Double? {
        guard done > 0, seconds > 0, token >= done else { return nil }
        return seconds * Double(token + 1 - done) / Double(done)
    }

    /// At the speed so far; nil before the first snapshot.
    package var tokensPerSecond: Int? {
        guard done > 0, seconds > 0 else { return nil }
        return Int(min(Double(done) / seconds, 1e9))
    }

    /// The part that is recorded, rounded down.
    package var percent: Int { total > 0 ? 100 * done / total : 0 }
}

/// How the key token that is looked at is chosen.
package enum Anchor: Equatable, Sendable {
    /// The cursor's key with the highest weight (rank 0), or one of the next; the first token does not count.
    case strongest(rank: Int)
    case token(Int)
}

/// Which panels are wanted, and where the keys go.
package struct PanelArrangement: Equatable, Sendable {
    package var shown = Preset.explore.panels
    package var focus = Preset.explore.focus
    /// The panel that had the focus before the text.
    package var beside = Panel.map
    package var isZoomed = false
    package var preset = Preset.explore

    mutating func setFocus(_ panel: Panel) {
        if panel != .text { beside = panel }
        focus = panel
    }
}

/// How weights become colours.
package struct Appearance: Equatable, Sendable {
    package var scale = Scale.Kind.logarithmic
    /// First tokens that the scale leaves out.
    package var sinksLeftOut = 1
    package var colourMap = ColourMap.viridis
    package var pooling = Pooling.max
    /// Whether a letter under each token names its first expert, in a mixture of experts.
    package var showsExperts = false
}

/// What is selected in the panels with lists.
package struct ListSelections: Equatable, Sendable {
    package var head: HeadPlace?
    /// An index into `HeadScore.measures`.
    package var headSort = 5
    package var loss = 0
    package var firstMethod = 0
    /// The first line of what stands in place of the rotation.
    package var firstPosition = 0
}

/// A head of the model.
package struct HeadPlace: Equatable, Sendable {
    package var layer: Int
    package var head: Int
}

/// The last search.
package struct Search: Equatable, Sendable {
    package var pattern: String
    package var isForwards: Bool
}

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

/// What covers the panels.
package enum Overlay: Equatable, Sendable {
    /// With the number of its first line on the screen.
    case help(top: Int)
    case menu(MethodMenu)
    case prompt(Prompt)
}

/// A line that is being typed.
package struct Prompt: Equatable, Sendable {
    package enum Purpose: Equatable, Sendable {
        case place
        case search(forwards: Bool)
        /// A rule of the user's own, shown while it is typed; with the scenario that Escape goes back to.
        case rule(before: Scenario)
        /// A method to compare the mask with.
        case comparison
    }
    package var purpose: Purpose
    package var text = ""
    /// What is wrong with the text so far.
    var problem: MethodError?

    package init(purpose: Purpose, text: String = "") {
        self.purpose = purpose
        self.text = text
    }
}
