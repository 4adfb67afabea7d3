import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkFormats
import RopewalkPhrases
import RopewalkTerminal

/// Many recordings, named in a file of JSON lines.
struct RecordList {
    private let path: String
    /// The arguments of each, as `record` takes them, and its line in the file, from 1.
    private let recordings: [(line: Int, arguments: [String])]

    /// Options that a line may give, by their names there.
    private static let options = ["model", "ids", "tokens", "from", "precision", "layers", "heads", "out"]
    /// As many as anybody has patience for.
    private static let limit = 100_000

    init(contentsOf path: String) throws {
        self.path = path
        let text = try SourceText(contentsOf: path, sizeLimit: 64 << 20)
        var recordings: [(line: Int, arguments: [String])] = []
        for (index, line) in text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let value = try JSONDocument(Data(line), source: "\(path), line \(index + 1)").root
            recordings.append((index + 1, try Self.arguments(value, path, index + 1)))
        }
        guard !recordings.isEmpty, recordings.count <= Self.limit else {
            throw CommandError.content(file: path, problem: say("holds no recordings: an object of JSON a line"))
        }
        self.recordings = recordings
    }

    private static func arguments(_ value: JSONValue, _ path: String, _ line: Int) throws -> [String] {
        func wrong(_ problem: String) -> CommandError {
            .content(file: path, problem: say("line \(line): \(problem)"))
        }
        guard let members = value.members else { throw wrong(say("an object is expected")) }
        var arguments: [String] = []
        for member in members {
            let values = member.value.array ?? [member.value]
            for value in values {
                guard let word = value.string ?? value.integer.map(String.init) else {
                    throw wrong(say("\(member.key.debugDescription) must be a word or a number"))
                }
                switch member.key {
                case "text": arguments.insert(contentsOf: word.hasPrefix("-") ? ["./" + word] : [word], at: 0)
                case "method": arguments.append("--method=" + word)
                case _ where options.contains(member.key) && values.count == 1:
                    arguments.append("--\(member.key)=\(word)")
                default:
                    throw wrong(say("\(member.key.debugDescription) is not known, or given more than once"))
                }
            }
        }
        guard value["out"] != nil else { throw wrong(say("\("out".debugDescription) names the folder: it is missing")) }
        return arguments
    }

    /// Records one after the other; one that fails is told of, and the others go on.
    /// - Throws: exit status 1 where one has failed, or where it was interrupted.
    func run() throws {
        // All options are looked at before any work.
        let commands = try recordings.map { recording in
            do { return try RecordCommand.parse(recording.arguments) } catch {
                throw CommandError.content(
                    file: path, problem: say("line \(recording.line): \(RecordCommand.message(for: error).onOneLine)"))
            }
        }
        var failed = 0
        for (index, command) in commands.enumerated() {
            StandardError.write(say("recording \(index + 1) of \(commands.count)"))
            do {
                guard try command.recorded() else { throw ExitCode(1) }
            } catch {
                if error is ExitCode { throw error }
                failed += 1
                StandardError.write(
                    say("line \(recordings[index].line): \(RecordCommand.message(for: error).onOneLine)"))
            }
        }
        guard failed == 0 else {
            StandardError.write(say("\(failed) of \(commands.count) recordings failed"))
            throw ExitCode(1)
        }
    }
}
