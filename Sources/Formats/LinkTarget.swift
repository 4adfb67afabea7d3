import Foundation

/// Where a link leads to, so that the link is not what gets replaced.
package enum LinkTarget {
    /// The file behind a path; also one that is not there yet, to which a link points.
    package static func of(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        var path = path
        // As many links as the system itself follows.
        for _ in 0..<40 {
            guard let name = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { return path }
            let folder = PathParts.folder(of: path)
            path = name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
        }
        return path
    }
}
