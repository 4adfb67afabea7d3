import Foundation
import RopewalkFormats

/// One line about a model on this machine, from its configuration and the headers of its files alone.
package struct ModelSummary: Equatable, Sendable, Encodable {
    package let place: String
    /// By which it can be asked for.
    package let name: String
    package let path: String?
    package private(set) var family: String?
    /// Numbers of weights.
    package private(set) var parameters: Int?
    /// Of the weights' files.
    package private(set) var bytes: Int?
    /// Tokens of the window that it was trained on.
    package private(set) var window: Int?
    package private(set) var runs = false
    /// Why it does not run, or what it lacks; nil where all is well.
    package private(set) var problem: String?

    package init(_ model: PlacedModel) {
        self.init(place: model.place.rawValue, name: model.name, path: model.path)
        if path == nil { problem = model.problem }
    }

    package init(place: String, name: String, path: String?) {
        (self.place, self.name, self.path) = (place, name, path)
        guard let path else { return }
        do throws(ModelError) { take(try ModelInfo(contentsOf: path, readsTokenizer: false)) } catch {
            problem = error.description
        }
    }

    private mutating func take(_ info: ModelInfo) {
        family = info.family
        parameters = info.parameters
        bytes = info.tensors?.bytes
        window = info.sizes?.window
        runs = info.runs
        problem = info.missing.first
    }

    private enum CodingKeys: String, CodingKey {
        case place, name, path, family, parameters, bytes, window, runs, problem
    }

    /// As the JSON form: what is not known is null, so that the keys are always the same.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(place, forKey: .place)
        try object.encode(name, forKey: .name)
        try object.encode(path, forKey: .path)
        try object.encode(family, forKey: .family)
        try object.encode(parameters, forKey: .parameters)
        try object.encode(bytes, forKey: .bytes)
        try object.encode(window, forKey: .window)
        try object.encode(runs, forKey: .runs)
        try object.encode(problem, forKey: .problem)
    }
}

extension ModelSummary {
    /// Numbers of weights in short, such as "135 M"; a dash where they are not known.
    package var shortParameters: String {
        guard let parameters else { return "-" }
        let value = Double(parameters)
        if value >= 9.95e9 { return String(format: "%.0f B", value / 1e9) }
        if value >= 1e9 { return String(format: "%.1f B", value / 1e9) }
        if value >= 9.95e6 { return String(format: "%.0f M", value / 1e6) }
        return value >= 1e6 ? String(format: "%.1f M", value / 1e6) : String(format: "%.0f k", value / 1e3)
    }

    /// The size of the files in MB; a dash where it is not known.
    package var megabytes: String { bytes.map { max(1, $0 / 1_000_000).grouped } ?? "-" }
}
