import Foundation
import RopewalkDocuments
import RopewalkFormats
import RopewalkPhrases

/// A file of questions, or of answers to them, as LongBench, LongBench v2 and L-Eval publish them: a JSON object on every
/// line, or one array of objects, in UTF-8, UTF-16 or UTF-32.
package struct BenchmarkFile: Sendable {
    /// Lines that could not be used.
    package struct Problems: Equatable, Sendable {
        /// How many there are.
        package private(set) var count = 0
        /// What is wrong with the first of them.
        package private(set) var first: [ScoringError] = []

        /// What is wrong with more lines is not kept.
        package static let kept = 5

        package init() {}

        mutating func add(_ error: ScoringError) {
            count += 1
            if first.count < Self.kept { first.append(error) }
        }
    }

    private enum Contents: Sendable {
        /// Where each line stands, and its number from 1.
        case lines([(bytes: Range<Int>, number: Int)])
        case values([JSONValue])
    }

    package let path: String
    /// Its name without endings, as data sets are named: "qasper_e" for "qasper_e.pred.jsonl".
    package let name: String
    private let bytes: [UInt8]
    private let contents: Contents

    /// - Throws: `DocumentError` where it is no text, `FormatError` where an array has an end that nobody finds, `ScoringError`
    ///   where it is a file of another kind.
    package init(contentsOf path: String, sizeLimit: Int = SourceText.sizeLimit) throws {
        let text: SourceText
        do {
            text = try SourceText(contentsOf: path, sizeLimit: sizeLimit)
        } catch {
            throw Self.kind(path) ?? error
        }
        try self.init(text.bytes, path: path)
    }

    package init(_ bytes: [UInt8], path: String) throws {
        self.path = path
        name = Self.name(path)
        self.bytes = bytes
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[body...].first { $0 > 0x20 }
        let lines = Self.lines(bytes, from: body)
        if first == UInt8(ascii: "[") {
            let root = try JSONDocument(Data(bytes), source: path).root
            contents = .values(root.array ?? [])
        } else if lines.count > 1, (try? JSONDocument(Data(bytes[lines[0].bytes]), source: path)) == nil,
            let whole = try? JSONDocument(Data(bytes), source: path).root
        {
            // One object that is written over several lines.
            contents = .values([whole])
        } else {
            contents = .lines(lines)
        }
        guard count > 0 else { throw ScoringError.empty(file: path, problem: say("there is nothing in it")) }
    }

    /// Lines that are not blank, or elements of an array.
    package var count: Int {
        switch contents {
        case .lines(let lines): lines.count
        case .values(let values): values.count
        }
    }

    /// Gives every question to `body`, which says whether to go on; what is broken is passed over and counted.
    /// - Parameter dataset: what all questions are of; nil for what each line says, else the file's name
    package func read(
        dataset: String? = nil, _ body: (BenchmarkItem) throws -> Bool
    ) throws -> Problems {
        var problems = Problems()
        let named = dataset ?? LongBenchTask.named(ofFile: name)?.name
        for index in 0..<count {
            do {
                let (value, line) = try value(index)
                // The name of a file of L-Eval is all that tells its task.
                let isLEval = value["instructions"] != nil || value["gt"] != nil
                let task = isLEval ? dataset ?? name : value["dataset"] == nil ? named : dataset
                for item in try BenchmarkItem.items(value, line: line, task: task) where try !body(item) {
                    return problems
                }
            } catch let error as LineProblem {
                problems.add(.line(file: path, line: line(index), problem: error.text))
            } catch let error as FormatError {
                guard case .json(_, _, let problem) = error else { throw error }
                problems.add(.line(file: path, line: line(index), problem: problem))
            }
        }
        return problems
    }

    private func value(_ index: Int) throws -> (JSONValue, line: Int) {
        switch contents {
        case .values(let values): (values[index], index + 1)
        case .lines(let lines):
            (try JSONDocument(Data(bytes[lines[index].bytes]), source: path).root, lines[index].number)
        }
    }

    /// The line in the file, from 1; the place in an array.
    private func line(_ index: Int) -> Int {
        guard case .lines(let lines) = contents else { return index + 1 }
        return lines[index].number
    }

    private static func lines(_ bytes: [UInt8], from start: Int) -> [(bytes: Range<Int>, number: Int)] {
        var lines: [(bytes: Range<Int>, number: Int)] = []
        var place = start
        var number = 0
        while place < bytes.count {
            let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            number += 1
            if bytes[place..<end].contains(where: { $0 > 0x20 }) { lines.append((place..<end, number)) }
            place = end + 1
        }
        return lines
    }

    private static func name(_ path: String) -> String {
        let file = (path as NSString).lastPathComponent
        return String(file.split(separator: ".", omittingEmptySubsequences: false).first ?? "")
    }

    /// What a file is that is no text, or a folder; nil where nobody knows.
    private static func kind(_ path: String) -> ScoringError? {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            return .kind(
                file: path,
                problem: say(
                    "is a folder: name a file in it, of questions or of answers, such as LongBench's qasper.jsonl"))
        }
        guard let data = try? RegularFile.map(path).prefix(8) else { return nil }
        let kinds: [([UInt8], String)] = [
            ([0x50, 0x4B, 0x03, 0x04], say("is a zip file: unpack it and name a file in it")),
            ([0x1F, 0x8B], say("is compressed by gzip: gunzip it first")),
            ([0x28, 0xB5, 0x2F, 0xFD], say("is compressed by zstd: unzstd it first")),
            (Array("ARROW1".utf8), say("is an Arrow file: write it as JSONL, in Python with to_json")),
            (Array("PAR1".utf8), say("is a Parquet file: write it as JSONL, in Python with to_json")),
        ]
        return kinds.first { data.starts(with: $0.0) }.map { .kind(file: path, problem: $0.1) }
    }
}
