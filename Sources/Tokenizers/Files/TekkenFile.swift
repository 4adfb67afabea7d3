import RopewalkFormats
import RopewalkPhrases

/// Mistral's tekken.json: tokens with ranks, the pattern that cuts texts into words, and special tokens, whose ids come
/// before those of all others.
struct TekkenFile {
    private let root: JSONValue
    private let source: String

    init(_ document: JSONDocument) {
        root = document.root
        source = document.source
    }

    static func isOne(_ root: JSONValue) -> Bool { root["vocab"]?.array != nil && root["config"]?["pattern"] != nil }

    func parts() throws(TokenizerError) -> TokenizerParts {
        guard let pattern = root["config"]?["pattern"]?.string else { throw invalid("config", say("has no pattern")) }
        let offset = try count("default_num_special_tokens")
        let size = try count("default_vocab_size")
        guard size > offset else {
            throw invalid("config", say("\(size) tokens are no more than \(offset) special ones"))
        }
        var tokens = RankedTokens(source: source)
        for (index, entry) in (root["vocab"]?.array ?? []).enumerated() {
            let place = "vocab entry \(index)"
            guard let rank = entry["rank"]?.integer, let bytes = entry["token_bytes"]?.string.flatMap(Base64.bytes)
            else { throw invalid(place, say("has no rank or no token_bytes in base64")) }
            // The file may hold more tokens than the model has.
            if rank < size - offset { try tokens.add(bytes, rank: rank, offset: offset, place: place) }
        }
        guard tokens.count == size - offset else {
            throw invalid("vocab", say("has \(tokens.count) of the \(size - offset) tokens that the config counts"))
        }
        let special = try special(count: offset)
        let begin = special.first { $0.content == "<s>" }?.id
        return try tokens.parts(
            kind: "tekken BPE", words: WordPatterns.Named(patterns: [pattern]), special: special,
            before: begin.map { [$0] } ?? [], after: [])
    }

    private func count(_ key: String) throws(TokenizerError) -> Int {
        guard let value = root["config"]?[key]?.integer, (0..<Vocabulary.idLimit).contains(value) else {
            throw invalid("config", say("\(key) is no possible number of tokens"))
        }
        return value
    }

    /// Those that the file lists, then as many fillers as it says there are.
    private func special(count: Int) throws(TokenizerError) -> [(id: Int, content: String)] {
        var contents = Self.usual
        if let listed = root["special_tokens"]?.array {
            contents = []
            for (index, entry) in listed.enumerated() {
                guard let content = entry["token_str"]?.string, entry["rank"]?.integer == index else {
                    throw invalid("special_tokens", say("entry \(index) has no token_str or another rank"))
                }
                contents.append(content)
            }
        }
        guard contents.count <= count else {
            throw invalid("special_tokens", say("are more than the \(count) of config"))
        }
        contents += (contents.count..<count).map { "<SPECIAL_\($0)>" }
        return contents.enumerated().map { ($0.offset, $0.element) }
    }

    /// Of files before version 7, which list none.
    private static let usual = [
        "<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]",
        "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]",
    ]

    private func invalid(_ component: String, _ problem: String) -> TokenizerError {
        .invalid(file: source, component: component, problem: problem)
    }
}
