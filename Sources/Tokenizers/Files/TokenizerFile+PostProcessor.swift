import RopewalkFormats
import RopewalkPhrases

extension TokenizerFile {
    func postProcessor(_ vocabulary: Vocabulary) throws(TokenizerError) -> [PostProcessorStep] {
        var steps: [PostProcessorStep] = []
        for part in try parts(root["post_processor"], "post_processor", list: "processors") {
            switch part["type"]?.string {
            case "ByteLevel":
                if part["trim_offsets"]?.bool ?? true { steps.append(trim(part)) }
            case "RobertaProcessing":
                if part["trim_offsets"]?.bool ?? true { steps.append(trim(part)) }
                steps.append(try surround(part, vocabulary))
            case "BertProcessing": steps.append(try surround(part, vocabulary))
            case "TemplateProcessing": steps.append(try template(part, vocabulary))
            default: throw unsupported("post_processor", part)
            }
        }
        // The library then puts the tokens of the second around each of the first too.
        let surrounds = steps.count {
            if case .surround(let before, let after) = $0 { before + after != [] } else { false }
        }
        guard surrounds < 2 else {
            throw .unsupported(
                file: source, component: say("post_processor Sequence with two that put tokens around a text"))
        }
        return steps
    }

    private func trim(_ part: JSONValue) -> PostProcessorStep {
        .trimOffsets(addsPrefixSpace: part["add_prefix_space"]?.bool ?? true)
    }

    private func surround(_ part: JSONValue, _ vocabulary: Vocabulary) throws(TokenizerError) -> PostProcessorStep {
        .surround(
            before: [try special(part["cls"]?.array?.last, vocabulary)],
            after: [try special(part["sep"]?.array?.last, vocabulary)])
    }

    private func template(_ part: JSONValue, _ vocabulary: Vocabulary) throws(TokenizerError) -> PostProcessorStep {
        var sides: [[Int32]] = [[]]
        for item in part["single"]?.array ?? [] {
            if item["Sequence"]?["id"]?.string == "A" {
                sides.append([])
            } else if let name = item["SpecialToken"]?["id"]?.string {
                guard let ids = part["special_tokens"]?[name]?["ids"]?.array else {
                    throw invalid("post_processor TemplateProcessing", say("token \(name.debugDescription) has no ids"))
                }
                for id in ids { sides[sides.count - 1].append(try special(id, vocabulary)) }
            }
        }
        guard sides.count == 2 else {
            throw invalid("post_processor TemplateProcessing", say("the text does not stand once in the template"))
        }
        return .surround(before: sides[0], after: sides[1])
    }

    private func special(_ value: JSONValue?, _ vocabulary: Vocabulary) throws(TokenizerError) -> Int32 {
        guard let id = value?.integer, vocabulary[id] != nil else {
            throw invalid("post_processor", say("names a token that the vocabulary does not have"))
        }
        return Int32(id)
    }
}
