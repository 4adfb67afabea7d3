/// One step of rewriting the text before it is cut into words.
enum NormalizerStep: Sendable {
    case unicode(UnicodeNormalization.Form)
    case lowercase
    /// Leaves characters out.
    case remove(CharacterClass)
    /// Takes the space at the ends away.
    case strip(left: Bool, right: Bool)
    case prepend([UInt8])
    case replace(TextPattern, by: [UInt8])
    /// BERT: no control characters, and one kind of space.
    case cleanControls
    /// BERT: a space before and behind every Chinese character.
    case surroundIdeographs
    /// SentencePiece's old rule set: no control characters, one kind of space.
    case cleanFormats
    case precompiled(CharacterMap)
    /// Each byte becomes its letter of the alphabet of byte-level vocabularies.
    case byteLetters
    /// Behind the tokens `continuing` a text goes on; else each stretch is a text.
    case sentencePiece(SentencePieceNormalizer, continuing: Set<Int32>)
}

extension NormalizerStep {
    /// Whether the step leaves ASCII as it is, so that most texts cost nothing.
    var keepsASCII: Bool {
        switch self {
        case .unicode, .surroundIdeographs: true
        case .remove(let characters): characters == .mark || characters == .nonspacingMark
        default: false
        }
    }
}

extension Alignment {
    /// Appends what `step` makes of `text[range]`, which may stand behind an added token.
    mutating func apply(
        _ step: NormalizerStep, to range: Range<Int>, of text: [UInt8], after token: Int32?, isCancelled: () -> Bool
    ) throws(TokenizerError) {
        switch step {
        case .unicode(let form):
            var normalization = UnicodeNormalization(form)
            normalization.rewrite(text, range, into: &self)
        case .lowercase: lowercase(text, range)
        case .remove(let characters): remove(text, range) { characters.contains($0) }
        case .strip(let left, let right): strip(text, range, left: left, right: right)
        case .prepend(let prefix): prepend(prefix, text, range)
        case .replace(let pattern, let content): try replace(pattern, content, text, range, isCancelled)
        case .cleanControls: clean(text, range, CharacterMapping.bertClean)
        case .cleanFormats: clean(text, range, CharacterMapping.nmt)
        case .surroundIdeographs: surroundIdeographs(text, range)
        case .precompiled(let map): map.rewrite(text, range, into: &self)
        case .byteLetters: byteLetters(text, range)
        case .sentencePiece(let normalizer, let continuing):
            normalizer.rewrite(text, range, continues: token.map(continuing.contains) ?? false, into: &self)
        }
    }

    private mutating func lowercase(_ text: [UInt8], _ range: Range<Int>) {
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = text[at]
            guard byte >= 0x80 else {
                substitute(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
                at += 1
                continue
            }
            let (scalar, count) = UTF8Text.scalar(in: text, at: at)
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            apply(
                lower.enumerated().map { RewrittenScalar(scalar: $1, change: $0 == 0 ? 0 : 1) },
                to: at..<at + count, of: text, start: range.lowerBound)
            at += count
        }
    }

    /// What is left out belongs to the character before it, as an accent does.
    private mutating func remove(_ text: [UInt8], _ range: Range<Int>, _ isRemoved: (Unicode.Scalar) -> Bool) {
        clean(text, range) { isRemoved($0) ? nil : $0 }
    }

    /// Maps every character to one, or leaves it out.
    private mutating func clean(
        _ text: [UInt8], _ range: Range<Int>, _ map: (Unicode.Scalar) -> Unicode.Scalar?
    ) {
        var at = range.lowerBound
        while at < range.upperBound {
            let (scalar, count) = UTF8Text.scalar(in: text, at: at)
            var end = at + count
            guard let mapped = map(scalar) else {
                drop(count)
                at = end
                continue
            }
            while end < range.upperBound {
                let (next, size) = UTF8Text.scalar(in: text, at: end)
                guard map(next) == nil else { break }
                end += size
            }
            let utf8 = UTF8.encode(mapped) ?? UTF8.encodedReplacementCharacter
            if utf8.count == count, end == at + count {
                substitute(utf8)
            } else {
                replace(end - at, by: utf8, cover: Int32(at)..<Int32(at + count))
            }
            at = end
        }
    }

    private mutating func strip(_ text: [UInt8], _ range: Range<Int>, left: Bool, right: Bool) {
        var (start, end) = (range.lowerBound, range.upperBound)
        while left, start < end {
            let (scalar, count) = UTF8Text.scalar(in: text, at: start)
            guard CharacterClass.isSpace(scalar) else { break }
            start += count
        }
        while right, end > start {
            let before = UTF8Text.start(before: end, in: text)
            guard CharacterClass.isSpace(UTF8Text.scalar(in: text, at: before).scalar) else { break }
            end = before
        }
        drop(start - range.lowerBound)
        copy(end - start, of: text)
        drop(range.upperBound - end)
    }

    /// The prefix is attributed to the first character, as in the tokenizers library.
    mutating func prepend(_ prefix: [UInt8], _ text: [UInt8], _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let first = Int32(range.lowerBound)
        replace(0, by: prefix, cover: first..<first + Int32(UTF8Text.width(from: text[range.lowerBound])))
        copy(range.count, of: text)
    }

    /// The replacement is attributed to the last character of what it replaces, as in the tokenizers library.
    mutating func replace(
        _ pattern: TextPattern, _ content: [UInt8], _ text: [UInt8], _ range: Range<Int>, _ isCancelled: () -> Bool
    ) throws(TokenizerError) {
        var matches: [Range<Int>] = []
        try text.withUnsafeBufferPointer { buffer throws(TokenizerError) in
            let subject = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[range])
            try TextMatcher(pattern)
                .forEachMatch(in: subject, origin: range.lowerBound, isCancelled: isCancelled) {
                    matches.append($0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound)
                }
        }
        var done = range.lowerBound
        for match in matches where match.lowerBound >= done {
            copy(match.lowerBound - done, of: text)
            let last =
                match.upperBound > range.lowerBound
                ? UTF8Text.start(before: match.upperBound, in: text) : match.upperBound
            replace(match.count, by: content, cover: Int32(last)..<Int32(match.upperBound))
            done = match.upperBound
        }
        copy(range.upperBound - done, of: text)
    }

    private mutating func surroundIdeographs(_ text: [UInt8], _ range: Range<Int>) {
        var done = range.lowerBound
        var at = range.lowerBound
        while at < range.upperBound {
            guard text[at] >= 0xE3 else {
                at += 1
                continue
            }
            let (scalar, count) = UTF8Text.scalar(in: text, at: at)
            if CharacterMapping.isIdeograph(scalar) {
                copy(at - done, of: text)
                let cover = Int32(at)..<Int32(at + count)
                replace(0, by: [0x20], cover: cover)
                copy(count, of: text)
                extend(by: [0x20], cover: cover)
                done = at + count
            }
            at += count
        }
        copy(range.upperBound - done, of: text)
    }

    private mutating func byteLetters(_ text: [UInt8], _ range: Range<Int>) {
        for at in range {
            let start = UTF8Text.start(of: at, in: text)
            let cover = Int32(start)..<Int32(start + UTF8Text.width(from: text[start]))
            let letter = UTF8.encode(ByteAlphabet.letters[Int(text[at])]) ?? UTF8.encodedReplacementCharacter
            if letter.count == 1 { substitute(letter) } else { replace(1, by: letter, cover: cover) }
        }
    }
}
