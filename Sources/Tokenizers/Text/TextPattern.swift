/// What a step looks for in the text.
enum TextPattern: Sendable {
    case regex(Pattern)
    /// Just these bytes; nothing where there are none.
    case literal([UInt8])
    /// Every single character of the class.
    case characters(CharacterClass)
    /// Runs of letters, digits and marks, and runs of what is neither that nor space.
    case words
}

/// Finds a pattern's matches; holds what they are found with, so that many short subjects cost no allocations.
struct TextMatcher: ~Copyable {
    private let pattern: TextPattern
    private let regex: Pattern.Matcher?

    init(_ pattern: TextPattern) {
        self.pattern = pattern
        regex = if case .regex(let pattern) = pattern { Pattern.Matcher(pattern) } else { nil }
    }

    /// Calls `body` with every match in `subject`, which is valid UTF-8, from left to right, as ranges of its bytes.
    ///
    /// - Parameters:
    ///   - origin: where `subject` begins in the text, for errors.
    ///   - isCancelled: asked now and then where that may take long.
    borrowing func forEachMatch(
        in subject: UnsafeRawBufferPointer, origin: Int, isCancelled: () -> Bool, _ body: (Range<Int>) -> Void
    ) throws(TokenizerError) {
        switch pattern {
        case .regex:
            switch regex {
            case .some(let matcher):
                try matcher.forEachMatch(in: subject, origin: origin, isCancelled: isCancelled, body)
            case .none: break
            }
        case .literal(let text): Self.findLiteral(text, in: subject, body)
        case .characters(let characters):
            var at = 0
            while at < subject.count {
                let (scalar, count) = UTF8Text.scalar(in: subject, at: at)
                if characters.contains(scalar) { body(at..<at + count) }
                at += count
            }
        case .words: Self.findWords(in: subject, body)
        }
    }

    private static func findLiteral(_ text: [UInt8], in subject: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
        guard let first = text.first else { return }
        var at = 0
        while at + text.count <= subject.count {
            if subject[at] == first, subject[at..<at + text.count].elementsEqual(text) {
                body(at..<at + text.count)
                at += text.count
            } else {
                at += 1
            }
        }
    }

    private static func findWords(in subject: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
        /// What a run consists of: words, other characters, or space.
        enum Kind { case word, other, space }
        var run = 0
        var kind = Kind.space
        var at = 0
        while at < subject.count {
            let (scalar, count) = UTF8Text.scalar(in: subject, at: at)
            let next: Kind = CharacterClass.isWord(scalar) ? .word : CharacterClass.isSpace(scalar) ? .space : .other
            if next != kind {
                if kind != .space { body(run..<at) }
                (run, kind) = (at, next)
            }
            at += count
        }
        if kind != .space { body(run..<subject.count) }
    }
}
