import Foundation
import Testing

/// One run of the built program.
struct CommandRun {
    let status: Int32
    let bytes: Data
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }
    var lines: [Substring] { output.split(separator: "\n") }

    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ropewalk").path

    /// - Parameters:
    ///   - input: what the program reads from standard input.
    ///   - output: a file to write to in place of `bytes`.
    ///   - program: another one than the one that is tested.
    ///   - addresses: how many kilobytes of them the program may have (`ulimit -v`); nil for any number.
    init(
        _ arguments: [String], input: Data = Data(), output: String? = nil, environment: [String: String] = [:],
        folder: String? = nil, addresses: Int? = nil, program: String = program
    ) throws {
        let scratch = try Scratch()
        try input.write(to: scratch.url("in"))
        let process = Process()
        let limited = addresses.map { ["-c", "ulimit -v \($0); exec \"$0\" \"$@\"", program] }
        process.executableURL = URL(fileURLWithPath: limited == nil ? program : "/bin/sh")
        process.arguments = (limited ?? []) + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            // English, wherever the tests run.
            ["LC_ALL": "", "LC_MESSAGES": "C"]
        ) { $1 }.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = try FileHandle(forReadingFrom: scratch.url("in"))
        let out = output ?? scratch.path("out")
        if output == nil { try Data().write(to: scratch.url("out")) }
        try Data().write(to: scratch.url("err"))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: out))
        process.standardError = try FileHandle(forWritingTo: scratch.url("err"))
        try process.run()
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        bytes = output == nil ? try Data(contentsOf: scratch.url("out")) : Data()
        errors = try String(contentsOf: scratch.url("err"), encoding: .utf8)
    }

    /// A run of plain words.
    init(_ line: String) throws { try self.init(line.split(separator: " ").map(String.init)) }

    func json() throws -> Any { try JSONSerialization.jsonObject(with: bytes) }
    func object() throws -> [String: Any] { try #require(try json() as? [String: Any]) }
    func objects() throws -> [[String: Any]] { try #require(try json() as? [[String: Any]]) }

    /// Whether it went well: exit status 0, and nothing on standard error.
    func expectFine(_ location: SourceLocation = #_sourceLocation) {
        #expect(status == 0, sourceLocation: location)
        #expect(errors == "", sourceLocation: location)
    }

    /// Whether it failed as it should: exit status 2, no data, one line that holds all of `words`.
    func expectError(_ words: String..., at location: SourceLocation = #_sourceLocation) {
        #expect(status == 2, sourceLocation: location)
        #expect(bytes.isEmpty, sourceLocation: location)
        #expect(errors.hasPrefix("ropewalk: ") && errors.hasSuffix("\n"), sourceLocation: location)
        #expect(errors.filter { $0 == "\n" }.count == 1, "\(errors)", sourceLocation: location)
        for word in words { #expect(errors.contains(word), "\(errors)", sourceLocation: location) }
    }
}
