import Foundation

/// A text as Python has it: code points, of which each is compared alone.
///
/// Swift's String takes "é" in one code point and in two for equal; the published scorers do not.
package typealias CodePoints = [Unicode.Scalar]

/// What Python 3 makes of texts, as far as the published scorers ask for it (CPython's `unicodeobject.c` and `_sre.c`).
package enum PythonText {
    package static func codePoints(_ text: String) -> CodePoints { Array(text.unicodeScalars) }

    package static func string(_ text: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        return String(view)
    }

    // MARK: Kinds of characters

    /// `str.isspace`, and `\s` of a pattern: white space, and the four separators of ASCII.
    package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// `\d`: a decimal digit of any script.
    package static func isDecimal(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? (0x30...0x39).contains(scalar.value) : scalar.properties.numericType == .decimal
    }

    /// `str.isdigit`: decimal digits and those that stand for one, such as superscripts.
    package static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else { return (0x30...0x39).contains(scalar.value) }
        let type = scalar.properties.numericType
        return type == .decimal || type == .digit
    }

    /// `\w`: a letter, a number or an underscore. A mark that stands on a letter is none.
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: return true
        case 0..<0x80: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return scalar.properties.numericType != nil
        }
    }

    /// `string.punctuation`: the 32 marks of ASCII.
    package static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    // MARK: Methods of str

    /// `str.lower`: every code point by its full mapping; a sigma at the end of a word becomes ς.
    package static func lower(_ text: CodePoints) -> CodePoints {
        var lowered: CodePoints = []
        lowered.reserveCapacity(text.count)
        for (place, scalar) in text.enumerated() {
            switch scalar.value {
            case 0x41...0x5A: lowered.append(Unicode.Scalar(UInt8(scalar.value + 32)))
            case 0..<0x80: lowered.append(scalar)
            case 0x3A3: lowered.append(isFinal(place, in: text) ? "ς" : "σ")
            default: lowered.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return lowered
    }

    /// Whether a letter stands before it and none after it, with what case does not know left out.
    private static func isFinal(_ place: Int, in text: CodePoints) -> Bool {
        guard let before = text[..<place].last(where: { !$0.properties.isCaseIgnorable }), before.properties.isCased
        else { return false }
        guard let after = text[(place + 1)...].first(where: { !$0.properties.isCaseIgnorable }) else { return true }
        return !after.properties.isCased
    }

    /// `str.split()`: the words between white space.
    package static func words(_ text: some Collection<Unicode.Scalar>) -> [CodePoints] {
        text.split(whereSeparator: isSpace).map { CodePoints($0) }
    }

    /// `str.split(mark)`: the parts between single marks, empty ones too.
    package static func parts(_ text: CodePoints, at mark: Unicode.Scalar) -> [CodePoints] {
        text.split(separator: mark, omittingEmptySubsequences: false).map { CodePoints($0) }
    }

    /// `str.split(mark)` of a longer mark, which is not empty.
    package static func parts(_ text: CodePoints, at mark: CodePoints) -> [CodePoints] {
        var parts: [CodePoints] = []
        var start = 0
        while let place = find(mark, in: text, from: start) {
            parts.append(CodePoints(text[start..<place]))
            start = place + mark.count
        }
        return parts + [CodePoints(text[start...])]
    }

    /// `str.strip()`.
    package static func stripped(_ text: CodePoints) -> CodePoints {
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return CodePoints(text[first...last])
    }

    /// `text.find(part, from)`: where it begins; nil where it is not there. The empty part is everywhere.
    package static func find(_ part: CodePoints, in text: CodePoints, from start: Int = 0) -> Int? {
        guard let first = part.first else { return start <= text.count ? start : nil }
        guard part.count <= text.count else { return nil }
        var place = start
        while place <= text.count - part.count {
            if text[place] == first, text[place..<place + part.count].elementsEqual(part) { return place }
            place += 1
        }
        return nil
    }

    /// `part in text`.
    package static func contains(_ part: CodePoints, in text: CodePoints) -> Bool { find(part, in: text) != nil }

    /// `text.replace(part, other)`.
    package static func replacing(_ part: String, with other: String, in text: CodePoints) -> CodePoints {
        CodePoints(parts(text, at: codePoints(part)).joined(separator: codePoints(other)))
    }

    // MARK: Patterns

    /// `re.findall(r"\d+", text)`.
    package static func numbers(in text: CodePoints) -> [CodePoints] {
        text.split { !isDecimal($0) }.map { CodePoints($0) }
    }

    /// `re.findall(words + r"(\d+)", text)`: the numbers behind some words.
    package static func numbers(behind words: String, in text: CodePoints) -> [CodePoints] {
        let words = codePoints(words)
        var found: [CodePoints] = []
        var start = 0
        while let place = find(words, in: text, from: start) {
            let number = text[(place + words.count)...].prefix(while: isDecimal)
            if !number.isEmpty { found.append(CodePoints(number)) }
            start = number.isEmpty ? place + 1 : number.endIndex
        }
        return found
    }

    /// `re.split(r"\s+", text)`: with an empty part where space stands at an end.
    package static func partsBetweenSpaces(_ text: CodePoints) -> [CodePoints] {
        var parts: [CodePoints] = [[]]
        var isBetween = false
        for scalar in text {
            if isSpace(scalar) {
                if !isBetween { parts.append([]) }
                isBetween = true
            } else {
                parts[parts.count - 1].append(scalar)
                isBetween = false
            }
        }
        return parts
    }
}
