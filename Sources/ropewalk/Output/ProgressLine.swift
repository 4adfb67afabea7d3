import Foundation
import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases

/// How far a long run is, on one line of a terminal; nothing where standard error is none.
struct ProgressLine {
    let work: String
    private let isShown = isatty(STDERR_FILENO) == 1

    init(_ work: String) { self.work = Printable.lines(work) }

    func show(_ done: Int, of total: Int) {
        write(say("\r\(work): \(done.grouped) of \(total.grouped) tokens"))
    }

    func show(prompts done: Int, of total: Int) {
        write(say("\r\(work): \(done.grouped) of \(total.grouped) prompts"))
    }

    /// - Parameter count: how far it is, for people
    func showCount(_ count: String) { write("\r\(work): \(count)") }

    /// Takes the line away again.
    func clear() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        if isShown { StandardError.write(text: text) }
    }
}
