/// What a task hides and asks, in words: before anything is cut into tokens.
package struct NeedleStory: Equatable, Sendable {
    /// What is hidden in one place.
    package struct Needle: Equatable, Sendable {
        package let text: String
        package let place: Place
        /// Whether the answer needs it; others only look like it.
        package let isAsked: Bool

        init(_ text: String, _ place: Place, isAsked: Bool = true) {
            (self.text, self.place, self.isAsked) = (text, place, isAsked)
        }
    }

    /// Where a needle goes.
    package enum Place: Equatable, Sendable {
        /// One of the needles that begin at the depth of the cell: of one alone there, of several in steps from there on.
        case depth
        /// At this share of the haystack, 0 to 1, whatever the depth.
        case share(Double)
    }

    /// What lies between the needles.
    package enum Filler: Equatable, Sendable {
        /// The reader's text.
        case text
        /// Five short sentences, again and again.
        case noise
        /// Made-up lines, as many as fit.
        case lines(FillerLines)
        /// Nothing: the opening is all there is.
        case none
    }

    /// Where needles may go in the reader's text.
    package enum Borders: String, CaseIterable, Sendable { case sentence, any }

    /// Before the haystack; of lists the whole list.
    var opening = ""
    /// Bytes of the opening that the answer needs.
    var lit: [Range<Int>] = []
    let filler: Filler
    let borders: Borders
    let needles: [Needle]
    /// From behind the haystack up to the answer.
    let question: String
    /// What has to be named, in this order.
    let answers: [String]
    /// Between two of them.
    var separator = ", "
    /// Answers of the same kind as the first one, which are wrong there: first those that stand in the prompt.
    let others: [String]
    /// Whether one answer is enough.
    var takesAny = false

    /// All of the answer as it follows the question.
    package var answer: String { answers.joined(separator: separator) }

    /// Bytes of each thing to be named within the answer.
    var answerRanges: [Range<Int>] {
        var end = 0
        return answers.map { text in
            let start = end == 0 ? 0 : end + separator.utf8.count
            end = start + text.utf8.count
            return start..<end
        }
    }

    /// Five short sentences.
    static let noise = " The road is long. The sea is wide. Birds come back. Rain falls. Then it all begins again."
}

/// Made-up lines without end, the same for the same seed.
package struct FillerLines: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// A number for a pair of words.
        case numbers
        /// A UUID for a UUID.
        case identifiers
        /// A note about a person.
        case notes
    }

    let kind: Kind
    let seed: Int
    /// Names that stand for what is asked about, which no line has.
    let reserved: Int

    /// The line of that number, from 0; nil where names run out.
    func line(_ index: Int) -> String? {
        let number = index + reserved
        var numbers = SeededNumbers(seed: seed, purpose: "line \(number)")
        switch kind {
        case .numbers:
            return NeedleWords.pair(number, seed: seed).map { Self.number($0, numbers.number(digits: 7)) }
        case .identifiers: return Self.number(numbers.uuid(), numbers.uuid())
        case .notes: return NeedleWords.person(number, seed: seed).map { Self.note($0, &numbers) }
        }
    }

    static func number(_ key: String, _ value: String) -> String { " The special number of \(key) is: \(value)." }

    static func note(_ person: String, _ numbers: inout SeededNumbers) -> String {
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        return note(person, city: city, &numbers)
    }

    static func note(_ person: String, city: String, _ numbers: inout SeededNumbers) -> String {
        let trade = NeedleWords.trades[numbers.below(NeedleWords.trades.count)]
        let year = 1700 + numbers.below(200)
        return "\nNote: \(person) was born in \(city) in \(year) and earned a living as a \(trade)."
    }
}
