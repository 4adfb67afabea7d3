import Foundation
import RopewalkPhrases

/// Where a program lies.
package enum ProgramPath {
    /// - Parameters:
    ///   - name: a path where it has a slash, else a name.
    ///   - folders: joined by colons, as PATH has them; nil for those of PATH.
    package static func find(_ name: String, in folders: String? = nil) throws(PeerFailure) -> String {
        if name.contains("/") {
            if let problem = problem(of: name) { throw .noProgram(name: name, reason: problem) }
            return name
        }
        let places = (folders ?? ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard !name.isEmpty, let found = places.map({ $0 + "/" + name }).first(where: { problem(of: $0) == nil }) else {
            throw .noProgram(name: name, reason: say("it is not in PATH"))
        }
        return found
    }

    private static func problem(of path: String) -> String? {
        var information = stat()
        guard stat(path, &information) == 0 else { return String(cString: strerror(errno)) }
        guard information.st_mode & S_IFMT == S_IFREG else { return say("it is no file") }
        return access(path, X_OK) == 0 ? nil : String(cString: strerror(errno))
    }
}
