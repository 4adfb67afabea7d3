import Foundation
import TestSupport

/// Entries of the reference vectors (float64, made by an independent script), by section and id.
struct ReferenceVectors {
    private let root: [String: Any]

    struct Missing: Error { let what: String }

    /// `file`: a file of Fixtures/vectors.
    init(_ file: String = "position-selection") throws {
        let data = try Fixture.data("vectors/\(file).json")
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Missing(what: "root")
        }
        self.root = root
    }

    func entry(_ section: String, _ id: String) throws -> [String: Any] {
        guard let entry = (root[section] as? [[String: Any]])?.first(where: { $0["id"] as? String == id }) else {
            throw Missing(what: "\(section) \(id)")
        }
        return entry
    }

    /// The ids of a section.
    func ids(_ section: String) throws -> Set<String> {
        guard let entries = root[section] as? [[String: Any]] else { throw Missing(what: section) }
        return Set(entries.compactMap { $0["id"] as? String })
    }

    /// The value at a path such as `outputs.theta` of a position entry.
    func value<T>(_ id: String, _ path: String, section: String = "position", as type: T.Type = T.self) throws -> T {
        var value: Any = try entry(section, id)
        for key in path.split(separator: ".") {
            guard let next = (value as? [String: Any])?[String(key)] else { throw Missing(what: "\(id).\(path)") }
            value = next
        }
        guard let result = value as? T else { throw Missing(what: "\(id).\(path): another type") }
        return result
    }
}

/// Equal within the tolerance the vectors state: 1e-12 relative.
func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * max(abs($0), abs($1)) }
}
