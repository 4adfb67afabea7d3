import Foundation

/// Unicode's normal forms, keeping track of where every character comes from.
struct UnicodeNormalization {
    enum Form: String, Sendable {
        case canonicalDecomposition = "NFD"
        case canonicalComposition = "NFC"
        case compatibilityDecomposition = "NFKD"
        case compatibilityComposition = "NFKC"

        var composes: Bool { self == .canonicalComposition || self == .compatibilityComposition }
        var isCompatible: Bool { self == .compatibilityDecomposition || self == .compatibilityComposition }
    }

    private struct Step {
        var rewritten: RewrittenScalar
        let combiningClass: UInt8
    }

    let form: Form
    private var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    private var compositions: [UInt64: Unicode.Scalar?] = [:]

    init(_ form: Form) { self.form = form }

    /// Whether the character is in the form, a starter, and never composed with what comes before it.
    func isInert(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0xA0, 0x3400...0x9FFF: true
        case 0xA0..<0x300, 0xAC00...0xD7A3: form == .canonicalComposition
        case 0x2002...0x206F, 0x3000...0x3029, 0x3030...0x3098, 0x309B...0x3104, 0xFF00...0xFFEF:
            form == .canonicalComposition
        default: false
        }
    }

    /// Appends the form of `text[range]`, which is valid UTF-8, to `output`.
    mutating func rewrite(_ text: [UInt8], _ range: Range<Int>, into output: inout Alignment) {
        var done = range.lowerBound
        var previous = range.lowerBound
        var at = range.lowerBound
        while at < range.upperBound {
            let (scalar, count) = UTF8Text.scalar(in: text, at: at)
            if isInert(scalar) {
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
                if isInert(next) { break }
                region.append(next)
                end += size
            }
            output.apply(steps(region), to: previous..<end, of: text, start: range.lowerBound)
            (done, previous, at) = (end, end, end)
        }
        output.copy(range.upperBound - done, of: text)
    }

    private mutating func steps(_ source: [Unicode.Scalar]) -> [RewrittenScalar] {
        var decomposed: [Step] = []
        var pending = 0
        for scalar in source {
            for (index, part) in decomposition(scalar).enumerated() {
                let step = Step(
                    rewritten: RewrittenScalar(scalar: part, change: index == 0 ? 0 : 1),
                    combiningClass: part.properties.canonicalCombiningClass.rawValue)
                if step.combiningClass == 0 {
                    Self.order(&decomposed, from: pending)
                    pending = decomposed.count + 1
                }
                decomposed.append(step)
            }
        }
        Self.order(&decomposed, from: pending)
        return form.composes ? recomposed(decomposed) : decomposed.map(\.rewritten)
    }

    /// Sorts the marks from there on by their class; equal classes keep their order.
    private static func order(_ steps: inout [Step], from start: Int) {
        guard start + 1 < steps.count else { return }
        let marks = steps[start...].enumerated().sorted {
            ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
        }
        steps.replaceSubrange(start..., with: marks.map(\.element))
    }

    private mutating func recomposed(_ steps: [Step]) -> [RewrittenScalar] {
        var result: [RewrittenScalar] = []
        var base: Int?
        var lastClass: UInt8 = 0
        for step in steps {
            if let base, result.count == base + 1 || lastClass < step.combiningClass,
                let composed = composition(result[base].scalar, step.rewritten.scalar)
            {
                result[base].scalar = composed
                result[base].change += step.rewritten.change - 1
                continue
            }
            if step.combiningClass == 0 { base = result.count }
            lastClass = step.combiningClass
            result.append(step.rewritten)
        }
        return result
    }

    private mutating func decomposition(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if let known = decompositions[scalar] { return known }
        let text = String(scalar)
        let parts =
            form.isCompatible
            ? text.decomposedStringWithCompatibilityMapping : text.decomposedStringWithCanonicalMapping
        let known = CharacterClass.isOf(.unicode12, scalar) ? Array(parts.unicodeScalars) : [scalar]
        decompositions[scalar] = known
        return known
    }

    private mutating func composition(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if let syllable = Self.hangul(first, second) { return syllable }
        // A Kannada vowel, which Foundation does not put together either.
        if first == "\u{CCA}", second == "\u{CD5}" { return "\u{CCB}" }
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
