/// A character of a rewritten text. `change` counts as in the tokenizers library: 1 where it is added without a
/// character of the source, 0 where it stands for one, -n where it stands for one and n more that are left out.
struct RewrittenScalar {
    var scalar: Unicode.Scalar
    var change: Int
}

extension Alignment {
    /// Appends `steps` in place of the characters of `text[region]`.
    ///
    /// - Parameter start: where the stretch begins that is being rewritten; an addition before its first character is
    ///   attributed to nothing.
    mutating func apply(_ steps: some Sequence<RewrittenScalar>, to region: Range<Int>, of text: [UInt8], start: Int) {
        var at = region.lowerBound
        var cover = Int32(at)..<Int32(at)
        if at > start { cover = Int32(UTF8Text.start(before: at, in: text))..<Int32(at) }
        for step in steps {
            let utf8 = UTF8.encode(step.scalar) ?? UTF8.encodedReplacementCharacter
            guard step.change <= 0, at < region.upperBound else {
                extend(by: utf8, cover: cover)
                continue
            }
            let first = UTF8Text.width(from: text[at])
            var end = at + first
            for _ in 0..<(-step.change) where end < region.upperBound { end += UTF8Text.width(from: text[end]) }
            if utf8.count == first, end == at + first {
                substitute(utf8)
            } else {
                replace(end - at, by: utf8, cover: Int32(at)..<Int32(at + first))
            }
            at = end
            let last = UTF8Text.start(before: at, in: text)
            cover = Int32(last)..<Int32(at)
        }
        drop(region.upperBound - at)
    }
}
