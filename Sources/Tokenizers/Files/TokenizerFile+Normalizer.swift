import Foundation
import RopewalkFormats
import RopewalkPhrases

extension TokenizerFile {
    func normalizer() throws(TokenizerError) -> [NormalizerStep] {
        var steps: [NormalizerStep] = []
        for part in try parts(root["normalizer"], "normalizer", list: "normalizers") {
            steps += try normalizer(part)
        }
        return steps
    }

    private func normalizer(_ part: JSONValue) throws(TokenizerError) -> [NormalizerStep] {
        let type = part["type"]?.string ?? ""
        if let form = UnicodeNormalization.Form(rawValue: type) { return [.unicode(form)] }
        switch type {
        case "Lowercase": return [.lowercase]
        case "StripAccents": return [.remove(.mark)]
        case "Strip":
            return [.strip(left: part["strip_left"]?.bool ?? true, right: part["strip_right"]?.bool ?? true)]
        case "Prepend": return [.prepend(Array(try string(part, "prepend", "normalizer Prepend").utf8))]
        case "Replace":
            let content = try string(part, "content", "normalizer Replace")
            return [.replace(try pattern(part, "normalizer Replace"), by: Array(content.utf8))]
        case "BertNormalizer": return bert(part)
        case "Nmt": return [.cleanFormats]
        case "Precompiled": return try precompiled(part)
        case "ByteLevel": return [.byteLetters]
        default: throw unsupported("normalizer", part)
        }
    }

    private func bert(_ part: JSONValue) -> [NormalizerStep] {
        let lowers = part["lowercase"]?.bool ?? true
        var steps: [NormalizerStep] = []
        if part["clean_text"]?.bool ?? true { steps.append(.cleanControls) }
        if part["handle_chinese_chars"]?.bool ?? true { steps.append(.surroundIdeographs) }
        if present(part["strip_accents"])?.bool ?? lowers {
            steps += [.unicode(.canonicalDecomposition), .remove(.nonspacingMark)]
        }
        if lowers { steps.append(.lowercase) }
        return steps
    }

    private func precompiled(_ part: JSONValue) throws(TokenizerError) -> [NormalizerStep] {
        // Files of models without rules leave the map empty.
        guard let text = present(part["precompiled_charsmap"])?.string, !text.isEmpty else { return [] }
        guard let blob = Data(base64Encoded: text), let map = CharacterMap([UInt8](blob)) else {
            throw invalid("normalizer Precompiled", say("precompiled_charsmap is damaged"))
        }
        return [.precompiled(map)]
    }
}
