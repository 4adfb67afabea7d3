import RopewalkPhrases

/// Why a paged cache cannot do what it is asked for.
package enum PageError: Error, Equatable, CustomStringConvertible {
    case full(blocks: Int, size: Int)
    case unknown(String)
    case taken(String)
    case longer(String, tokens: Int, limit: Int)

    package var description: String {
        switch self {
        case .full(let blocks, let size):
            say(
                "all \(blocks.grouped) blocks of \(size.grouped) tokens are in use: give a larger pool or smaller texts"
            )
        case .unknown(let name): say("there is no sequence \(name)")
        case .taken(let name): say("there is a sequence \(name) already")
        case .longer(let name, let tokens, let limit):
            say("sequence \(name) would have \(tokens.grouped) tokens, over the limit of \(limit.grouped)")
        }
    }
}
