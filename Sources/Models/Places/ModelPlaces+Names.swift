import Foundation
import RopewalkFormats
import RopewalkMethods

extension ModelPlaces {
    /// The file or folder of a model: a path that exists, else what a name stands for in one of the places.
    /// - Throws: where was looked and which names are near, where there is none.
    package func path(of name: String) throws(ModelError) -> String {
        if FileManager.default.fileExists(atPath: name) { return try snapshot(in: name) }
        let prefixed = PlacedModel.Place.allCases.first { name.hasPrefix($0.prefix) }
        // What can only be a path is left to whoever opens it, to say that it is not there.
        if prefixed == nil, ["/", "./", "../", "~"].contains(where: { name.hasPrefix($0) }) { return name }
        let bare = prefixed.map { String(name.dropFirst($0.prefix.count)) } ?? name
        let asked = stores.filter { prefixed == nil ? $0.place != .ollama : $0.place == prefixed }
        for store in asked {
            do throws(FormatError) {
                if let path = try store.path(of: bare) { return path }
            } catch {
                throw .format(error)
            }
        }
        let models = models()
        throw .unknownName(
            name, places: asked.map(\.root), nearest: Self.nearest(to: name, among: models.map(\.name)),
            count: models.count)
    }

    /// The model in a cache's own folder of it; any other path is what it is.
    private func snapshot(in path: String) throws(ModelError) -> String {
        guard HuggingFaceCache.isEntry(path) else { return path }
        do { return try HuggingFaceCache.snapshot(in: path, revision: nil) } catch { throw .format(error) }
    }

    /// Names that are like a mistyped one: those that hold it, then those with few other letters.
    private static func nearest(to name: String, among names: [String]) -> [String] {
        let typed = name.lowercased().prefix(200)
        let stem = typed.split { "/:@".contains($0) }.last.map { String($0) } ?? ""
        let ranked = names.map { known in
            let letters = known.lowercased()
            let edits = editDistance(Array(typed.unicodeScalars), Array(letters.unicodeScalars.prefix(200)))
            return (name: known, edits: stem.count > 2 && letters.contains(stem) ? 0 : edits)
        }
        let near = ranked.filter { $0.edits <= max(2, $0.name.count / 2) }
        return near.sorted { ($0.edits, $0.name) < ($1.edits, $1.name) }.prefix(3).map(\.name)
    }
}
