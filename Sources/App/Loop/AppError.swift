import RopewalkPhrases

/// What can be wrong with what a user gave the program.
package enum AppError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownKey(name: String, position: Int)
    case badMouse(String)
    case badSize(String)
    case unclosedQuote(position: Int)
    case unknownAction(String)
    case badAction(String, takes: String)
    case loading(String)
    /// What a panel has no figure of, in a sentence.
    case noFigure(String)
    case noTokenizer(model: String)
    /// With the line from 1.
    case lesson(file: String, line: Int, problem: String)

    /// One line: what is wrong, where, what to do.
    package var description: String {
        switch self {
        case .unknownKey(let name, let position):
            say("unknown key name '\(name)' (number \(position) of the keys): use single characters or ")
                + KeyNames.named.joined(separator: ", ")
                + say(
                    """
                    , F1 to F12, Ctrl-A to Ctrl-Z, text:WORD, mouse:X,Y, \
                    size:WxH, wait
                    """)
        case .badMouse(let text):
            say("'\(text)' is not a place on the screen: write mouse:X,Y with columns and rows from 0")
        case .badSize(let text): say("'\(text)' is not a screen size: write WIDTHxHEIGHT, each from 1 to 1000")
        case .unclosedQuote(let position):
            say("the quote opened at number \(position) of the keys is not closed: add \"")
        case .unknownAction(let text):
            say(
                "no action is called '\(text.prefix(60))': docs/ACTIONS.md lists them; semicolons stand between actions"
            )
        case .badAction(let text, let takes):
            "'\(text.prefix(60))': "
                + (takes.isEmpty
                    ? say("the action takes nothing after its name") : say("after its name the action takes \(takes)"))
        case .loading(let message), .noFigure(let message): message
        case .lesson(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .noTokenizer(let model):
            say(
                "\(model) has no tokenizer, so that a pasted text cannot be cut into its tokens: put a tokenizer.json beside it"
            )
        }
    }
}
