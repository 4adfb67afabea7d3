extension WindowMethod {
    /// The files that it was read from, those of its parts included.
    var maskFiles: [String] {
        switch self {
        case let file as FileWindow: [file.path]
        case let scoped as ScopedWindow: scoped.window.maskFiles
        case let union as UnionWindow: union.parts.flatMap(\.maskFiles)
        default: []
        }
    }
}
