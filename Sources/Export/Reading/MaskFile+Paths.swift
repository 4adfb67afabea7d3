import Foundation

extension MaskFile {
    /// More names than that help nobody to choose.
    private static let pathLimit = 1000

    /// Files and folders whose paths begin with a path, in order; folders end with a slash. Behind the `#` of a file with
    /// several arrays, these.
    package static func paths(beginningWith path: String) -> [String] {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let start = slash.map { path[path.index(after: $0)...] } ?? path[...]
        if let mark = start.lastIndex(of: "#"), access(path, F_OK) != 0 {
            let file = folder + start[..<mark]
            return arrayNames(file).map { file + "#" + $0 }.filter { $0.hasPrefix(path) }
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let fitting = names.filter { $0.hasPrefix(start) && (start.hasPrefix(".") || !$0.hasPrefix(".")) }
        return fitting.sorted().prefix(pathLimit).map { name in
            var isFolder: ObjCBool = false
            let whole = folder + name
            let exists = FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
            return whole + (exists && isFolder.boolValue ? "/" : "")
        }
    }
}
