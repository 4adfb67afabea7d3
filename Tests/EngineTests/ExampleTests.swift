import Foundation
import Testing

/// The example of a client: it sees no more than another package does.
struct ExampleTests {
    /// The project's top folder.
    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: project.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func itStandsInTheReadmeWordForWord() throws {
        let example = try Self.text("Sources/Example/main.swift")
        #expect(try Self.text("README.md").contains("```swift\n\(example)```\n"))
    }

    @Test func itSaysWhatTheHeadReads() throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("RopewalkExample")
        let process = Process()
        process.executableURL = program
        process.currentDirectoryURL = Self.project
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let lines = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(lines.count == 25)
        #expect(lines.prefix(2) == ["read 512 of 1000 tokens", "read 1000 of 1000 tokens"])
        #expect(lines[2].hasPrefix("layer 3, head 7: 1"))
        #expect(lines[4].hasPrefix("  7") && lines[4].hasSuffix(" % of token 204, ␣dear"))
        #expect(lines[7].hasSuffix("is blocked: 206 − 100 = 106 ≥ window 64, and 100 ≥ sink 4"))
        // A row of the map is as long as what its queries may read.
        #expect(lines.suffix(16).map(\.count) == Array(1...16))
    }
}
