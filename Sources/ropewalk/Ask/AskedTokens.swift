import RopewalkLens
import RopewalkPhrases

/// One token, or several that are asked about together: `204`, `203-209`, `3,203-209`.
enum AskedTokens {
    static let parse = IndexList.parser(say("tokens counted from 0, such as 204, 203-209 or 3,203-209"))
}

extension Asked {
    /// The tokens of a list.
    ///
    /// - Throws: where the text has not all of them.
    func span(_ option: String, _ list: IndexList) throws(CommandError) -> TokenSpan {
        for range in list.ranges { try check(option, range.upperBound) }
        guard let span = TokenSpan(list.ranges.map { $0.lowerBound..<$0.upperBound + 1 }) else {
            throw .outOfRange(option: option, value: list.text, takes: say("tokens of the text"))
        }
        return span
    }
}
