import RopewalkTokenizers

extension Document {
    /// The text that tokens spell, with their places in it. Tokens whose bytes are no UTF-8 together are written one by
    /// one, with U+FFFD for what cannot be shown. Without a tokenizer the text is their numbers, with blanks between.
    package init(ids: [Int32], tokenizer: Tokenizer?) throws(DocumentError) {
        guard let tokenizer else {
            let numbers = ids.map { Array("\($0) ".utf8) }
            self.init(
                text: try SourceText(Array(numbers.joined()), name: "tokens"),
                encoding: Encoding(ids: ids, byteLengths: numbers.map(\.count)), tokenizer: nil)
            return
        }
        let parts = ids.map { tokenizer.bytes(of: Int($0)) }
        let isText = String(validating: parts.joined(), as: UTF8.self) != nil
        let shown = isText ? parts : parts.map { Array(String(decoding: $0, as: UTF8.self).utf8) }
        let encoding = Encoding(ids: ids, byteLengths: shown.map(\.count))
        self.init(text: try SourceText(Array(shown.joined()), name: "tokens"), encoding: encoding, tokenizer: tokenizer)
    }
}
