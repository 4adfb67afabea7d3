/// One step of cutting the text into words.
enum PreTokenizerStep: Sendable {
    /// Every stretch gets a space before it unless it begins with one.
    case prefixSpace
    case split(SplitRule)
    /// Spaces become a mark, and a stretch gets a mark before it.
    case metaspace(mark: [UInt8], MetaspacePrefix)
    /// Each byte becomes its letter of the alphabet of byte-level vocabularies.
    case byteLetters
}

/// Where a mark is put before text that does not begin with one.
enum MetaspacePrefix: String, Sendable {
    /// Before every stretch between added tokens.
    case always
    /// Before the stretch that begins the text.
    case first
    case never
}

/// Cuts a stretch of text at the matches of a pattern.
struct SplitRule: Sendable {
    enum Behavior: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    let pattern: TextPattern
    let behavior: Behavior
    /// Whether what lies between the matches counts as the matches.
    var isInverted = false

    /// Appends `range` of the text, cut; stretches without a byte are left out. `matcher` is one of `pattern`.
    func split(
        _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ matcher: borrowing TextMatcher,
        isCancelled: () -> Bool, into stretches: inout [Stretch]
    ) throws(TokenizerError) {
        var parts = Parts(rule: self, stretches: stretches)
        stretches = []
        var end = range.lowerBound
        let subject = UnsafeRawBufferPointer(rebasing: text[range])
        try matcher.forEachMatch(in: subject, origin: range.lowerBound, isCancelled: isCancelled) { match in
            let match = match.lowerBound + range.lowerBound..<match.upperBound + range.lowerBound
            if end < match.lowerBound { parts.add(end..<match.lowerBound, isMatch: isInverted) }
            parts.add(match, isMatch: !isInverted)
            end = max(end, match.upperBound)
        }
        if end < range.upperBound { parts.add(end..<range.upperBound, isMatch: isInverted) }
        parts.flush()
        stretches = parts.stretches
    }

    /// Joins neighbouring parts as the behaviour says.
    private struct Parts {
        let rule: SplitRule
        var stretches: [Stretch]
        private var open: Range<Int>?
        private var lastWasMatch = false

        init(rule: SplitRule, stretches: [Stretch]) {
            self.rule = rule
            self.stretches = stretches
        }

        mutating func add(_ part: Range<Int>, isMatch: Bool) {
            if joinsPrevious(isMatch), let start = open?.lowerBound {
                open = start..<part.upperBound
            } else {
                flush()
                if !(rule.behavior == .removed && isMatch) { open = part }
            }
            lastWasMatch = isMatch
        }

        mutating func flush() {
            if let part = open, !part.isEmpty { stretches.append(Stretch(part)) }
            open = nil
        }

        private func joinsPrevious(_ isMatch: Bool) -> Bool {
            switch rule.behavior {
            case .removed, .isolated: false
            case .contiguous: isMatch == lastWasMatch
            case .mergedWithPrevious: isMatch && !lastWasMatch
            case .mergedWithNext: lastWasMatch && !isMatch
            }
        }
    }
}
