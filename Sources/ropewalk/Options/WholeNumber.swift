import RopewalkMethods
import RopewalkPhrases

/// A whole number within bounds, as an option takes it.
struct WholeNumber: Error, CustomStringConvertible {
    let range: ClosedRange<Int>

    /// What `@Option(transform:)` asks for.
    static func parser(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            guard let value = Int(text), range.contains(value) else { throw WholeNumber(range: range) }
            return value
        }
    }

    var description: String {
        say("it takes a whole number \(range.lowerBound.grouped) to \(range.upperBound.grouped)")
    }
}
