import RopewalkPhrases

/// A number within bounds, as an option takes it.
struct DecimalNumber: Error, CustomStringConvertible {
    let range: ClosedRange<Double>

    /// What `@Option(transform:)` asks for.
    static func parser(_ range: ClosedRange<Double>) -> @Sendable (String) throws -> Double {
        { text in
            guard let value = Double(text), range.contains(value) else { throw DecimalNumber(range: range) }
            return value
        }
    }

    var description: String {
        say("it takes a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound)), such as 0.7")
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
