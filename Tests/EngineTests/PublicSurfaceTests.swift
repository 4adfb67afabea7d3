import Foundation
import Testing

/// What other packages see: few declarations, each with a comment, in modules that clash with none of theirs.
struct PublicSurfaceTests {
    /// A public declaration, or a case of a public enumeration.
    struct Declaration {
        let place: String
        let isDocumented: Bool
    }

    static func declarations() throws -> [Declaration] {
        let folder = ExampleTests.project.appendingPathComponent("Sources")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try files.flatMap { try declarations(in: $0) }
    }

    /// Declarations are told by how the formatter indents them.
    private static func declarations(in file: String) throws -> [Declaration] {
        let lines = try ExampleTests.text("Sources/\(file)").split(separator: "\n", omittingEmptySubsequences: false)
        var declarations: [Declaration] = []
        var cases: String?
        var isDocumented = false
        for (number, line) in lines.enumerated() {
            let text = line.drop { $0 == " " }
            let indentation = String(line.prefix(line.count - text.count))
            if let start = cases, line == start.dropLast(4) + "}" { cases = nil }
            if text.hasPrefix("public ") || text.hasPrefix("case ") && indentation == cases {
                declarations.append(Declaration(place: "\(file):\(number + 1)", isDocumented: isDocumented))
                if text.contains(" enum ") { cases = indentation + "    " }
            }
            isDocumented = text.hasPrefix("///") || isDocumented && text.hasPrefix("@")
        }
        return declarations
    }

    @Test func fewDeclarationsArePublic() throws {
        let count = try Self.declarations().count
        #expect((250...500).contains(count))
    }

    @Test func allAreDocumented() throws {
        let places = try Self.declarations().filter { !$0.isDocumented }.map(\.place)
        #expect(places.isEmpty, "\(places.joined(separator: ", "))")
    }

    /// Two packages cannot have modules of one name, even where neither imports the other's.
    @Test func modulesHaveNamesOfTheirOwn() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("ropewalk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        process.arguments = [
            "swift", "package", "--package-path", ExampleTests.project.path, "--scratch-path", scratch.path,
            "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let package = try JSONDecoder().decode(Package.self, from: output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        let names = package.targets.filter { !($0.path ?? "").hasPrefix("Tests") }.map(\.name)
        #expect(names.count > 20)
        let others = names.filter { !["Ropewalk", "CRopewalk", "ropewalk"].contains(where: $0.hasPrefix) }
        #expect(others.isEmpty, "\(others.joined(separator: ", "))")
    }

    private struct Package: Decodable {
        struct Target: Decodable {
            let name: String
            let path: String?
        }
        let targets: [Target]
    }
}
