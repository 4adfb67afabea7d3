import Foundation
import TestSupport

/// Reference vectors made by an independent script.
struct TileVectors {
    private let root: [String: Any]

    struct Missing: Error { let what: String }

    /// - Parameter file: of those in `Fixtures/vectors`
    init(_ file: String = "tiles-and-pages") throws {
        let data = try Fixture.data("vectors/\(file).json")
        root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// A part of an entry, `outputs` or `inputs`, or a value in it.
    func value<T>(_ section: String, _ id: String, _ path: String..., as type: T.Type = T.self) throws -> T {
        var value: Any? = (root[section] as? [[String: Any]])?.first { $0["id"] as? String == id }
        for key in path { value = (value as? [String: Any])?[key] }
        guard let result = value as? T else { throw Missing(what: "\(id) \(path)") }
        return result
    }

    func numbers(_ id: String, _ path: String...) throws -> [[Float]] {
        let rows: [[Double]] = try value("numeric", id, path[0], path[1])
        return rows.map { $0.map { Float($0) } }
    }
}
