/// Everything that a reader can do, by concern.
///
/// An action has a name and parameters that do not change (docs/ACTIONS.md): keys, the mouse and scripts only ask for
/// it. Each concern says in a file of its own how its actions are written, what stands in their way, and what they do.
package enum Action: Hashable, Sendable {
    case move(MoveAction)
    case search(SearchAction)
    case places(PlaceAction)
    case focus(FocusAction)
    case spans(SpanAction)
    case appearance(AppearanceAction)
    case panels(PanelAction)
    case map(MapAction)
    case heads(HeadsAction)
    case ask(AskAction)
    case word(WordAction)
    case io(IOAction)
    case experts(ExpertsAction)
    case catalogue(CatalogueAction)
    case methods(MethodAction)
    case menu(MenuAction)
    case masks(MaskAction)
    case positions(PositionAction)
    case losses(LossAction)
    case needles(NeedleAction)
    case passages(PassageAction)
    case longTexts(LongTextAction)
    case benchmarks(BenchmarkAction)
    case models(ModelsAction)
    case second(SecondAction)
    case reading(ReadingAction)
    case edit(EditAction)
    case generate(GenerateAction)
    case session(SessionAction)
    case kept(KeptAction)
    case lesson(LessonAction)
    case finder(FinderAction)
    case program(ProgramAction)

    /// The name with its parameters; `init(parsing:)` gives the action back.
    package var text: String { concern.text }

    /// What a number before its key asks for; the action alone where a number means nothing.
    package func times(_ count: Int) -> [Action] {
        switch self {
        case .move(let action): action.times(count).map { .move($0) }
        case .search(.again): Array(repeating: self, count: min(count, 1_000))
        case .places(let action): action.times(count).map { .places($0) }
        case .session(.step(let steps)): [.session(.step(steps * count))]
        case .reading(.chapter(let steps)): [.reading(.chapter(steps * count))]
        case .focus(let action): [.focus(action.times(count))]
        case .ask(let action): [.ask(action.times(count))]
        case .word(let action): [.word(action.times(count))]
        case .io(let action): [.io(action.times(count))]
        case .experts(let action): [.experts(action.times(count))]
        case .needles(let action): [.needles(action.times(count))]
        case .passages(let action): [.passages(action.times(count))]
        case .longTexts(let action): [.longTexts(action.times(count))]
        case .benchmarks(let action): [.benchmarks(action.times(count))]
        case .catalogue(let action): [.catalogue(action.times(count))]
        case .heads(.select(let steps)): [.heads(.select(steps.times(count)))]
        case .map(.pan(let steps)): [.map(.pan(steps.times(count)))]
        case .map(.zoom), .methods(.value), .appearance: Array(repeating: self, count: min(count, 100))
        case .methods(.parameter(let steps)): [.methods(.parameter(steps * count))]
        case .positions(.step(let steps)): [.positions(.step(steps * count))]
        case .positions(.scroll(let steps)): [.positions(.scroll(steps * count))]
        case .panels(.preset): [.panels(.number(count))]
        case .finder(.entry(let steps)): [.finder(.entry(steps * count))]
        case .search, .spans, .panels, .map, .heads, .methods, .menu, .masks, .positions, .losses, .models,
            .second, .reading, .edit, .generate, .session, .kept, .lesson, .finder, .program:
            [self]
        }
    }

    /// How things stand that it changes; nil where it changes none of that kind.
    func standing(in state: AppState) -> String? { concern.standing(in: state) }

    /// Why it can do nothing now; nil where it can.
    package func obstacle(in state: AppState) -> String? { concern.obstacle(in: state) }

    private var concern: any ActionConcern {
        switch self {
        case .move(let action): action
        case .search(let action): action
        case .places(let action): action
        case .focus(let action): action
        case .spans(let action): action
        case .appearance(let action): action
        case .panels(let action): action
        case .map(let action): action
        case .heads(let action): action
        case .ask(let action): action
        case .word(let action): action
        case .io(let action): action
        case .experts(let action): action
        case .catalogue(let action): action
        case .methods(let action): action
        case .menu(let action): action
        case .masks(let action): action
        case .positions(let action): action
        case .losses(let action): action
        case .needles(let action): action
        case .passages(let action): action
        case .longTexts(let action): action
        case .benchmarks(let action): action
        case .models(let action): action
        case .second(let action): action
        case .reading(let action): action
        case .edit(let action): action
        case .generate(let action): action
        case .session(let action): action
        case .kept(let action): action
        case .lesson(let action): action
        case .finder(let action): action
        case .program(let action): action
        }
    }
}

extension AppState {
    /// What an action changes.
    mutating func perform(_ action: Action) -> [Effect] {
        let cursor = focus.cursor
        let effects = effects(of: action)
        // What opens a list or a prompt is chosen there.
        if lesson == nil, overlay == nil, action.isForLessons { draft.note(action, cursor: cursor) }
        return effects
    }

    private mutating func effects(of action: Action) -> [Effect] {
        switch action {
        case .move(let action): perform(action)
        case .search(let action): perform(action)
        case .places(let action): perform(action)
        case .focus(let action): perform(action)
        case .spans(let action): perform(action)
        case .appearance(let action): perform(action)
        case .panels(let action): perform(action)
        case .map(let action): perform(action)
        case .heads(let action): perform(action)
        case .ask(let action): perform(action)
        case .word(let action): perform(action)
        case .io(let action): perform(action)
        case .experts(let action): perform(action)
        case .catalogue(let action): perform(action)
        case .methods(let action): perform(action)
        case .menu(let action): perform(action)
        case .masks(let action): perform(action)
        case .positions(let action): perform(action)
        case .losses(let action): perform(action)
        case .needles(let action): perform(action)
        case .passages(let action): perform(action)
        case .longTexts(let action): perform(action)
        case .benchmarks(let action): perform(action)
        case .models(let action): perform(action)
        case .second(let action): perform(action)
        case .reading(let action): perform(action)
        case .edit(let action): perform(action)
        case .generate(let action): perform(action)
        case .session(let action): perform(action)
        case .kept(let action): perform(action)
        case .lesson(let action): perform(action)
        case .finder(let action): perform(action)
        case .program(let action): perform(action)
        }
    }
}
