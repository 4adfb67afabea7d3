import RopewalkFormats

extension TokenizerFile {
    func decoder() throws(TokenizerError) -> [DecoderStep] {
        var steps: [DecoderStep] = []
        for part in try parts(root["decoder"], "decoder", list: "decoders") { steps.append(try decoder(part)) }
        return steps
    }

    private func decoder(_ part: JSONValue) throws(TokenizerError) -> DecoderStep {
        switch part["type"]?.string {
        case "ByteLevel": return .byteLevel
        case "ByteFallback": return .byteFallback
        case "Fuse": return .fuse
        case "Replace":
            let content = try string(part, "content", "decoder Replace")
            return .replace(try pattern(part, "decoder Replace"), by: Array(content.utf8))
        case "Strip":
            return .strip(
                try scalar(part, "content", "decoder Strip"), start: part["start"]?.integer ?? 0,
                stop: part["stop"]?.integer ?? 0)
        case "Metaspace":
            return .metaspace(
                try mark(part, "decoder Metaspace"), dropsFirst: try prefix(part, "decoder Metaspace") != .never)
        case "WordPiece":
            return .wordPiece(
                prefix: try string(part, "prefix", "decoder WordPiece", default: "##"),
                cleansUp: part["cleanup"]?.bool ?? true)
        case "BPEDecoder":
            return .wordEnd(suffix: try string(part, "suffix", "decoder BPEDecoder", default: "</w>"))
        case "CTC":
            return .ctc(
                pad: try string(part, "pad_token", "decoder CTC", default: "<pad>"),
                delimiter: try string(part, "word_delimiter_token", "decoder CTC", default: "|"),
                cleansUp: part["cleanup"]?.bool ?? true)
        default: throw unsupported("decoder", part)
        }
    }
}
