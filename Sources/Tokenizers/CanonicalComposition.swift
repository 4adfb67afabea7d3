import Foundation

/// Unicode normal form C that keeps track of where every character comes from.
struct CanonicalComposition {
    /// A character of the result. `change` counts as in the tokenizers library: 1 where it is added without a
    /// character of the source, 0 where it stands for one, -n where it stands for one and n more.
    private struct Step {
        var scalar: Unicode.Scalar
        var change: Int
        let combiningClass: UInt8
    }

    private var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    private var compositions: [UInt64: Unicode.Scalar?] = [:]

    /// Whether the character is in form C, a starter, and never composed with what comes before it.
    static func isInert(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x2002...0x206F, 0x3000...0x3029, 0x3030...0x3098, 0x309B...0x3104, 0x3400...0x9FFF,
            0xAC00...0xD7A3, 0xFF00...0xFFEF:
            true
        default: false
        }
    }

    /// The text in form C.
    mutating func compose(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for step in steps(Array(text.unicodeScalars)) { result.append(step.scalar) }
        return String(result)
    }

    /// Appends form C of `text[range]`, which is valid UTF-8, to `output`.
    mutating func compose(_ text: [UInt8], _ range: Range<Int>, into output: inout Alignment) {
        var done = range.lowerBound
        var previous = range.lowerBound
        var at = range.lowerBound
        while at < range.upperBound {
            let (scalar, count) = UTF8Text.scalar(in: text, at: at)
            if Self.isInert(scalar) {
                previous = at
                at += count
                continue
            }
            // The last inert character may be the base of what follows; those before it cannot.
            output.copy(previous - done, of: text)
            var end = at
            var region: [Unicode.Scalar] = previous < at ? [UTF8Text.scalar(in: text, at: previous).scalar] : []
            while end < range.upperBound {
                let (next, size) = UTF8Text.scalar(in: text, at: end)
                if Self.isInert(next) { break }
                region.append(next)
                end += size
            }
            append(steps(region), source: region, sourceStart: previous, text, to: &output)
            (done, previous, at) = (end, end, end)
        }
        output.copy(range.upperBound - done, of: text)
    }

    private func append(
        _ steps: [Step], source: [Unicode.Scalar], sourceStart: Int, _ text: [UInt8], to output: inout Alignment
    ) {
        var index = 0
        var place = sourceStart
        var lastCover = Int32(place)..<Int32(place)
        for step in steps {
            let utf8 = Array(String(step.scalar).utf8)
            guard step.change <= 0, index < source.count else {
                output.replace(0, by: utf8, cover: lastCover)
                continue
            }
            let first = UTF8.width(source[index])
            let stop = min(index + 1 - step.change, source.count)
            let consumed = source[index..<stop].reduce(0) { $0 + UTF8.width($1) }
            lastCover = Int32(place)..<Int32(place + first)
            if step.change == 0, step.scalar == source[index] {
                output.copy(consumed, of: text)
            } else {
                output.replace(consumed, by: utf8, cover: lastCover)
            }
            (index, place) = (stop, place + consumed)
        }
    }

    private mutating func steps(_ source: [Unicode.Scalar]) -> [Step] {
        var decomposed: [Step] = []
        var pending = 0
        for scalar in source {
            for (index, part) in decomposition(scalar).enumerated() {
                let step = Step(
                    scalar: part, change: index == 0 ? 0 : 1,
                    combiningClass: part.properties.canonicalCombiningClass.rawValue)
                if step.combiningClass == 0 {
                    Self.order(&decomposed, from: pending)
                    pending = decomposed.count + 1
                }
                decomposed.append(step)
            }
        }
        Self.order(&decomposed, from: pending)
        return recomposed(decomposed)
    }

    /// Sorts the marks from there on by their class; equal classes keep their order.
    private static func order(_ steps: inout [Step], from start: Int) {
        guard start + 1 < steps.count else { return }
        let marks = steps[start...].enumerated().sorted {
            ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
        }
        steps.replaceSubrange(start..., with: marks.map(\.element))
    }

    private mutating func recomposed(_ steps: [Step]) -> [Step] {
        var result: [Step] = []
        var base: Int?
        var lastClass: UInt8 = 0
        for step in steps {
            if let base, result.count == base + 1 || lastClass < step.combiningClass,
                let composed = composition(result[base].scalar, step.scalar)
            {
                result[base].scalar = composed
                result[base].change += step.change - 1
                continue
            }
            if step.combiningClass == 0 { base = result.count }
            lastClass = step.combiningClass
            result.append(step)
        }
        return result
    }

    private mutating func decomposition(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if let known = decompositions[scalar] { return known }
        let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
        decompositions[scalar] = parts
        return parts
    }

    private mutating func composition(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if let syllable = Self.hangul(first, second) { return syllable }
        let key = UInt64(first.value) << 32 | UInt64(second.value)
        if let known = compositions[key] { return known }
        let pair = String(String.UnicodeScalarView([first, second])).precomposedStringWithCanonicalMapping
        let composed = pair.unicodeScalars.count == 1 ? pair.unicodeScalars.first : nil
        compositions[key] = .some(composed)
        return composed
    }

    /// A syllable of two parts and a final consonant (Unicode, 3.12), which Foundation does not put together.
    private static func hangul(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        guard (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00) % 28 == 0,
            (0x11A8...0x11C2).contains(second.value)
        else { return nil }
        return Unicode.Scalar(first.value + second.value - 0x11A7)
    }
}
