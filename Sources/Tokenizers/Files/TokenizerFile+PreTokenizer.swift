import RopewalkFormats
import RopewalkPhrases

extension TokenizerFile {
    struct PreTokenizer {
        var steps: [PreTokenizerStep] = []
        var isByteLevel = false
        /// Whether the text itself becomes letters of the byte alphabet, because a step needs to see them.
        var writesLetters = false
    }

    func preTokenizer() throws(TokenizerError) -> PreTokenizer {
        var result = PreTokenizer()
        result.writesLetters = try parts(root["normalizer"], "normalizer", list: "normalizers")
            .contains { $0["type"]?.string == "ByteLevel" }
        result.isByteLevel = result.writesLetters
        let parts = try parts(root["pre_tokenizer"], "pre_tokenizer", list: "pretokenizers")
        for (index, part) in parts.enumerated() {
            guard part["type"]?.string == "ByteLevel" else {
                result.steps += try preTokenizer(part)
                continue
            }
            if result.isByteLevel { throw invalid("pre_tokenizer", say("has ByteLevel twice")) }
            result.isByteLevel = true
            if part["add_prefix_space"]?.bool ?? true { result.steps.append(.prefixSpace) }
            if part["use_regex"]?.bool ?? true {
                result.steps.append(.split(try rule(WordPatterns.gpt2)))
            }
            // The model reads bytes as they are, unless what follows here looks at the letters.
            if index + 1 < parts.count {
                result.writesLetters = true
                result.steps.append(.byteLetters)
            }
        }
        return result
    }

    private func rule(_ pattern: String) throws(TokenizerError) -> SplitRule {
        SplitRule(pattern: .regex(try Pattern(pattern, file: source)), behavior: .isolated)
    }

    private func preTokenizer(_ part: JSONValue) throws(TokenizerError) -> [PreTokenizerStep] {
        func characters(_ characters: CharacterClass, _ behavior: SplitRule.Behavior) -> PreTokenizerStep {
            .split(SplitRule(pattern: .characters(characters), behavior: behavior))
        }
        switch part["type"]?.string {
        case "Split":
            return [
                .split(
                    SplitRule(
                        pattern: try pattern(part, "pre_tokenizer Split"), behavior: try behavior(part, "Split"),
                        isInverted: part["invert"]?.bool ?? false))
            ]
        case "Digits":
            return [characters(.number, part["individual_digits"]?.bool ?? false ? .isolated : .contiguous)]
        case "Punctuation":
            return [characters(.punctuation, part["behavior"] == nil ? .isolated : try behavior(part, "Punctuation"))]
        case "Whitespace": return [.split(SplitRule(pattern: .words, behavior: .removed, isInverted: true))]
        case "WhitespaceSplit": return [characters(.space, .removed)]
        case "BertPreTokenizer": return [characters(.space, .removed), characters(.punctuation, .isolated)]
        case "CharDelimiterSplit":
            return [characters(.one(try scalar(part, "delimiter", "pre_tokenizer CharDelimiterSplit")), .removed)]
        case "Metaspace": return try metaspace(part)
        default: throw unsupported("pre_tokenizer", part)
        }
    }

    private func behavior(_ part: JSONValue, _ type: String) throws(TokenizerError) -> SplitRule.Behavior {
        guard let behavior = part["behavior"]?.string.flatMap(SplitRule.Behavior.init(rawValue:)) else {
            throw invalid("pre_tokenizer \(type)", say("has no known behavior"))
        }
        return behavior
    }

    private func metaspace(_ part: JSONValue) throws(TokenizerError) -> [PreTokenizerStep] {
        let mark = Array(String(try mark(part, "pre_tokenizer Metaspace")).utf8)
        let step = PreTokenizerStep.metaspace(mark: mark, try prefix(part, "pre_tokenizer Metaspace"))
        guard part["split"]?.bool ?? true else { return [step] }
        return [step, .split(SplitRule(pattern: .literal(mark), behavior: .mergedWithNext))]
    }

    func mark(_ part: JSONValue, _ component: String) throws(TokenizerError) -> Unicode.Scalar {
        part["replacement"] == nil ? "\u{2581}" : try scalar(part, "replacement", component)
    }

    /// Older files have `add_prefix_space`.
    func prefix(_ part: JSONValue, _ component: String) throws(TokenizerError) -> MetaspacePrefix {
        guard let scheme = present(part["prepend_scheme"]) else {
            return part["add_prefix_space"]?.bool ?? true ? .always : .never
        }
        guard let prefix = scheme.string.flatMap(MetaspacePrefix.init(rawValue:)) else {
            throw invalid(component, say("has no known prepend_scheme"))
        }
        return prefix
    }

    func scalar(_ part: JSONValue, _ key: String, _ component: String) throws(TokenizerError) -> Unicode.Scalar {
        let scalars = try string(part, key, component).unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else {
            throw invalid(component, say("\(key) is no character"))
        }
        return first
    }
}
