import Foundation
import RopewalkFormats
import RopewalkPhrases

/// A file of results, a line a cell (JSON Lines): what is there is not read again, and every new cell is written at once.
package struct NeedleFile: ~Copyable {
    package let path: String
    /// What was there, of a cell that stands several times the last.
    package private(set) var outcomes: [NeedleCell: NeedleOutcome]
    /// Numbers of lines that are no record, from 1: cut short when the program was ended, or changed by hand.
    package let broken: [Int]
    private let descriptor: Int32

    /// Files that are read at most, in bytes.
    private static let sizeLimit = 256 << 20

    /// Opens a file of results, or begins one.
    /// - Throws: where it is no such file, is of something else, or another program is writing it.
    package init(_ path: String, header: NeedleHeader) throws(NeedleError) {
        let descriptor = try Self.opened(path)
        let read: Contents
        do throws(NeedleError) { read = try Self.begun(path, header, descriptor) } catch {
            close(descriptor)
            throw error
        }
        (self.path, self.descriptor) = (path, descriptor)
        (outcomes, broken) = (read.outcomes, read.broken)
    }

    /// What is there, with a first line, and a line that was cut short ended.
    private static func begun(
        _ path: String, _ header: NeedleHeader, _ descriptor: Int32
    ) throws(NeedleError) -> Contents {
        let contents = try read(path, header)
        if contents.isEmpty { try append(header.line + "\n", to: descriptor, path) }
        if contents.isCut { try append("\n", to: descriptor, path) }
        return contents
    }

    deinit { close(descriptor) }

    /// Writes what came of a cell.
    package mutating func append(_ record: NeedleRecord) throws(NeedleError) {
        try Self.append(record.line + "\n", to: descriptor, path)
        outcomes[record.cell] = record.outcome
    }

    private static func opened(_ path: String) throws(NeedleError) -> Int32 {
        func failure() -> NeedleError { .results(file: path, problem: String(cString: strerror(errno))) }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .results(file: path, problem: say("it is not a regular file, so nothing could be gone on with"))
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        // Two programs would read the same cells.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let error = failure()
            close(descriptor)
            guard isTaken else { throw error }
            throw .results(file: path, problem: say("another program is writing it"))
        }
        return descriptor
    }

    private struct Contents {
        var outcomes: [NeedleCell: NeedleOutcome] = [:]
        var broken: [Int] = []
        var isEmpty = true
        var isCut = false
    }

    private static func read(_ path: String, _ header: NeedleHeader) throws(NeedleError) -> Contents {
        let data: Data
        do throws(FormatError) { data = try RegularFile.map(path, sizeLimit: sizeLimit) } catch {
            throw .results(file: path, problem: error.description)
        }
        var contents = Contents()
        guard !data.isEmpty else { return contents }
        contents.isEmpty = false
        contents.isCut = data.last != UInt8(ascii: "\n")
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard index == 0 || !line.isEmpty else { continue }
            let value = (try? JSONDocument(Data(line), source: path, depthLimit: 4))?.root
            if index == 0 {
                guard let known = value.flatMap({ NeedleHeader($0) }) else {
                    throw .results(
                        file: path, problem: say("its first line is not that of a file of results: name another one"))
                }
                if let difference = header.difference(from: known) {
                    throw .results(file: path, problem: say("\(difference): name another file"))
                }
            } else if let record = value.flatMap({ NeedleRecord($0) }) {
                contents.outcomes[record.cell] = record.outcome
            } else {
                contents.broken.append(index + 1)
            }
        }
        return contents
    }

    private static func append(_ text: String, to descriptor: Int32, _ path: String) throws(NeedleError) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .results(file: path, problem: String(cString: strerror(errno))) }
            done += count
        }
    }
}
