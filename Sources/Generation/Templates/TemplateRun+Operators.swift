import Foundation
import RopewalkPhrases

extension TemplateRun {
    func binary(
        _ operation: TemplateExpression.Operator, _ left: TemplateExpression, _ right: TemplateExpression, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue {
        let first = try value(left)
        switch operation {
        case .or: return first.isTrue ? first : try value(right)
        case .and: return first.isTrue ? try value(right) : first
        default: break
        }
        let second = try value(right)
        try charge(first, line)
        try charge(second, line)
        switch operation {
        case .or, .and: return first
        case .equal: return .bool(TemplateValue.equal(first, second))
        case .unequal: return .bool(!TemplateValue.equal(first, second))
        case .less: return .bool(try order(first, second, line) < 0)
        case .atMost: return .bool(try order(first, second, line) <= 0)
        case .more: return .bool(try order(first, second, line) > 0)
        case .atLeast: return .bool(try order(first, second, line) >= 0)
        case .isIn: return .bool(try contains(second, first, line))
        case .isNotIn: return .bool(!(try contains(second, first, line)))
        case .joined: return .string(try limited(first.text + second.text, line))
        case .plus: return try sum(first, second, line)
        case .minus, .times, .over, .wholes, .rest, .power:
            if operation == .rest, case .string(let text) = first {
                return .string(try filled(text, with: right, second, line))
            }
            if operation == .times, let repeated = try repeated(first, second, line) { return repeated }
            return try calculated(operation, first, second, line)
        }
    }

    func contains(_ whole: TemplateValue, _ part: TemplateValue, _ line: Int) throws(TemplateProblem) -> Bool {
        switch whole {
        case .list(let values): return values.contains { TemplateValue.equal($0, part) }
        case .map(let members): return members.contains { $0.key == part.text }
        case .undefined: return false
        case .string(let text):
            guard case .string(let part) = part else {
                throw TemplateProblem(line, say("\(part.kind) cannot be in a text"))
            }
            return text.isEmpty ? part.isEmpty : part.isEmpty || TemplateText.place(of: part, in: text) != nil
        default: throw TemplateProblem(line, say("\(whole.kind) is no list"))
        }
    }

    func sum(_ a: TemplateValue, _ b: TemplateValue, _ line: Int) throws(TemplateProblem) -> TemplateValue {
        switch (a, b) {
        case (.string(let x), .string(let y)): return .string(try limited(x + y, line))
        case (.list(let x), .list(let y)):
            guard x.count + y.count <= Self.longestList else {
                throw TemplateProblem(line, say("a list becomes too long"))
            }
            return .list(x + y)
        default: return try calculated(.plus, a, b, line)
        }
    }

    /// A text or a list several times, whichever stands first; nil where neither is one.
    private func repeated(
        _ a: TemplateValue, _ b: TemplateValue, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue? {
        switch (a, b) {
        case (.string(let text), _):
            guard let count = b.integer else { return nil }
            guard count <= 0 || text.utf8.count <= Self.longestText / max(1, count) else {
                throw TemplateProblem(line, say("its text becomes too long"))
            }
            try charge(bytes: text.utf8.count * max(0, count), line)
            return .string(String(repeating: text, count: max(0, count)))
        case (.list(let values), _):
            guard let count = b.integer else { return nil }
            guard count <= 0 || values.count <= Self.longestList / max(1, count) else {
                throw TemplateProblem(line, say("a list becomes too long"))
            }
            guard count > 0, !values.isEmpty else { return .list([]) }
            try charge(.list(values), times: count, line)
            return .list((0..<count).flatMap { _ in values })
        case (_, .string), (_, .list): return a.integer == nil ? nil : try repeated(b, a, line)
        default: return nil
        }
    }

    private func calculated(
        _ operation: TemplateExpression.Operator, _ a: TemplateValue, _ b: TemplateValue, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue {
        guard let x = a.number, let y = b.number else {
            throw TemplateProblem(line, say("'\(operation.rawValue)' stands between \(a.kind) and \(b.kind)"))
        }
        if let m = a.integer, let n = b.integer, operation != .over {
            return try whole(operation, m, n, line)
        }
        if y == 0, [.over, .wholes, .rest].contains(operation) { throw TemplateProblem(line, say("it divides by 0")) }
        return switch operation {
        case .plus: .number(x + y)
        case .minus: .number(x - y)
        case .times: .number(x * y)
        case .over: .number(x / y)
        case .wholes: .number((x / y).rounded(.down))
        case .rest: .number(x - y * (x / y).rounded(.down))
        default: .number(pow(x, y))
        }
    }

    private func whole(
        _ operation: TemplateExpression.Operator, _ m: Int, _ n: Int, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue {
        var result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .plus: result = m.addingReportingOverflow(n)
        case .minus: result = m.subtractingReportingOverflow(n)
        case .times: result = m.multipliedReportingOverflow(by: n)
        case .wholes, .rest:
            guard n != 0 else { throw TemplateProblem(line, say("it divides by 0")) }
            guard n != -1 else {
                result = operation == .rest ? (0, false) : (0 as Int).subtractingReportingOverflow(m)
                break
            }
            // As Python does, towards −infinity.
            let rest = ((m % n) + n) % n
            result =
                operation == .rest ? (rest, false) : ((m - rest) / n, m.subtractingReportingOverflow(rest).overflow)
        default:
            let power = pow(Double(m), Double(n))
            guard n >= 0, abs(power) < 9e15 else { return .number(power) }
            result = (Int(power), false)
        }
        if result.overflow { throw TemplateProblem(line, say("a number becomes too large")) }
        return .integer(result.partialValue)
    }

    func limited(_ text: String, _ line: Int) throws(TemplateProblem) -> String {
        if text.utf8.count > Self.longestText { throw TemplateProblem(line, say("its text becomes too long")) }
        return text
    }
}

/// Texts as Python takes them: code points, without what Unicode holds to be equal.
enum TemplateText {
    /// Where a text stands in another one, in bytes; nil where it does not.
    static func place(of part: String, in text: String) -> Int? {
        places(of: Array(part.utf8), in: Array(text.utf8), most: 1).first
    }

    /// Where some bytes stand in others, one behind the end of the other, in a time that grows with both together (Knuth, Morris and
    /// Pratt).
    private static func places(of part: [UInt8], in whole: [UInt8], most: Int) -> [Int] {
        guard !part.isEmpty, whole.count >= part.count, most > 0 else { return [] }
        // [byte]: how long a beginning of the part ends there.
        var borders = [0]
        borders.reserveCapacity(part.count)
        var length = 0
        for byte in part.dropFirst() {
            while length > 0, part[length] != byte { length = borders[length - 1] }
            if part[length] == byte { length += 1 }
            borders.append(length)
        }
        var places: [Int] = []
        length = 0
        for (index, byte) in whole.enumerated() {
            while length > 0, part[length] != byte { length = borders[length - 1] }
            if part[length] == byte { length += 1 }
            guard length == part.count else { continue }
            places.append(index + 1 - part.count)
            if places.count >= most { break }
            length = 0
        }
        return places
    }

    /// Parts between a text that stands in another one.
    static func split(_ text: String, by separator: String, most: Int = .max) -> [String] {
        let (bytes, part) = (Array(text.utf8), Array(separator.utf8))
        var parts: [String] = []
        var start = 0
        for place in places(of: part, in: bytes, most: most) {
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + part.count
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// Its characters between nothings: "", "a", "b", ""; the last one is all that is left of it.
    static func characters(_ text: String, most: Int) -> [String] {
        guard most > 0 else { return [text] }
        let scalars = text.unicodeScalars
        // One nothing before each character, and one behind the last.
        var parts = [""]
        var place = scalars.startIndex
        while place < scalars.endIndex, parts.count < most {
            parts.append(String(scalars[place]))
            scalars.formIndex(after: &place)
        }
        return parts + [String(scalars[place...])]
    }

    /// Its lines as Python has them, without what ends them; behind the last end there is none.
    static func lines(_ text: String) -> [String] {
        let ends: Set<UInt32> = [0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029]
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { last = scalar }
            if scalar == "\n", last == "\r" { continue }
            guard ends.contains(scalar.value) else {
                line.append(scalar)
                continue
            }
            lines.append(String(line))
            line = String.UnicodeScalarView()
        }
        return line.isEmpty ? lines : lines + [String(line)]
    }

    /// Without blanks, or some characters, at its ends.
    static func stripped(_ text: String, of characters: String?, left: Bool = true, right: Bool = true) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        let set = characters.map { Set($0.unicodeScalars) }
        func isStripped(_ scalar: Unicode.Scalar) -> Bool {
            set?.contains(scalar) ?? (scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value))
        }
        if left { while let first = scalars.first, isStripped(first) { scalars.removeFirst() } }
        if right { while let last = scalars.last, isStripped(last) { scalars.removeLast() } }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
