/// The strings of all tokens, the model's and the added ones.
struct Vocabulary: Sendable {
    /// Ids beyond this are taken for damage: tables as long as the largest id are made.
    static let idLimit = 1 << 24

    /// [id]: the token as the vocabulary writes it; nil where no token has the id.
    private(set) var tokens: [String?] = []
    private(set) var specialIDs: Set<Int32> = []

    mutating func set(_ id: Int, _ token: String) {
        while tokens.count <= id { tokens.append(nil) }
        tokens[id] = token
    }

    mutating func markSpecial(_ id: Int32) { specialIDs.insert(id) }

    subscript(id: Int) -> String? { tokens.indices.contains(id) ? tokens[id] : nil }
}
