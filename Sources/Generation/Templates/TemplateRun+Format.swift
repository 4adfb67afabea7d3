import Foundation
import RopewalkPhrases

/// Texts with places for values, as Python's '%' fills them in.
extension TemplateRun {
    /// What one place asks for: "%-08.3f".
    private struct Place {
        var flags: Set<Unicode.Scalar> = []
        var width = 0
        var precision: Int?
        var kind: Unicode.Scalar = "s"
    }

    /// text % right
    /// - Parameter right: what stands there: several values in round brackets, or one
    func filled(
        _ text: String, with right: TemplateExpression, _ value: TemplateValue, _ line: Int
    ) throws(TemplateProblem) -> String {
        switch (right, value) {
        case (.tuple, .list(let values)): return try filled(text, with: values, line)
        case (.list, .list): return try filled(text, with: [value], takesAll: false, line)
        case (_, .list):
            // Of a list Python makes one text, of a tuple one of each of its values; here they are the same.
            throw TemplateProblem(line, say("a list behind '%' is not known: its values in round brackets are"))
        case (_, .map): return try filled(text, with: [value], takesAll: false, line)
        default: return try filled(text, with: [value], line)
        }
    }

    /// - Parameter takesAll: whether it is wrong to leave a value out
    func filled(
        _ text: String, with values: [TemplateValue], takesAll: Bool = true, _ line: Int
    ) throws(TemplateProblem) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        var result = String.UnicodeScalarView()
        var rest = values[...]
        var size = 0
        while let scalar = scalars.popFirst() {
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            let place = try Self.place(&scalars, line)
            guard place.kind != "%" else {
                result.append("%")
                continue
            }
            guard let value = rest.popFirst() else {
                throw TemplateProblem(line, say("a text has more places than values ('%')"))
            }
            let written = try Self.written(value, place, line)
            size += written.utf8.count
            try charge(bytes: written.utf8.count, line)
            if size > Self.longestText { throw TemplateProblem(line, say("its text becomes too long")) }
            result.append(contentsOf: written.unicodeScalars)
        }
        guard rest.isEmpty || !takesAll else {
            throw TemplateProblem(line, say("a text has fewer places than values ('%')"))
        }
        return try limited(String(result), line)
    }

    private static func place(
        _ scalars: inout ArraySlice<Unicode.Scalar>, _ line: Int
    ) throws(TemplateProblem) -> Place {
        var place = Place()
        func number() throws(TemplateProblem) -> Int? {
            var value: Int?
            while let next = scalars.first, ("0"..."9").contains(next) {
                value = min(1_000_000_000, (value ?? 0) * 10 + Int(next.value - 0x30))
                scalars.removeFirst()
            }
            return value
        }
        while let next = scalars.first, "#0- +".unicodeScalars.contains(next) {
            place.flags.insert(next)
            scalars.removeFirst()
        }
        place.width = try number() ?? 0
        if scalars.first == "." {
            scalars.removeFirst()
            place.precision = try number() ?? 0
        }
        while let next = scalars.first, "hlL".unicodeScalars.contains(next) { scalars.removeFirst() }
        guard let kind = scalars.popFirst() else {
            throw TemplateProblem(line, say("a text ends within a place for a value ('%')"))
        }
        guard "%srdiuxXofFeEgGc".unicodeScalars.contains(kind) else {
            throw TemplateProblem(line, say("the place '%\(String(kind))' for a value is not known"))
        }
        place.kind = kind
        guard place.width <= longestText, (place.precision ?? 0) <= (kind == "s" || kind == "r" ? longestText : 300)
        else { throw TemplateProblem(line, say("its text becomes too long")) }
        return place
    }

    private static func written(
        _ value: TemplateValue, _ place: Place, _ line: Int
    ) throws(TemplateProblem) -> String {
        func wrong() -> TemplateProblem {
            TemplateProblem(line, say("\(value.kind) has no place in '%\(String(place.kind))'"))
        }
        switch place.kind {
        case "s", "r":
            let text = place.kind == "r" ? value.quoted : value.text
            return padded(place.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text, place)
        case "c":
            if let code = value.integer {
                guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { throw wrong() }
                return padded(String(scalar), place)
            }
            guard case .string(let text) = value, text.unicodeScalars.count == 1 else { throw wrong() }
            return padded(text, place)
        case "d", "i", "u":
            let whole = value.integer ?? value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
            guard let whole else { throw wrong() }
            return number(isNegative: whole < 0, digits(String(whole.magnitude), place), prefix: "", place)
        case "x", "X", "o":
            guard let whole = value.integer else { throw wrong() }
            let text = String(whole.magnitude, radix: place.kind == "o" ? 8 : 16, uppercase: place.kind == "X")
            let prefix = place.flags.contains("#") ? "0" + String(place.kind) : ""
            return number(isNegative: whole < 0, digits(text, place), prefix: prefix, place)
        default:
            guard let number = value.number else { throw wrong() }
            guard number.isFinite else {
                var place = place
                place.flags.remove("0")
                let text = number.isNaN ? "nan" : "inf"
                let isUpper = "FEG".unicodeScalars.contains(place.kind)
                return Self.number(isNegative: number < 0, isUpper ? text.uppercased() : text, prefix: "", place)
            }
            let form = "%" + (place.flags.contains("#") ? "#" : "") + ".\(place.precision ?? 6)\(place.kind)"
            return Self.number(
                isNegative: number.sign == .minus, String(format: form, number.magnitude), prefix: "", place)
        }
    }

    /// As many digits as the precision asks for.
    private static func digits(_ text: String, _ place: Place) -> String {
        String(repeating: "0", count: max(0, (place.precision ?? 0) - text.count)) + text
    }

    private static func number(isNegative: Bool, _ digits: String, prefix: String, _ place: Place) -> String {
        let sign = isNegative ? "-" : place.flags.contains("+") ? "+" : place.flags.contains(" ") ? " " : ""
        let missing = place.width - sign.count - prefix.count - digits.count
        let zeros = place.flags.contains("0") && !place.flags.contains("-") ? max(0, missing) : 0
        return padded(sign + prefix + String(repeating: "0", count: zeros) + digits, place)
    }

    private static func padded(_ text: String, _ place: Place) -> String {
        let blanks = String(repeating: " ", count: max(0, place.width - text.unicodeScalars.count))
        return place.flags.contains("-") ? text + blanks : blanks + text
    }
}
