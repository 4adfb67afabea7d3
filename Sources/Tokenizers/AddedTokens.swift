/// A token that is found in the text before the model sees it.
struct AddedToken: Sendable {
    let id: Int32
    let content: String
    let isSpecial: Bool
    /// Whether it must not touch a letter or digit.
    let isSingleWord: Bool
    /// Whether it takes the space on its left, and on its right.
    let stripsLeft: Bool
    let stripsRight: Bool
    /// Whether it is looked for in the normalized text.
    let isNormalized: Bool
}

/// A stretch of text, as bytes; `token` is the added token found there, or -1.
struct Piece {
    let start: Int32
    let end: Int32
    let token: Int32

    init(_ range: Range<Int>, token: Int32 = -1) {
        start = Int32(range.lowerBound)
        end = Int32(range.upperBound)
        self.token = token
    }

    var range: Range<Int> { Int(start)..<Int(end) }
}

/// Finds added tokens, always the longest at the leftmost place, through a trie of their bytes.
struct AddedTokenFinder: Sendable {
    private let tokens: [AddedToken]
    /// [node << 8 | byte]: the next node; the root is 0.
    private var children: [UInt64: Int32] = [:]
    /// [node]: the token that ends there, or -1.
    private var tokenAtNode: [Int32] = [-1]
    private var isFirstByte = [Bool](repeating: false, count: 256)

    /// - Parameter contents: [token]: what to look for.
    init(_ tokens: [AddedToken], contents: [[UInt8]]) {
        self.tokens = tokens
        for (index, content) in contents.enumerated() where !content.isEmpty {
            isFirstByte[Int(content[0])] = true
            let node = content.reduce(0) { child(of: $0, $1) }
            if tokenAtNode[Int(node)] < 0 { tokenAtNode[Int(node)] = Int32(index) }
        }
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Appends `range` of the text, cut at the tokens in it.
    func split(_ text: [UInt8], _ range: Range<Int>, into pieces: inout [Piece]) {
        var done = range.lowerBound
        var at = range.lowerBound
        while !isEmpty, at < range.upperBound {
            guard isFirstByte[Int(text[at])], let (index, matchEnd) = longest(text, at, range.upperBound) else {
                at += 1
                continue
            }
            let token = tokens[index]
            var found = at..<matchEnd
            at = matchEnd
            if token.isSingleWord, !standsAlone(text, found, in: range) { continue }
            if token.stripsLeft { found = max(done, spaceStart(text, found.lowerBound, range.lowerBound))..<matchEnd }
            if token.stripsRight {
                found = found.lowerBound..<spaceEnd(text, found.upperBound, range.upperBound)
            }
            // The last token may have taken the space that this one begins with.
            let start = max(done, found.lowerBound)
            if done < start { pieces.append(Piece(done..<start)) }
            pieces.append(Piece(start..<max(start, found.upperBound), token: token.id))
            done = max(start, found.upperBound)
        }
        if done < range.upperBound { pieces.append(Piece(done..<range.upperBound)) }
    }

    private mutating func child(of node: Int32, _ byte: UInt8) -> Int32 {
        let key = UInt64(node) << 8 | UInt64(byte)
        if let known = children[key] { return known }
        let new = Int32(tokenAtNode.count)
        tokenAtNode.append(-1)
        children[key] = new
        return new
    }

    private func longest(_ text: [UInt8], _ start: Int, _ end: Int) -> (token: Int, end: Int)? {
        var best: (token: Int, end: Int)?
        var node: Int32 = 0
        for at in start..<end {
            guard let next = children[UInt64(node) << 8 | UInt64(text[at])] else { break }
            node = next
            if tokenAtNode[Int(node)] >= 0 { best = (Int(tokenAtNode[Int(node)]), at + 1) }
        }
        return best
    }

    private func standsAlone(_ text: [UInt8], _ found: Range<Int>, in range: Range<Int>) -> Bool {
        if found.lowerBound > range.lowerBound {
            let before = UTF8Text.scalar(in: text, at: UTF8Text.start(before: found.lowerBound, in: text)).scalar
            if Self.isWord(before) { return false }
        }
        return found.upperBound == range.upperBound
            || !Self.isWord(UTF8Text.scalar(in: text, at: found.upperBound).scalar)
    }

    private func spaceStart(_ text: [UInt8], _ at: Int, _ limit: Int) -> Int {
        var start = at
        while start > limit {
            let before = UTF8Text.start(before: start, in: text)
            guard UTF8Text.scalar(in: text, at: before).scalar.properties.isWhitespace else { break }
            start = before
        }
        return start
    }

    private func spaceEnd(_ text: [UInt8], _ at: Int, _ limit: Int) -> Int {
        var end = at
        while end < limit {
            let (scalar, count) = UTF8Text.scalar(in: text, at: end)
            guard scalar.properties.isWhitespace else { break }
            end += count
        }
        return end
    }

    /// `\w` of Unicode's regular expressions (UTS #18, annex C).
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}
