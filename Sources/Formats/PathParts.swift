/// Paths cut at their slashes, as they are written. Foundation's way ends the process for one of a single character, ".".
package enum PathParts {
    /// The folder that a file or folder lies in: "a" for "a/b" and "a/b/", "/" for "/a"; empty for a name alone, and for "/".
    package static func folder(of path: String) -> String {
        let parts = bare(path)
        guard let slash = parts.lastIndex(of: "/") else { return "" }
        let folder = bare(String(parts[..<slash]))
        return folder.isEmpty ? "/" : String(folder)
    }

    /// Without slashes at its end.
    private static func bare(_ path: String) -> Substring.UnicodeScalarView {
        var scalars = path[...].unicodeScalars
        while scalars.last == "/" { scalars.removeLast() }
        return scalars
    }
}
