/// A token that is found in the text before the model sees it.
struct AddedToken: Sendable {
    let id: Int32
    let content: String
    var isSpecial = false
    /// Whether it must not touch a letter or digit.
    var isSingleWord = false
    /// Whether it takes the space on its left, and on its right.
    var stripsLeft = false
    var stripsRight = false
    /// Whether it is looked for in the normalized text.
    var isNormalized = false
    /// Whether its content is written as in the normalized text already.
    var isInNormalForm = false
}

/// A stretch of text, as bytes; `token` is the added token found there, or -1.
struct Stretch {
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
    private var trie = ByteTrie()
    private var isFirstByte = [Bool](repeating: false, count: 256)

    /// - Parameter content: what to look for, asked for the tokens in their order.
    init(_ tokens: [AddedToken], _ content: (AddedToken) -> [UInt8]) {
        self.tokens = tokens
        for (index, token) in tokens.enumerated() {
            let content = content(token)
            guard !content.isEmpty else { continue }
            isFirstByte[Int(content[0])] = true
            trie.insert(content, Int32(index), replacing: false)
        }
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// Appends `range` of the text, cut at the tokens in it.
    func split(_ text: [UInt8], _ range: Range<Int>, into stretches: inout [Stretch]) {
        var done = range.lowerBound
        var at = range.lowerBound
        while !isEmpty, at < range.upperBound {
            guard isFirstByte[Int(text[at])], let (index, matchEnd) = longest(text, at, range.upperBound) else {
                at += 1
                continue
            }
            let token = tokens[index]
            let found = at..<matchEnd
            at = matchEnd
            if token.isSingleWord, !standsAlone(text, found, in: range) { continue }
            let first =
                token.stripsLeft ? max(done, spaceStart(text, found.lowerBound, range.lowerBound)) : found.lowerBound
            let last = token.stripsRight ? spaceEnd(text, matchEnd, range.upperBound) : matchEnd
            // The library drops a token of which the one before has taken everything.
            guard first < last else { continue }
            // That one may have taken the space that this one begins with.
            let start = max(done, first)
            let end = max(start, last)
            if done < start { stretches.append(Stretch(done..<start)) }
            stretches.append(Stretch(start..<end, token: token.id))
            done = end
        }
        if done < range.upperBound { stretches.append(Stretch(done..<range.upperBound)) }
    }

    private func longest(_ text: [UInt8], _ start: Int, _ end: Int) -> (token: Int, end: Int)? {
        var best: (token: Int, end: Int)?
        text.withUnsafeBytes { bytes in
            trie.forEachPrefix(of: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { token, count in
                best = (Int(token), start + count)
            }
        }
        return best
    }

    private func standsAlone(_ text: [UInt8], _ found: Range<Int>, in range: Range<Int>) -> Bool {
        if found.lowerBound > range.lowerBound {
            let before = UTF8Text.scalar(in: text, at: UTF8Text.start(before: found.lowerBound, in: text)).scalar
            if CharacterClass.isWord(before) { return false }
        }
        return found.upperBound == range.upperBound
            || !CharacterClass.isWord(UTF8Text.scalar(in: text, at: found.upperBound).scalar)
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
}
