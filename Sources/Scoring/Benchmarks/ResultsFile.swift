import Foundation
import RopewalkDocuments
import RopewalkFormats
import RopewalkPhrases

/// A file of results that grows by a line for each question, so that a run which was stopped goes on where it was.
///
/// The first line says what the results are of; only a run of the same goes on with it.
package final class ResultsFile {
    package let path: String
    /// What is there already, by key.
    package private(set) var known: [String: EvaluationResult] = [:]
    private let descriptor: Int32

    /// Opens a file, or begins one. A last line that was not written to its end is taken away.
    /// - Parameter settings: what the results are of, in their order
    /// - Throws: `ScoringError` where it holds something else, `FormatError` where it cannot be read or written.
    package init(path: String, settings: [(String, JSONValue)]) throws {
        self.path = path
        let header = JSONLine.object([("ropewalk", .string("evaluate"))] + settings)
        var status = stat()
        var length = 0
        if stat(path, &status) == 0, status.st_size > 0 {
            let text = try SourceText(contentsOf: path)
            (known, length) = try Self.read(text.bytes, path: path, header: header)
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o666)
        guard descriptor >= 0 else {
            throw FormatError.unwritable(file: path, reason: String(cString: strerror(errno)))
        }
        if length > 0, length < Int(status.st_size), ftruncate(descriptor, off_t(length)) != 0 {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw FormatError.unwritable(file: path, reason: reason)
        }
        if length == 0 { try write(header) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func read(
        _ bytes: [UInt8], path: String, header: String
    ) throws -> (known: [String: EvaluationResult], length: Int) {
        guard let end = bytes.firstIndex(of: 0x0A), bytes[...end].elementsEqual(header.utf8) else {
            throw ScoringError.kind(
                file: path,
                problem: say("holds something else than results of these settings: name another file with --out"))
        }
        var known: [String: EvaluationResult] = [:]
        var start = end + 1
        var number = 1
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            number += 1
            let value = try? JSONDocument(Data(bytes[start..<end]), source: path).root
            guard let result = value.flatMap({ EvaluationResult($0) }) else {
                throw ScoringError.line(file: path, line: number, problem: say("is no line of results"))
            }
            known[result.key] = result
            start = end + 1
        }
        return (known, start)
    }

    /// Adds a result.
    package func add(_ result: EvaluationResult) throws(FormatError) {
        try write(result.line)
        known[result.key] = result
    }

    private func write(_ line: String) throws(FormatError) {
        let bytes = Array(line.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(file: path, reason: String(cString: strerror(errno))) }
            done += count
        }
    }
}
