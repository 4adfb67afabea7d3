import RopewalkPhrases

/// Why another program gives no figure; `description` is what stands in its row.
package enum PeerFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Packages of Python that are not there.
    case missing(packages: String)
    /// There is nothing to start, or the system does not start it.
    case noProgram(name: String, reason: String)
    /// A model that the program does not read.
    case noModel(String)
    /// What the program itself says stands in its way.
    case refused(String)
    /// It ended in the middle: how, and the last line of its errors.
    case ended(how: String, errors: String)
    /// No answer in so many seconds.
    case silent(seconds: Int)
    /// An answer that is none.
    case rubbish(String)
    /// Figures that contradict each other, or our clock.
    case contradiction(String)

    /// One line.
    package var description: String {
        switch self {
        case .missing(let packages): say("not installed: pip install \(packages)")
        case .noProgram(let name, let reason): say("\(name) cannot be started: \(reason)")
        case .noModel(let words): words
        case .refused(let words): say("it says: \(words)")
        case .ended(let how, let errors): errors.isEmpty ? how : "\(how): \(errors)"
        case .silent(let seconds): say("no answer in \(seconds) s: it was ended")
        case .rubbish(let line): say("its answer is not understood: \(line)")
        case .contradiction(let what): say("its answer cannot be: \(what)")
        }
    }
}
