extension Range<Int> {
    /// `count` of the places below `end`, with one of them as near to the middle as the ends allow.
    static func around(_ place: Int, count: Int, of end: Int) -> Range<Int> {
        let first = Swift.max(0, Swift.min(place - count / 2, end - count))
        return first..<first + Swift.max(0, count)
    }
}
