import Foundation

/// Files in Tests/Fixtures, wherever the tests run from.
package enum Fixture {
    package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The project's top folder.
    package static let project = folder.deletingLastPathComponent().deletingLastPathComponent()

    package static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }
    package static func path(_ path: String) -> String { url(path).path }
    package static func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }
}
