import Foundation

/// Worked examples of Fixtures/vectors: numbers of independent scripts, by section and id.
package struct WorkedExamples {
    private let root: [String: Any]

    package struct Missing: Error { let what: String }

    /// - Parameter file: of Fixtures/vectors, without its ending
    package init(_ file: String) throws {
        guard
            let root = try JSONSerialization.jsonObject(with: try Fixture.data("vectors/\(file).json"))
                as? [String: Any]
        else { throw Missing(what: file) }
        self.root = root
    }

    /// What stands at a path of an entry, such as `"outputs", "mask"`.
    package func value<T>(
        _ id: String, _ path: String..., section: String = "numeric", as type: T.Type = T.self
    ) throws -> T {
        var value: Any? = (root[section] as? [[String: Any]])?.first { $0["id"] as? String == id }
        for key in path { value = (value as? [String: Any])?[key] }
        guard let result = value as? T else { throw Missing(what: "\(id) \(path)") }
        return result
    }
}
