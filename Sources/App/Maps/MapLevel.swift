import RopewalkDocuments
import RopewalkPhrases

/// What a cell of the map stands for: some tokens, or the sentences or paragraphs of the text.
package enum MapLevel: CaseIterable, Hashable, Sendable {
    case tokens, sentences, paragraphs

    /// Nil for tokens.
    var part: TextPart? {
        switch self {
        case .tokens: nil
        case .sentences: .sentence
        case .paragraphs: .paragraph
        }
    }
}

extension AppState {
    /// The tokens of the sentence or paragraph that holds a token, as far as they are read.
    private func tokens(of part: TextPart, around token: Int) -> Range<Int> {
        guard let document = queryDocument, token < document.tokenCount else { return token..<token + 1 }
        return document.tokens(ofPart: part, around: token).clamped(to: 0..<max(token + 1, tokenCount))
    }

    /// Why no two parts are opened; nil where they can be.
    var openObstacle: String? {
        if focus.kind == .cross { return say("across, queries and keys are parts of two texts") }
        return map.level == .tokens ? say("the map shows tokens: t shows sentences or paragraphs") : nil
    }

    mutating func show(_ level: Choice<MapLevel>) {
        map.level = level.after(map.level)
        reveal(.map)
    }

    /// From parts to their tokens: the map shows those of the cursor's part and of the key's, as large as they fit.
    mutating func openParts(key: Int) {
        guard let part = map.level.part else { return }
        map.level = .tokens
        map.show(
            queries: tokens(of: part, around: focus.cursor), keys: tokens(of: part, around: key), in: mapExtent)
    }

    /// Parts down and to the right: the cursor and the anchor go to where these begin.
    mutating func stepParts(_ steps: Steps, key: Int) {
        guard let part = map.level.part else { return }
        if steps.columns != 0 { focus.anchor = .token(start(of: part, steps.columns, from: key)) }
        if steps.rows != 0 { moveCursor(to: start(of: part, steps.rows, from: focus.cursor)) }
    }

    /// Where the part begins that is so many parts on.
    private func start(of part: TextPart, _ steps: Int, from token: Int) -> Int {
        var place = tokens(of: part, around: token)
        for _ in 0..<min(abs(steps), Self.mostParts) {
            let next = steps > 0 ? place.upperBound : place.lowerBound - 1
            guard (0..<tokenCount).contains(next) else { break }
            place = tokens(of: part, around: next)
        }
        return place.lowerBound
    }

    private static let mostParts = 1_000
}
