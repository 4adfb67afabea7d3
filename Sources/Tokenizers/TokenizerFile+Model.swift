import Formats

extension TokenizerFile {
    func model(into vocabulary: inout Vocabulary) throws(TokenizerError) -> BytePairModel {
        guard let model = present(modelValue) else { throw invalid("model", "is missing") }
        // Old files leave the type out; then the merges tell.
        let type = model["type"]?.string ?? (model["merges"] == nil ? "without a type" : "BPE")
        guard type == "BPE" else { throw unsupported("model", model) }
        try checkOptions(model)
        guard let members = model["vocab"]?.members else { throw invalid("model", "vocab is no object") }
        var ids = ByteStringTable(capacity: members.count)
        for member in members {
            guard let id = member.value.integer, isID(id) else {
                throw invalid("model vocab", "\(member.key.debugDescription) has no possible id")
            }
            ids.insert(member.key.utf8, Int32(id))
            vocabulary.set(id, member.key)
        }
        let byteTokens = ByteAlphabet.letters.map { ids.find(String($0).utf8) ?? -1 }
        if model["byte_fallback"]?.bool == true, byteTokens.contains(-1) {
            throw invalid("model", "byte_fallback is not supported where a byte has no token")
        }
        return BytePairModel(
            byteTokens: byteTokens, merges: try merges(model, ids),
            wholeWords: model["ignore_merges"]?.bool == true ? wholeWords(members) : nil,
            unknown: try unknown(model, ids), fusesUnknown: model["fuse_unk"]?.bool ?? false)
    }

    private func checkOptions(_ model: JSONValue) throws(TokenizerError) {
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let value = present(model[option]), value.string != "" {
                throw invalid("model", "\(option) is not supported")
            }
        }
        if let dropout = present(model["dropout"]), dropout.number != 0 {
            throw invalid("model", "dropout is not supported")
        }
    }

    private func unknown(_ model: JSONValue, _ ids: ByteStringTable) throws(TokenizerError) -> Int32? {
        guard let name = present(model["unk_token"])?.string else { return nil }
        guard let id = ids.find(name.utf8) else { throw invalid("model", "unk_token is not in the vocabulary") }
        return id
    }

    private func wholeWords(_ members: [JSONValue.Member]) -> ByteStringTable {
        var words = ByteStringTable(capacity: members.count)
        for member in members {
            guard let id = member.value.integer, let bytes = ByteAlphabet.decode(member.key.unicodeScalars) else {
                continue
            }
            words.insert(bytes, Int32(id))
        }
        return words
    }

    private func merges(_ model: JSONValue, _ ids: ByteStringTable) throws(TokenizerError) -> MergeTable {
        guard let values = model["merges"]?.array else { throw invalid("model", "merges are no list") }
        var table = MergeTable(capacity: values.count)
        for (rank, value) in values.enumerated() {
            guard let (left, right) = pair(value) else {
                throw invalid("model merges", "entry \(rank) is no pair of tokens")
            }
            guard let first = ids.find(left), let second = ids.find(right), let token = ids.find(left + right) else {
                throw invalid(
                    "model merges", "entry \(rank) has a token, or makes one, that is not in the vocabulary")
            }
            table.insert(first, second, .init(rank: UInt32(rank), token: token))
        }
        return table
    }

    /// `"a b"` or `["a", "b"]`.
    private func pair(_ value: JSONValue) -> (left: [UInt8], right: [UInt8])? {
        if let text = value.string {
            let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
        }
        guard let parts = value.array, parts.count == 2, let left = parts[0].string, let right = parts[1].string else {
            return nil
        }
        return (Array(left.utf8), Array(right.utf8))
    }
}
