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

    /// The rules among its parts.
    var rules: [ExpressionWindow] {
        switch self {
        case let rule as ExpressionWindow: [rule]
        case let scoped as ScopedWindow: scoped.window.rules
        case let union as UnionWindow: union.parts.flatMap(\.rules)
        default: []
        }
    }

    /// Those of its parts that by their definition let queries read keys after them.
    package var leaks: [ShiftedGroups] {
        switch self {
        case let groups as ShiftedGroups: groups.wraps ? [groups] : []
        case let scoped as ScopedWindow: scoped.window.leaks
        case let union as UnionWindow: union.parts.flatMap(\.leaks)
        default: []
        }
    }

    /// The arrays in files that its rules look things up in.
    package var ruleArrays: [RuleArray] { rules.flatMap(\.expression.arrays) }

    /// The files that it was read from.
    package var maskFiles: [String] { fileWindows.map(\.path) + ruleArrays.map(\.path) }
}
