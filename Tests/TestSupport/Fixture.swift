import Foundation

/// Files in Tests/Fixtures, wherever the tests run from.
public enum Fixture {
    public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The project's top folder.
    public static let project = folder.deletingLastPathComponent().deletingLastPathComponent()

    public static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }
    public static func path(_ path: String) -> String { url(path).path }
    public static func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }
}
