extension WindowMethod {
    /// What of it was read from files, its parts included.
    package var fileWindows: [FileWindow] {
        switch self {
        case let file as FileWindow: [file]
        case let scoped as ScopedWindow: scoped.window.fileWindows
        case let union as UnionWindow: union.parts.flatMap(\.fileWindows)
        default: []
        }
    }

    /// The items, layers and heads that it and its parts are limited to.
    package var scopes: [HeadScope] {
        switch self {
        case let scoped as ScopedWindow: [scoped.scope] + scoped.window.scopes
        case let union as UnionWindow: union.parts.flatMap(\.scopes)
        default: []
        }
    }

    /// The arrays in files that its rules look things up in.
    package var ruleArrays: [RuleArray] {
        switch self {
        case let rule as ExpressionWindow: rule.expression.arrays
        case let scoped as ScopedWindow: scoped.window.ruleArrays
        case let union as UnionWindow: union.parts.flatMap(\.ruleArrays)
        default: []
        }
    }

    /// The files that it was read from.
    package var maskFiles: [String] { fileWindows.map(\.path) + ruleArrays.map(\.path) }
}
