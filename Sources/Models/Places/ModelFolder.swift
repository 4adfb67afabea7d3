import Foundation
import RopewalkFormats

/// A folder of GGUF files and folders of models, as LM Studio and llama.cpp keep them: `publisher/name/file.gguf`, or all
/// beside one another.
struct ModelFolder: ModelStore {
    let place: PlacedModel.Place
    let root: String

    /// How deep models lie, and how many folders are looked into.
    private static let depth = 3
    private static let folderLimit = 2000

    init(_ place: PlacedModel.Place, root: String) {
        self.place = place
        self.root = root
    }

    func models() -> [PlacedModel] {
        var found: [String] = []
        var level = [""]
        // A link may lead to a folder above it.
        var seen: Set<String> = []
        for _ in 0...Self.depth {
            var next: [String] = []
            for folder in level {
                let path = folder.isEmpty ? root : root + "/" + folder
                guard seen.count < Self.folderLimit, found.count < PlacedModel.limit,
                    seen.insert(LinkTarget.of(path)).inserted, let contents = try? FolderContents(path)
                else { continue }
                let inside = folder.isEmpty ? "" : folder + "/"
                found += contents.ggufFiles.map { inside + $0 }
                if contents.contains("config.json"), contents.ggufFiles.isEmpty, !folder.isEmpty {
                    found.append(folder)
                } else {
                    next += contents.folders.map { inside + $0 }
                }
            }
            level = next
        }
        return found.prefix(PlacedModel.limit).map { name in
            PlacedModel(place, name: place.prefix + Self.short(name)) { () throws(FormatError) in root + "/" + name }
        }
    }

    private static func short(_ name: String) -> String {
        name.hasSuffix(".gguf") ? String(name.dropLast(".gguf".count)) : name
    }

    func path(of name: String) throws(FormatError) -> String? {
        guard let parts = PlainParts.of(name) else { return nil }
        let path = root + "/" + parts.joined(separator: "/")
        return [path, path + ".gguf"].first { FileManager.default.fileExists(atPath: $0) }
    }
}
