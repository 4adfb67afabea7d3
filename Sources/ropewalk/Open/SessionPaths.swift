import Foundation
import RopewalkApp
import RopewalkFormats

/// How a session names files: what lies beside it or below goes with it to another place, what comes with the program is found
/// where that is installed, everything else has its whole path.
struct SessionPaths {
    private let folder: String

    private static let samples = "samples:"

    /// - Parameter file: that of the session
    init(file: String) { folder = PathParts.folder(of: Self.whole(file)) }

    func written(_ session: SavedSession) -> SavedSession { with(session, written) }

    func read(_ session: SavedSession) throws -> SavedSession {
        let samples = try SamplesFolder.path()
        return with(session) { path in
            if path.hasPrefix(Self.samples) { return samples + "/" + path.dropFirst(Self.samples.count) }
            return path.hasPrefix("/") ? path : folder + "/" + path
        }
    }

    private func written(_ path: String) -> String {
        let path = Self.whole(path)
        if let samples = try? Self.whole(SamplesFolder.path()), path.hasPrefix(samples + "/") {
            return Self.samples + path.dropFirst(samples.count + 1)
        }
        return path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }

    private func with(_ session: SavedSession, _ change: (String) -> String) -> SavedSession {
        var session = session
        session.texts = session.texts.map { text in
            var text = text
            (text.text.file, text.text.ids) = (text.text.file.map(change), text.text.ids.map(change))
            (text.model, text.beside) = (text.model.map { model($0, change) }, text.beside.map { model($0, change) })
            return text
        }
        return session
    }

    private func model(_ model: SavedModel, _ change: (String) -> String) -> SavedModel {
        SavedModel(
            path: change(model.path), adapter: model.adapter.map(change), weightsLike: model.weightsLike)
    }

    /// From the root, without `.` and `..`; links stay.
    private static func whole(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
