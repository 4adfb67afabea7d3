import Foundation
import RopewalkModels

/// What an option names a model by.
enum ModelName {
    /// - Parameter name: a path that exists, or the name of a model on this machine; nil for the bundled model
    static func path(_ name: String?) throws -> String {
        guard let name else { return try SamplesFolder.model() }
        let path = try ModelPlaces.ofThisMachine.path(of: name)
        guard access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { return path }
        throw CommandError.noModel(path)
    }

    /// The models that come with the program, and those in the places of others.
    static func summaries() -> [ModelSummary] {
        SamplesFolder.models.map { ModelSummary(place: "Ropewalk", name: $0, path: $0) }
            + ModelPlaces.ofThisMachine.models().map { ModelSummary($0) }
    }
}
