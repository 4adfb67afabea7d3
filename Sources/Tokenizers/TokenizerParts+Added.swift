extension TokenizerParts {
    /// Adds tokens in their order, as the library does: one that is there gets these properties, one that the vocabulary
    /// has keeps its id, and any other comes after all, whatever id a file states for it.
    mutating func add(_ tokens: [AddedToken]) {
        let tokens = tokens.filter { !$0.content.isEmpty }
        var ids = vocabulary.ids(of: tokens.map(\.content))
        var places = Dictionary(
            addedTokens.enumerated().map { (Array($0.element.content.utf8), $0.offset) }, uniquingKeysWith: { $1 })
        var largest = addedTokens.map { Int($0.id) }.max() ?? -1
        for token in tokens {
            let content = Array(token.content.utf8)
            let id = ids[content] ?? max(largest + 1, modelCount)
            guard id < Vocabulary.idLimit else { continue }
            ids[content] = id
            largest = max(largest, id)
            vocabulary.set(id, token.content)
            if token.isSpecial { vocabulary.markSpecial(Int32(id)) }
            if let place = places[content] {
                addedTokens[place] = token.with(id: Int32(id))
            } else {
                places[content] = addedTokens.count
                addedTokens.append(token.with(id: Int32(id)))
            }
        }
    }

    func id(of token: String) -> Int32? { vocabulary.ids(of: [token]).first.map { Int32($0.value) } }
}

extension Vocabulary {
    /// The ids of those that it has, by their bytes: Swift takes two spellings of one character for the same.
    fileprivate func ids(of contents: [String]) -> [[UInt8]: Int] {
        let wanted = Set(contents.map { Array($0.utf8) })
        let counts = Set(wanted.map(\.count))
        var ids: [[UInt8]: Int] = [:]
        for (id, token) in tokens.enumerated() {
            guard let token, counts.contains(token.utf8.count) else { continue }
            let bytes = Array(token.utf8)
            if wanted.contains(bytes) { ids[bytes] = id }
        }
        return ids
    }
}

extension AddedToken {
    /// The same token under another id.
    func with(id: Int32) -> AddedToken {
        AddedToken(
            id: id, content: content, isSpecial: isSpecial, isSingleWord: isSingleWord, stripsLeft: stripsLeft,
            stripsRight: stripsRight, isNormalized: isNormalized, isInNormalForm: isInNormalForm)
    }
}
