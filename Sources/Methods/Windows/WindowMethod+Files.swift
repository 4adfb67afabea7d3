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

    /// The files that it was read from.
    var maskFiles: [String] { fileWindows.map(\.path) }
}
