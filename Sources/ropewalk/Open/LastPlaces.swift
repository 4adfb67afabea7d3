import Foundation
import RopewalkApp
import RopewalkFormats
import RopewalkMethods

/// Where texts were left, the last one first: a file of the program's own, which nothing else depends on.
struct LastPlaces {
    private struct Entry: Encodable {
        let file: String
        let place: SavedPlace
    }

    private struct Contents: Encodable {
        let version = 1
        let places: [Entry]
    }

    private static let mostPlaces = 500
    private static let mostBytes = 1 << 20

    private var entries: [Entry] = []
    private let path: String?

    /// `$XDG_STATE_HOME/ropewalk/places.json`, or the same in `~/.local/state`; nil without a home.
    private static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // A folder that is not written from the root is none (XDG Base Directory Specification).
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            return folder + "/ropewalk/places.json"
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state/ropewalk/places.json"
    }

    /// Those of the file; a file that cannot be read has none, and is written anew.
    init() {
        path = Self.path()
        guard let path, let node = try? JSONNode(contentsOf: path, sizeLimit: Self.mostBytes),
            let places = try? node["places"]?.elements(atMost: Self.mostPlaces)
        else { return }
        entries = places.compactMap { node in
            guard let file = node.value["file"]?.string, let place = node["place"],
                let saved = try? SavedPlace(place)
            else { return nil }
            return Entry(file: file, place: saved)
        }
    }

    /// Where a text was left; nil for one that was not, or left at its beginning.
    func place(ofFile file: String) -> SavedPlace? {
        let file = LinkTarget.of(file)
        return entries.first { $0.file == file }?.place
    }

    /// Remembers where texts are left now. What cannot be written is no reason to end otherwise.
    static func remember(_ left: [(file: String, place: SavedPlace)]) {
        guard !left.isEmpty else { return }
        // Another program may have written meanwhile.
        var places = LastPlaces()
        for (file, place) in left.reversed() {
            let file = LinkTarget.of(file)
            places.entries.removeAll { $0.file == file }
            if place.byte > 0 { places.entries.insert(Entry(file: file, place: place), at: 0) }
        }
        try? places.write()
    }

    private func write() throws {
        guard let path else { return }
        try FileManager.default.createDirectory(
            atPath: PathParts.folder(of: path), withIntermediateDirectories: true)
        let kept = Array(entries.prefix(Self.mostPlaces))
        let file = try AtomicFile(path: path)
        try file.write(Array(JSONText.encodeAsWritten(Contents(places: kept)).utf8))
        try file.commit()
    }
}
