import CellGrid
import Documents
import Lens
import Methods
import Models
import Views

/// Everything that the screen shows and the keys change; the terminal and the running work are elsewhere.
public struct AppState: Equatable, Sendable {
    public var size: Size
    public var depth: ColourDepth
    public var text: Loading<SourceText>
    public var model: Loading<Model>
    /// The tokens that runs read: all, or the first ones where something limits them.
    public var document: Loading<Document>
    /// The tokens of the whole text; more than the document's where something limits it.
    var whole = Loading<Document>.loading
    /// The whole text behind the start token, as the decoder of a model with an encoder reads it.
    var decoderDocument = Loading<Document>.loading
    /// Tokens are read only up to here; nil without a limit.
    public var tokenLimit: Int?

    public internal(set) var recordings = KeptRuns()
    /// What reads what on the screen.
    public internal(set) var kind = AttentionKind.decoder
    /// The recordings under the scenario; kept, because a changed position method costs a table of all angles.
    var lenses = ScenarioLenses()
    /// Head scores on repeated random tokens; empty until they are measured.
    public var circuits: [HeadScore] = []
    /// The work in progress; nil where there is none.
    public var run: RunProgress?
    /// Whether the user cancelled the run, so that it begins again only when asked for.
    public var isRunPaused = false

    /// The query token.
    public var cursor = 0
    public var hasMoved = false
    public var anchor = Anchor.strongest(rank: 0)
    public var layer = 0
    public var head = 0
    public var hasChosenHead = false
    public var scenario: Scenario

    /// The first byte of the first row of the text on the screen.
    public var top = 0
    /// The column that moves by lines keep to, where a short line had no such column.
    public var goalColumn: Int?
    public var map = MapWindow()
    public var arrangement = PanelArrangement()
    public var appearance = Appearance()
    public var lists = ListSelections()
    public var positions = PositionChoices()
    public var losses = Losses()
    /// A second model, to be shown beside the first; nil where none is asked for.
    public var beside: Loading<Model>?
    /// What the second model's run over the first tokens has left behind.
    public var besideRecording: Recording?
    /// Whether that run goes on.
    var isReadingBeside = false
    /// A parameter has just been changed: the exact run waits until this pause has ended.
    var pause: Int?
    var pauseCount = 0
    /// The second model until it is known whether it has the same tokens.
    var pendingBeside: Loading<Model>?
    public var masks = MaskTools()
    public var overlay: Overlay?
    public var search: Search?
    public var notice: Notice?

    public init(size: Size, depth: ColourDepth = .indexed256, scenario: Scenario = .plain, tokenLimit: Int? = nil) {
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
public enum Loading<Value: Sendable>: Equatable, Sendable {
    case loading
    case loaded(Value)
    /// With the one line that says why.
    case failed(String)

    public var value: Value? {
        if case .loaded(let value) = self { return value }
        return nil
    }

    /// Why it cannot be had; nil where it can or is on the way.
    public var failure: String? {
        if case .failed(let why) = self { return why }
        return nil
    }

    /// There is one text, one model, one document: what is loaded is the same.
    public static func == (a: Loading, b: Loading) -> Bool {
        switch (a, b) {
        case (.loading, .loading), (.loaded, .loaded): true
        case (.failed(let one), .failed(let other)): one == other
        default: false
        }
    }
}

/// What runs have left behind.
public struct KeptRuns: Equatable, Sendable {
    /// With the model's own scenario; every preview stands on it.
    public var plain: Recordings?
    /// With the last scenario that was run.
    public var exact: Recordings?
}

/// A run over the text that has not ended.
public struct RunProgress: Equatable, Sendable {
    public let scenario: Scenario
    public var done = 0
    public var total: Int
    public var seconds = 0.0

    /// Seconds until `token` is recorded, at the speed so far; attention makes later tokens slower, so this is a guess.
    public func seconds(until token: Int) -> Double? {
        guard done > 0, seconds > 0, token >= done else { return nil }
        return seconds * Double(token + 1 - done) / Double(done)
    }

    /// At the speed so far; nil before the first snapshot.
    public var tokensPerSecond: Int? {
        guard done > 0, seconds > 0 else { return nil }
        return Int(min(Double(done) / seconds, 1e9))
    }

    /// The part that is recorded, rounded down.
    public var percent: Int { total > 0 ? 100 * done / total : 0 }
}

/// How the key token that is looked at is chosen.
public enum Anchor: Equatable, Sendable {
    /// The cursor's key with the highest weight (rank 0), or one of the next; the first token does not count.
    case strongest(rank: Int)
    case token(Int)
}

/// Which panels are wanted, and where the keys go.
public struct PanelArrangement: Equatable, Sendable {
    public var shown = Preset.explore.panels
    public var focus = Preset.explore.focus
    /// The panel that had the focus before the text.
    public var beside = Panel.map
    public var isZoomed = false
    public var preset = Preset.explore

    mutating func setFocus(_ panel: Panel) {
        if panel != .text { beside = panel }
        focus = panel
    }
}

/// How weights become colours.
public struct Appearance: Equatable, Sendable {
    public var scale = Scale.Kind.logarithmic
    /// First tokens that the scale leaves out.
    public var sinksLeftOut = 1
    public var colourMap = ColourMap.viridis
    public var pooling = Pooling.max
    /// Whether a letter under each token names its first expert, in a mixture of experts.
    public var showsExperts = false
}

/// What is selected in the panels with lists.
public struct ListSelections: Equatable, Sendable {
    public var head: HeadPlace?
    /// An index into `HeadScore.measures`.
    public var headSort = 5
    public var loss = 0
    public var firstMethod = 0
    /// The first line of what stands in place of the rotation.
    public var firstPosition = 0
}

/// A head of the model.
public struct HeadPlace: Equatable, Sendable {
    public var layer: Int
    public var head: Int
}

/// The last search.
public struct Search: Equatable, Sendable {
    public var pattern: String
    public var isForwards: Bool
}

/// One line that tells the user something; it stays until the next key.
public struct Notice: Equatable, Sendable {
    public enum Kind: Equatable, Sendable { case information, warning, error }
    public var kind: Kind
    public var text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// What covers the panels.
public enum Overlay: Equatable, Sendable {
    /// With the number of its first line on the screen.
    case help(top: Int)
    case menu(MethodMenu)
    case prompt(Prompt)
}

/// A line that is being typed.
public struct Prompt: Equatable, Sendable {
    public enum Purpose: Equatable, Sendable {
        case place
        case search(forwards: Bool)
        /// A rule of the user's own, shown while it is typed; with the scenario that Escape goes back to.
        case rule(before: Scenario)
        /// A method to compare the mask with.
        case comparison
    }
    public var purpose: Purpose
    public var text = ""
    /// What is wrong with the text so far.
    var problem: MethodError?

    public init(purpose: Purpose, text: String = "") {
        self.purpose = purpose
        self.text = text
    }
}
