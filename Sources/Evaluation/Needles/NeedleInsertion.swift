/// Where needles go among the tokens of a haystack, as LLMTest_NeedleInAHaystack does it.
package enum NeedleInsertion {
    /// The token before which a needle goes: ⌊length · depth / 100⌋, moved back until the token before it ends a sentence, to
    /// 0 if none does; a depth of 100 is the very end. So the true depth is not the nominal one.
    /// - Parameters:
    ///   - depth: per cent, 0 to 100
    ///   - length: tokens of the haystack
    ///   - isEnd: whether a needle may follow a token
    package static func place(depth: Double, length: Int, isEnd: (Int) -> Bool) -> Int {
        guard depth < 100 else { return length }
        var place = min(length, max(0, Int(Double(length) * (depth / 100))))
        while place > 0, !isEnd(place - 1) { place -= 1 }
        return place
    }

    /// The depths of several needles: the first at `depth`, each later one (100 − depth) / count per cent behind.
    package static func depths(from depth: Double, count: Int) -> [Double] {
        let step = (100 - depth) / Double(max(1, count))
        return (0..<count).map { depth + Double($0) * step }
    }

    /// How many tokens of a haystack are left where a context of `length` tokens has to hold a needle and a buffer for the
    /// prompt; below 0 where they do not fit.
    package static func room(length: Int, buffer: Int, needle: Int) -> Int { length - buffer - needle }

    /// The haystack with needles in it.
    /// - Parameters:
    ///   - needles: each with the token before which it goes; of those at one place the first comes first
    /// - Returns: all tokens, and the tokens of every needle, in the order of `needles`.
    package static func insert(
        _ needles: [(place: Int, tokens: [Int32])], into body: [Int32]
    ) -> (ids: [Int32], spans: [Range<Int>]) {
        var ids: [Int32] = []
        ids.reserveCapacity(body.count + needles.reduce(0) { $0 + $1.tokens.count })
        var spans = [Range<Int>](repeating: 0..<0, count: needles.count)
        var done = 0
        let order = needles.indices.sorted { (needles[$0].place, $0) < (needles[$1].place, $1) }
        for index in order {
            let place = min(body.count, max(done, needles[index].place))
            ids += body[done..<place]
            done = place
            spans[index] = ids.count..<ids.count + needles[index].tokens.count
            ids += needles[index].tokens
        }
        return (ids + body[done...], spans)
    }
}
