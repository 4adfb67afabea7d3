/// SQLite's full-text search (FTS5) over the same chunks, in memory, to hold our BM25 against.
///
/// Its own tokenizer takes a run of ideographs for one word, so that a question finds such a text only where it has the whole run.
/// Both readings are there: our terms, where only the arithmetic is compared, and its own words.
package final class FullTextIndex {
    /// What a chunk is cut into.
    package enum Reading: Equatable, Sendable {
        /// Our terms, with blanks between them; FTS5 cuts at these and lowers nothing but A to Z.
        case terms
        /// `unicode61`, FTS5's default: without regard to accents.
        case words
    }

    private let database: Database
    private let find: Statement
    private let reading: Reading

    /// - Parameters:
    ///   - texts: of the chunks, in their order
    ///   - reading: how they are cut into what is counted
    package init(_ texts: some Sequence<String>, reading: Reading) throws(RetrievalError) {
        self.reading = reading
        database = try Database(":memory:", writes: true)
        let tokenizer = reading == .terms ? "ascii" : "unicode61"
        try database.run(
            "CREATE VIRTUAL TABLE full_text USING fts5(text, content = '', tokenize = '\(tokenizer)'); BEGIN")
        let rows = try database.prepare("INSERT INTO full_text (rowid, text) VALUES (?, ?)")
        for (chunk, text) in texts.enumerated() {
            let bytes = reading == .terms ? Array(TermReader.terms(text).joined(separator: [0x20])) : Array(text.utf8)
            try rows.run([.integer(chunk + 1), .text(bytes)])
        }
        try database.run("COMMIT")
        find = try database.prepare("SELECT rowid, bm25(full_text) FROM full_text WHERE full_text MATCH ?")
    }

    /// FTS5's BM25 of the chunks that have a word of a question, by their numbers; higher is better, as with ours.
    ///
    /// A word that the question has twice counts twice, as in ours: FTS5 adds up what is asked for, phrase by phrase.
    package func scores(_ query: String) throws(RetrievalError) -> [Int: Double] {
        let phrases =
            switch reading {
            case .terms: TermReader.terms(query).map { String(decoding: $0, as: UTF8.self) }
            case .words: query.split(whereSeparator: \.isWhitespace).map(String.init)
            }
        guard !phrases.isEmpty else { return [:] }
        // A quote within a phrase is written twice.
        let quoted = phrases.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
        try find.bind([.text(quoted.joined(separator: " OR "))])
        var scores: [Int: Double] = [:]
        while try find.step() { scores[find.integer(0) - 1] = -find.number(1) }
        return scores
    }
}
