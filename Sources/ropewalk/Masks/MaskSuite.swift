import ArgumentParser
import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// A list of masks with what is claimed of each, in a JSON file: an array of objects, or one with the array `masks`.
///
/// An object has `mask` (a method, or an array of them), `name`, and the options of the command by their names, such as
/// `expect`, `diff`, `axes`, `of`, `tokens`. Files are looked for beside the list.
struct MaskSuite {
    private struct Entry {
        let name: String
        let arguments: [String]
    }

    private let entries: [Entry]
    private let path: String

    private static let options: Set<String> = [
        "expect", "diff", "array", "axes", "of", "tokens", "offset", "hidden-below", "as", "block", "layers", "heads",
        "items",
    ]
    private static let entryLimit = 10_000
    private static let byteLimit = 1 << 24

    init(path: String) throws {
        self.path = path
        let value = try JSONDocument(contentsOf: path, sizeLimit: Self.byteLimit).root
        guard let list = value.array ?? value["masks"]?.array, list.count <= Self.entryLimit else {
            throw CommandError.content(file: path, problem: say("an array of masks, or an object with one, is wanted"))
        }
        guard !list.isEmpty else {
            throw CommandError.content(
                file: path, problem: say("it has no masks, so that nothing would be checked: give one"))
        }
        entries = try list.enumerated().map { try Self.entry($1, number: $0 + 1, path: path) }
    }

    private static func entry(_ value: JSONValue, number: Int, path: String) throws -> Entry {
        func problem(_ sentence: String) -> CommandError {
            .content(file: path, problem: say("mask \(number): \(sentence)"))
        }
        guard let members = value.members else { throw problem(say("an object is wanted")) }
        var name = ""
        var arguments: [String] = []
        for member in members {
            let (key, value) = (member.key, member.value)
            switch key {
            case "name": name = value.string ?? ""
            case say("mask"):
                guard let specs = value.string.map({ [$0] }) ?? value.array?.compactMap(\.string) else {
                    throw problem(say("mask is a method or an array of them"))
                }
                arguments += specs
            case "invert": if value.bool == true { arguments.append("--invert") }
            default:
                guard options.contains(key) else {
                    let known = ([say("mask"), "name", "invert"] + options.sorted()).joined(separator: ", ")
                    throw problem(say("it takes \(known), not '\(key.prefix(40))'"))
                }
                guard let text = value.string ?? value.integer.map({ "\($0)" }) ?? value.number.map({ "\($0)" }) else {
                    throw problem(say("\(key) is a text or a number"))
                }
                arguments += ["--\(key)", text]
            }
        }
        return Entry(name: name.isEmpty ? say("mask \(number)") : name, arguments: arguments + ["--check"])
    }

    /// Checks all of them, in the order of the list.
    func results() -> [MaskResult] {
        let folder = FileManager.default.currentDirectoryPath
        let own = URL(fileURLWithPath: path).deletingLastPathComponent().path
        _ = FileManager.default.changeCurrentDirectoryPath(own)
        defer { _ = FileManager.default.changeCurrentDirectoryPath(folder) }
        return entries.map { entry in
            do {
                let command = try MaskCommand.parse(entry.arguments)
                return MaskResult(name: entry.name, faults: try command.faults(), error: nil)
            } catch {
                return MaskResult(name: entry.name, faults: [], error: MaskCommand.message(for: error))
            }
        }
    }

    /// A table: how each went, and what was found.
    static func table(_ results: [MaskResult]) -> String {
        let rows = results.flatMap { result -> [[String]] in
            if let error = result.error { return [[result.name, say("error"), error]] }
            guard !result.faults.isEmpty else { return [[result.name, say("fine"), ""]] }
            return result.faults.map { [result.name, $0.kind, $0.message] }
        }
        return AlignedTable(
            header: [say("mask"), say("result"), say("what")], rows: rows, sides: [.left, .left, .left]
        ).text
    }
}

extension MaskReport {
    private struct Result: Encodable {
        let name: String
        let error: String?
        let findings: [Fault]
    }

    /// Checks a list of masks; whether all are as they should be.
    static func suite(_ path: String, json: Bool, format: MaskReportFormat?) throws -> Bool {
        let results = try MaskSuite(path: path).results()
        let text: String
        if let format {
            text = try format.text(results)
        } else if json {
            text = try JSONText.encode(results.map { Result(name: $0.name, error: $0.error, findings: $0.faults) })
        } else {
            text = MaskSuite.table(results)
        }
        try StandardOutput.write(text)
        return results.allSatisfy { $0.faults.isEmpty && $0.error == nil }
    }
}
