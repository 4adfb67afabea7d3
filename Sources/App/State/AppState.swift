import RopewalkCellGrid
import RopewalkMethods

/// Everything that the screen shows and the keys change; the terminal and the running work are elsewhere.
package struct AppState: Equatable, Sendable {
    package var size: Size
    package var depth: ColourDepth
    /// What the terminal's background is, as far as that is known.
    package var terminalGround: Ground
    /// What is open.
    @Boxed package var sources: Sources
    /// What runs over the text have left behind, and the one that goes on.
    @Boxed package var runs = Runs()
    /// What the reader looks at.
    package var focus = Focus()
    /// What is asked about together.
    package var spans = Spans()
    package var scenario: Scenario
    /// Which part of the text is on the screen.
    package var window = TextWindow()
    package var map = MapWindow()
    package var panels = PanelArrangement()
    package var appearance = Appearance()
    @Boxed package var heads = HeadList()
    @Boxed package var ask = AskChoices()
    package var word = WordChoices()
    @Boxed package var io = IOChoices()
    package var experts = ExpertsChoices()
    @Boxed package var catalogue = CatalogueChoices()
    /// Another text that queries look into.
    @Boxed package var memory = MemoryStore()
    @Boxed package var masks = MaskTools()
    @Boxed package var positions = PositionChoices()
    @Boxed package var losses = Losses()
    @Boxed package var needles = NeedleTests()
    @Boxed package var passages = PassageStore()
    @Boxed package var longTexts = LongTextStore()
    @Boxed package var benchmarks = BenchmarkStore()
    /// Shown beside the first model; nil where none is asked for.
    @Boxed package var second: SecondModel?
    /// What a second text beside the first one shows; nil where there is one.
    @Boxed package var pin: TextPin?
    /// Where the reader was, and what was marked.
    @Boxed package var places = Places()
    /// All that is open, this among it.
    @Boxed package var sessions = SessionList()
    /// Where the reader goes on when there are tokens; nil after that, and for a beginning.
    @Boxed package var returning: SessionStart?
    /// How texts are continued, and what goes on of it.
    @Boxed package var generation = GenerateChoices()
    /// The text before it was changed; nil where it was not.
    @Boxed package var original: Original?
    /// What the reader has written at places of the text.
    @Boxed package var notes = Notes()
    @Boxed package var overlay: Overlay?
    /// What is taught; nil where no lesson goes on.
    @Boxed package var lesson: LessonPlay?
    /// Steps of a new one.
    @Boxed package var draft = LessonDraft()
    /// Keys that the reader has bound to other actions, where nothing lies over the panels.
    var ownKeys: [Key: Action] = [:]
    /// How many keys wait for the tokens of the text.
    var waitingKeys = 0
    /// What was seen before.
    @Boxed var history = ViewHistory()
    /// What was typed before.
    package var prompts = PromptHistory()
    package var notice: Notice?
    /// Why files that were asked for are not written, in their order.
    package internal(set) var unwritten: [String] = []
    /// How long the last frame took; nil where none was drawn on a terminal.
    package var timings: Timings?

    package init(
        size: Size, depth: ColourDepth = .indexed256, ground: Ground = .dark, scenario: Scenario = .plain,
        tokenLimit: Int? = nil
    ) {
        self.size = size
        self.depth = depth
        terminalGround = ground
        self.scenario = scenario
        sources = Sources(tokenLimit: tokenLimit)
        if !scenario.windows.isEmpty { masks.mapLayer = .mask }
    }

    /// Begins with what the reader has chosen once and for all.
    package mutating func begin(with actions: [Action], keys: [Key: Action]) {
        for action in actions { _ = perform(action) }
        ownKeys = keys
        notice = nil
    }
}
