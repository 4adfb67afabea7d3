/// One step of finishing an encoding.
enum PostProcessorStep: Sendable {
    /// Takes the space at a token's ends out of its character offsets; the byte spans stay exact.
    case trimOffsets(addsPrefixSpace: Bool)
    /// Puts special tokens before and after the text.
    case surround(before: [Int32], after: [Int32])
}

extension PostProcessorStep {
    /// - Parameter margins: [id]: how many spaces the token begins and ends with.
    func apply(to encoding: inout Encoding, margins: [TokenMargins], textEnd: Int32, addSpecialTokens: Bool) {
        switch self {
        case .trimOffsets(let addsPrefixSpace):
            for index in encoding.ids.indices {
                let spelling = encoding.spellings[index].map(TokenMargins.init)
                let margin = spelling ?? margins[Int(encoding.ids[index])]
                if margin.leading > 0 || margin.trailing > 0 {
                    Self.trim(&encoding, index, margin, addsPrefixSpace: addsPrefixSpace)
                }
            }
        case .surround(let before, let after):
            guard addSpecialTokens else { return }
            encoding.insertSpecials(before, at: 0, byte: 0)
            encoding.insertSpecials(after, at: encoding.count, byte: textEnd)
        }
    }

    private static func trim(_ encoding: inout Encoding, _ index: Int, _ margin: TokenMargins, addsPrefixSpace: Bool) {
        var start = encoding.offsetStarts[index]
        var end = encoding.offsetEnds[index]
        // The one space before the first word is ours: the text does not have it.
        let isOurs = addsPrefixSpace && margin.leading == 1 && (index == 0 || start == 0)
        if margin.leading > 0, !isOurs { start = min(start + Int32(margin.leading), end) }
        if margin.trailing > 0, end >= Int32(margin.trailing) { end = max(end - Int32(margin.trailing), start) }
        encoding.offsetStarts[index] = start
        encoding.offsetEnds[index] = end
    }
}

/// How many spaces a token's string begins and ends with.
struct TokenMargins: Sendable {
    let leading: Int
    let trailing: Int

    init(_ token: String) {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == "Ġ" || scalar.properties.isWhitespace }
        leading = token.unicodeScalars.prefix(while: isSpace).count
        trailing = token.unicodeScalars.reversed().prefix(while: isSpace).count
    }
}
