import Foundation
import RopewalkMethods
import RopewalkPhrases

/// What is wrong with what was asked for on the command line; `description` is the one line a user reads.
enum CommandError: Error, Equatable, CustomStringConvertible {
    /// The samples that come with the program are not where it looks.
    case noSamples([String])
    /// A number or a list that an option does not take.
    case outOfRange(option: String, value: String, takes: String)
    /// Options that exclude each other, or one that another needs.
    case combination(String)
    /// A file that an option names does not hold what it should.
    case content(file: String, problem: String)
    /// A file that cannot be opened.
    case unreadable(file: String, reason: String)
    /// Something empty that should not be.
    case emptyText(String)
    case unknownRecord(String, known: [String])
    case binaryToTerminal(String)
    /// An output that is one of the files that are read.
    case overwrites(out: String, file: String)
    /// An output that would be taken for a part of the model that is read.
    case passesForPart(out: String, model: String)
    /// A model where there is nothing.
    case noModel(String)
    /// A model without the file that its texts need.
    case noTokenizer(String)
    /// A text with fewer tokens than a benchmark asks for.
    case tooShort(String, Int, Int)

    var description: String {
        switch self {
        case .noSamples(let places):
            say(
                """
                the bundled model and texts are not in \(places.joined(separator: ", ")): set ROPEWALK_SAMPLES to the \
                folder samples, or give TEXT and --model
                """)
        case .outOfRange(let option, let value, let takes): say("\(option) is '\(value)': it takes \(takes)")
        case .combination(let sentence): sentence
        case .content(let file, let problem): "\(file): \(problem)"
        case .unreadable(let file, let reason): say("\(file): cannot be read: \(reason)")
        case .emptyText(let name): say("\(name): there is no text in it: give one with at least one character")
        case .unknownRecord(let name, let known):
            say("--record '\(name)' is not known: it takes \(known.joined(separator: ", ")), all")
        case .tooShort(let path, let tokens, let wanted):
            say("\(path): has \(tokens) tokens, --tokens asks for \(wanted): give a longer text or fewer tokens")
        case .overwrites(let out, let file):
            say("--out \(out): the command reads this file")
                + (out == file ? "" : say(" as \(file)")) + say(" and would destroy it: name another one")
        case .passesForPart(let out, let model):
            say("--out \(out): a file of this name would be taken for a part of the model \(model): name another one")
        case .noModel(let path): say("\(path) does not exist (ropewalk models lists names)")
        case .noTokenizer(let path):
            say("\(path): has no tokenizer, and a text needs one: fetch its tokenizer.json too")
        case .binaryToTerminal(let format):
            say("\(format) is binary and standard output is a terminal: write it to a file with --out FILE")
        }
    }
}
