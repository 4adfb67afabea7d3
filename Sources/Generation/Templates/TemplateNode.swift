/// A part of a template.
indirect enum TemplateNode: Sendable {
    case text(String)
    case output(TemplateExpression)
    case condition([(test: TemplateExpression, body: [TemplateNode])], otherwise: [TemplateNode])
    case loop(Loop)
    case set(Target, TemplateExpression, line: Int)
    /// The text of its body.
    case setBlock(Target, [TemplateNode], filters: [TemplateExpression.Call], line: Int)
    case macro(TemplateMacro)
    case skip
    case leave

    struct Loop: Sendable {
        let names: [String]
        let values: TemplateExpression
        let filter: TemplateExpression?
        let body: [TemplateNode]
        let otherwise: [TemplateNode]
        let line: Int
    }

    /// What is set: names, or a member of a namespace.
    enum Target: Sendable {
        case names([String])
        case member(String, String)
    }
}

/// What has a value in a template.
indirect enum TemplateExpression: Sendable {
    struct Call: Sendable {
        let name: String
        let arguments: [TemplateExpression]
        let named: [(name: String, value: TemplateExpression)]
        let line: Int
    }

    enum Operator: String, Sendable {
        case or, and
        case equal = "==", unequal = "!=", less = "<", atMost = "<=", more = ">", atLeast = ">="
        case isIn = "in", isNotIn = "not in"
        case plus = "+", minus = "-", joined = "~"
        case times = "*", over = "/", wholes = "//", rest = "%", power = "**"
    }

    case value(TemplateValue)
    case name(String)
    case list([TemplateExpression])
    /// The same in round brackets, or with commas alone.
    case tuple([TemplateExpression])
    case map([(key: TemplateExpression, value: TemplateExpression)])
    case member(TemplateExpression, String, line: Int)
    case item(TemplateExpression, TemplateExpression, line: Int)
    case slice(
        TemplateExpression, from: TemplateExpression?, to: TemplateExpression?, step: TemplateExpression?, line: Int)
    /// A function or a macro by its name.
    case call(Call)
    case method(TemplateExpression, Call)
    case filter(TemplateExpression, Call)
    case test(TemplateExpression, Call, isNegated: Bool)
    case not(TemplateExpression)
    case negative(TemplateExpression, line: Int)
    case binary(Operator, TemplateExpression, TemplateExpression, line: Int)
    case choice(TemplateExpression, test: TemplateExpression, otherwise: TemplateExpression?)
}
