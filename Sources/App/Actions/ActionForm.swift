/// How one kind of action is written: its name, what it takes, what it does.
package struct ActionForm: Sendable {
    package let name: String
    /// What stands after the name: "STEPS"; empty where nothing does.
    package let takes: String
    /// What it does, in a few words.
    package let meaning: String
    package let example: Action
    /// Parameters that a list of actions shows, each as it is written; empty where there are none.
    let values: [String]
    /// Whether it takes others too.
    let isOpen: Bool
    private let read: @Sendable (String) -> Action?

    /// An action without parameters.
    init(_ name: String, _ meaning: String, _ action: Action) {
        self.name = name
        self.meaning = meaning
        takes = ""
        (values, isOpen) = ([], false)
        example = action
        read = { $0.isEmpty ? action : nil }
    }

    /// An action with one parameter.
    init<Value: Sendable>(
        _ name: String, _ parameter: ActionParameter<Value>, _ meaning: String,
        _ action: @escaping @Sendable (Value) -> Action
    ) {
        self.name = name
        self.meaning = meaning
        takes = parameter.title
        (values, isOpen) = (parameter.values, parameter.isOpen)
        example = action(parameter.example)
        read = { parameter.read($0).map(action) }
    }

    /// The action of this form with the parameter that `text` says; nil where it is none.
    func action(_ text: String) -> Action? { read(text) }

    /// All of them, concern by concern.
    package static let all: [ActionForm] =
        MoveAction.forms + SearchAction.forms + PlaceAction.forms + ReadingAction.forms
        + EditAction.forms + GenerateAction.forms + SessionAction.forms + KeptAction.forms + FocusAction.forms
        + SpanAction.forms
        + AppearanceAction.forms
        + PanelAction.forms
        + MapAction.forms + HeadsAction.forms + AskAction.forms + WordAction.forms + IOAction.forms
        + ExpertsAction.forms
        + CatalogueAction.forms
        + MethodAction.forms
        + MenuAction.forms
        + MaskAction.forms + PositionAction.forms + LossAction.forms + NeedleAction.forms + PassageAction.forms
        + LongTextAction.forms + BenchmarkAction.forms
        + ModelsAction.forms + SecondAction.forms
        + LessonAction.forms + FinderAction.forms + ProgramAction.forms
}

extension Action {
    /// - Throws: `AppError` where no action has the name, or the name takes something else.
    package init(parsing text: String) throws(AppError) {
        let text = text.trimmed
        func rest(_ form: ActionForm) -> String? {
            guard text.hasPrefix(form.name) else { return nil }
            let rest = text.dropFirst(form.name.count)
            return rest.isEmpty || rest.first?.isWhitespace == true ? String(rest).trimmed : nil
        }
        // "panel show" and "panel" may both be names: the longest that fits is meant.
        let form = ActionForm.all.filter { rest($0) != nil }.max { $0.name.count < $1.name.count }
        guard let form, let parameter = rest(form) else { throw .unknownAction(text) }
        guard let action = form.action(parameter) else { throw .badAction(text, takes: form.takes) }
        self = action
    }
}

extension Action {
    /// Whether a text is the beginning of an action, or says one with something wrong behind its name.
    static func begins(_ text: String) -> Bool {
        let text = text.trimmed
        return ActionForm.all.contains { $0.name.hasPrefix(text) || text.hasPrefix($0.name + " ") }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
