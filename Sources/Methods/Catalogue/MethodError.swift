import RopewalkPhrases

/// What is wrong with a method, a scenario or a mask that someone asked for.
public enum MethodError: Error, Equatable, Sendable {
    /// Nothing where a method is wanted.
    case empty
    /// A name that the catalogue does not have.
    case unknownMethod(String, nearest: String?, known: [String])
    /// A parameter that the method does not have.
    case unknownParameter(method: String, String, known: [String])
    /// A colon or a comma with nothing behind it.
    case emptyParameter(method: String)
    /// A parameter that is given twice.
    case duplicateParameter(method: String, String)
    /// A parameter without a value.
    case missingValue(method: String, String)
    /// A value that is no number.
    case notANumber(method: String, ParameterDescription, text: String)
    /// A fraction where a whole number is wanted.
    case notAnInteger(method: String, ParameterDescription, text: String)
    /// A number that the parameter does not take.
    case outOfRange(method: String, ParameterDescription, text: String)
    /// More numbers than a list may have.
    case listTooLong(method: String, String)
    /// Parameters that contradict each other.
    case contradiction(method: String, String)
    /// Two position methods in one scenario.
    case twoPositions(String, String)
    /// Two selections in one scenario.
    case twoSelections(String, String)
    /// Two compressions in one scenario.
    case twoCompressions(String, String)
    /// Two kernels in one scenario.
    case twoKernels(String, String)
    /// A selection or a compression beside a kernel, which reads neither single scores nor keys.
    case kernelBeside(String, String)
    /// A kernel was given where a mask is wanted.
    case weighsOnly(String)
    /// A position method was given where a mask is wanted.
    case hidesNoKey(String)
    /// A compression was given where a mask is wanted.
    case compressesOnly(String)
    /// An ablation where a mask is expected.
    case leavesOutOnly(String)
    /// The keys depend on scores, which a mask without a text has not.
    case needsScores(String)
    /// A number that angles cannot be computed with.
    case rotaryOutOfRange(name: String, value: String, range: String)
    /// More tokens than a mask may span, or none.
    case tokensOutOfRange(Int, ClosedRange<Int>)
    /// A token that the mask does not have.
    case placeOutOfRange(Int, tokens: Int)
    /// Masks over different numbers of tokens.
    case tokensDiffer(Int, Int)
    /// A rule that cannot be read; columns count from 1.
    case expression(column: Int, String)
    /// A part of a method's text that cannot stand where it does.
    case scope(String, String)
    /// A file with a mask that cannot be read.
    case maskFile(path: String, String)
    /// A claim about a mask that cannot be read.
    case claim(String, String)
    /// A mask cannot be applied to a text of this length.
    case unfit(String)
    /// A mask in text without rows.
    case maskEmpty
    /// A character of a mask in text that is neither 0 nor 1; lines and columns count from 1.
    case maskCharacter(line: Int, column: Int)
    /// A row of a mask in text that is too short or too long; lines count from 1.
    case maskWidth(line: Int, width: Int, expected: Int)
}

extension MethodError: CustomStringConvertible {
    /// One line: what is wrong, where, and what to write in its place.
    public var description: String {
        switch self {
        case .empty: return say("empty method: write a name such as lambda:sink=4,window=512")
        case .unknownMethod(let name, let nearest, _):
            return say("unknown method \(quoted(name))") + (nearest.map { say(": did you mean \($0)?") } ?? "")
        case .unknownParameter(let method, let name, let known):
            let valid = known.isEmpty ? say("it takes none") : say("it takes \(known.joined(separator: ", "))")
            return say("\(method): unknown parameter \(quoted(name)): \(valid)")
        case .emptyParameter(let method):
            return say("\(method): empty parameter: write \(method):key=value,key=value without stray colons or commas")
        case .duplicateParameter(let method, let name): return say("\(method): \(name) is given twice: give it once")
        case .missingValue(let method, let name): return say("\(method): \(name) has no value: write \(name)=NUMBER")
        case .notANumber(let method, let parameter, let text) where !parameter.names.isEmpty:
            return say("\(method): \(parameter.name) is \(quoted(text)), unknown: it takes \(parameter.rangeText)")
        case .notANumber(let method, let parameter, let text):
            return say("\(method): \(parameter.name) is \(quoted(text)), not a number: it takes \(parameter.rangeText)")
        case .notAnInteger(let method, let parameter, let text):
            return
                say(
                    """
                    \(method): \(parameter.name) is \(quoted(text)), not a whole number: it takes \
                    \(parameter.rangeText)
                    """)
        case .outOfRange(let method, let parameter, let text):
            return say("\(method): \(parameter.name) is \(quoted(text)), out of range: it takes \(parameter.rangeText)")
        case .listTooLong(let method, let name):
            return say("\(method): \(name) has more than \(ListDescription.limit.grouped) numbers: give fewer")
        case .contradiction(let method, let sentence): return "\(method): \(sentence)"
        case .twoPositions(let first, let second):
            return say("\(first) and \(second) are both position methods: a scenario has one, leave one out")
        case .twoSelections(let first, let second):
            return say("\(first) and \(second) are both selections: a scenario has one, leave one out")
        case .twoCompressions(let first, let second):
            return say("\(first) and \(second) are both compressions: a scenario has one, leave one out")
        case .twoKernels(let first, let second):
            return say("\(first) and \(second) both take the place of the softmax: a scenario has one, leave one out")
        case .kernelBeside(let kernel, let other):
            return say("\(kernel) keeps no single keys, which \(other) works on: leave one out")
        case .weighsOnly(let spec):
            return say("\(spec) takes the place of the softmax and hides no key: leave it out of a mask")
        case .hidesNoKey(let spec):
            return say("\(spec) is a position method, it changes angles and hides no key")
        case .compressesOnly(let spec):
            return say("\(spec) is a compression, it changes numbers and hides no key: leave it out of a mask")
        case .leavesOutOnly(let spec):
            return say("\(spec) leaves out what heads add and hides no key: leave it out of a mask")
        case .needsScores(let spec):
            return say("\(spec) selects by score, so it has no mask without a text")
        case .rotaryOutOfRange(let name, let value, let range): return say("\(name) is \(value): it takes \(range)")
        case .tokensOutOfRange(let tokens, let range):
            return say(
                "\(tokens.grouped) tokens: a mask takes \(range.lowerBound.grouped) to \(range.upperBound.grouped)")
        case .placeOutOfRange(let place, let tokens):
            return say("token \(place.grouped) is outside of the mask: it takes 0 to \((tokens - 1).grouped)")
        case .tokensDiffer(let first, let second):
            return say(
                "the masks span \(first.grouped) and \(second.grouped) tokens: compare masks over the same tokens")
        case .expression(let column, let problem): return say("rule, column \(column): \(problem)")
        case .scope(let text, let problem): return "\(quoted(text)): \(problem)"
        case .maskFile(let path, let problem): return path.isEmpty ? problem : "\(path): \(problem)"
        case .claim(let text, let problem): return "\(quoted(text)): \(problem)"
        case .unfit(let problem): return problem
        case .maskEmpty: return say("the mask has no rows: give N lines of N characters 0 or 1")
        case .maskCharacter(let line, let column):
            return say("mask line \(line), column \(column): neither 0 nor 1: give N lines of N characters 0 or 1")
        case .maskWidth(let line, let width, let expected):
            return say("mask line \(line) has \(width) characters, not \(expected): give as many as there are lines")
        }
    }
}

extension ParameterDescription {
    /// The valid values for people: "1 to 1,024 times", "whole numbers 0 to 1,073,741,824 tokens".
    package var rangeText: String {
        guard names.isEmpty else { return names.joined(separator: ", ") }
        let (lowest, highest) = (Self.text(range.lowerBound), Self.text(range.upperBound))
        return inUnit(isInteger ? say("whole numbers \(lowest) to \(highest)") : say("\(lowest) to \(highest)"))
    }

    /// The same without an end that nobody comes near: "from 0 tokens".
    package var shortRangeText: String {
        range.upperBound < 1_073_741_824 ? rangeText : inUnit(say("from \(Self.text(range.lowerBound))"))
    }

    private func inUnit(_ bounds: String) -> String {
        switch unit {
        case "": bounds
        case "tokens": say("\(bounds) tokens")
        default: bounds + (" " + unit).said
        }
    }

    /// A value as a person says it: `auto` or `none` where 0 stands for that, `yes` and `no` where nothing else is taken.
    package func words(_ value: Double) -> String {
        if isFlag { return value == 0 ? say("no") : say("yes") }
        return value == 0 && isAutomatic ? zeroWord.said : format(value)
    }

    /// The value of a word that `words` gives; nil for others.
    func value(ofWord word: String) -> Double? {
        // In English everywhere, so that a spec can be passed on.
        switch word.lowercased() {
        case "yes" where isFlag, say("yes") where isFlag: 1
        case "no" where isFlag, say("no") where isFlag: 0
        case zeroWord where isAutomatic, zeroWord.said where isAutomatic: 0
        default:
            names.firstIndex(of: word.lowercased()).map { range.lowerBound + Double($0) }
        }
    }

    private var zeroWord: String { meaning.contains("; 0: none") ? "none" : "auto" }

    private var isFlag: Bool { isInteger && range == 0...1 }

    /// Where 0 stands for something else, the meaning says for what.
    var isAutomatic: Bool { meaning.contains("; 0: ") && range.contains(0) }

    /// A value with thousands separators where it is whole.
    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Int(value).grouped : String(value)
    }
}

/// What a person typed, short and on one line whatever it was.
private func quoted(_ text: String) -> String {
    let limit = 40
    let shown = text.unicodeScalars.prefix(limit).map { scalar in
        scalar.properties.isGraphic ? String(scalar) : "\u{FFFD}"
    }
    return "'" + shown.joined() + (text.unicodeScalars.count > limit ? "…" : "") + "'"
}

extension Unicode.Scalar.Properties {
    /// Whether the scalar draws something or a blank: no control, format, separator or unassigned character.
    fileprivate var isGraphic: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
