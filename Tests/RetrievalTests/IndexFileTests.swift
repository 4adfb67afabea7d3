import Foundation
import TestSupport
import Testing

@testable import RopewalkRetrieval

/// Indexes on disk, and what SQLite's own BM25 says.
struct IndexFileTests {
    private let path = NSTemporaryDirectory() + "ropewalk-index-\(UUID().uuidString).sqlite"

    private static let texts: [[UInt8]] = [
        Array(
            "The old ropewalk stands east of the harbour. Hemp came by the Riga boats; hemp was hackled. 绳廊在港口东边。".utf8),
        Array("Rope, rope and more rope: the walk burned twice, and the bridge was opened. Tar and hemp. 绳子从里加来。".utf8),
    ]

    private static func made() -> (chunks: [Chunk], terms: TermIndex, settings: IndexSettings) {
        var chunks: [Chunk] = []
        for (document, text) in texts.enumerated() {
            for start in stride(from: 0, to: text.count, by: 21) {
                chunks.append(
                    Chunk(document: document, bytes: start..<min(start + 21, text.count), units: start..<start + 1))
            }
        }
        // Chunks of bytes may cut characters; terms are read of whole ones alone.
        chunks = chunks.filter { chunk in String(validating: texts[chunk.document][chunk.bytes], as: UTF8.self) != nil }
        let terms = TermIndex(texts, chunks.map { ($0.document, $0.bytes) })
        let sources = texts.enumerated().map { IndexSettings.Source(path: "text \($0)", $1) }
        return (chunks, terms, IndexSettings(plan: ChunkPlan(size: 21), units: "bytes", vectors: "v", sources: sources))
    }

    private static func string(_ chunk: Chunk) -> String {
        String(decoding: texts[chunk.document][chunk.bytes], as: UTF8.self)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        defer { unlink(path) }
        let (chunks, terms, settings) = Self.made()
        let vectors = try VectorIndex(chunks.indices.map { [Float($0), 1, -0.5] })
        try IndexFile.write(path, settings, chunks: chunks, terms: terms, vectors: vectors)
        let file = try #require(try IndexFile(contentsOf: path))
        #expect(file.settings == settings && file.chunks == chunks && file.lengths == terms.lengths)
        #expect(try file.vectors() == vectors)
        for query in ["rope hemp", "绳廊", "the", "missing", ""] {
            #expect(try file.scores(query) == terms.scores(query), "\(query)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
        #expect(!names.contains { $0.hasPrefix((path as NSString).lastPathComponent + ".") })
    }

    /// On our terms FTS5's BM25 is ours with its idf; a word that is asked for twice counts twice in both.
    @Test(arguments: [
        "rope", "hemp the", "绳廊 rope", "绳 绳廊 rope", "rope hemp rope", "walk bridge tar", "nothing", "", "a\"b c*",
    ]) func fullTextSearchAgreesOnTheSameTerms(query: String) throws {
        let (chunks, terms, _) = Self.made()
        let theirs = try FullTextIndex(chunks.map(Self.string), reading: .terms).scores(query)
        let ours = try terms.scores(query, BM25(rarity: .fts5))
        for (chunk, score) in ours.enumerated() {
            #expect(abs(score - (theirs[chunk] ?? 0)) < 1e-9 * max(1, abs(score)), "chunk \(chunk)")
        }
    }

    /// Its own tokenizer takes a run of ideographs for one word: what it finds of Chinese is something else.
    @Test func fullTextSearchCutsChineseOtherwise() throws {
        let texts = ["绳廊在港口东边", "绳廊 rope", "the rope"]
        let words = try FullTextIndex(texts, reading: .words)
        #expect(try Set(words.scores("绳廊").keys) == [1])
        #expect(try Set(FullTextIndex(texts, reading: .terms).scores("绳廊").keys) == [0, 1])
        #expect(try Set(words.scores("Rope's \"the\"").keys).isSubset(of: [1, 2]))
        #expect(try words.scores("").isEmpty && words.scores("。").isEmpty)
    }

    @Test func thereIsNoIndexAndAFileThatIsNone() throws {
        defer { unlink(path) }
        #expect(try IndexFile(contentsOf: path) == nil)
        for text in [
            "", "no database at all, but a text that is long enough for a header of one hundred bytes, which this is.",
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: RetrievalError.self) { try IndexFile(contentsOf: path) }
            #expect(error?.description.contains("delete it") == true)
        }
        #expect(throws: RetrievalError.self) {
            let (chunks, terms, settings) = Self.made()
            try IndexFile.write("/nowhere/x", settings, chunks: chunks, terms: terms, vectors: nil)
        }
    }

    @Test func damagedFilesAreRefusedOrGiveWhatTheyHave() throws {
        defer { unlink(path) }
        let (chunks, terms, settings) = Self.made()
        let vectors = try VectorIndex(chunks.indices.map { [Float($0), 1] })
        try IndexFile.write(path, settings, chunks: chunks, terms: terms, vectors: vectors)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SmallGenerator(seed: 3)
        var refused = 0
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)) }
            try bytes.write(to: URL(fileURLWithPath: path))
            do throws(RetrievalError) {
                guard let file = try IndexFile(contentsOf: path) else { continue }
                _ = try file.scores("rope hemp the 绳")
                _ = try file.vectors()
            } catch {
                #expect(!error.description.contains("\n"))
                refused += 1
            }
        }
        #expect(refused > 50)
    }

    /// Files whose form is right and whose contents are not: each is refused in one line that names it, and nothing is read beyond the
    /// text, or without bound.
    @Test(arguments: [
        "UPDATE chunks SET last = 1000000 WHERE id = 1", "UPDATE chunks SET first = -5, last = 3 WHERE id = 0",
        "UPDATE chunks SET first = 40, last = 20 WHERE id = 1", "UPDATE chunks SET document = 7 WHERE id = 0",
        "UPDATE chunks SET document = 1 WHERE id = 0", "UPDATE chunks SET units = 9223372036854775807",
        "UPDATE chunks SET unit = 9223372036854775807", "UPDATE chunks SET terms = -1", "UPDATE chunks SET terms = 0",
        "UPDATE chunks SET terms = 9999999999", "UPDATE chunks SET terms = terms + 1 WHERE id = 0",
        "UPDATE chunks SET id = 500 WHERE id = 0", "DELETE FROM chunks", "DELETE FROM chunks WHERE id = 2",
        "UPDATE chunks SET first = 'x', last = zeroblob(9)", "UPDATE documents SET bytes = -1",
        "UPDATE documents SET bytes = 3", "DELETE FROM documents", "DELETE FROM meta",
        "UPDATE meta SET value = '9' WHERE key = 'version'", "UPDATE meta SET value = 'x' WHERE key = 'size'",
        "UPDATE meta SET value = '-4' WHERE key = 'overlap'",
        "UPDATE meta SET value = zeroblob(50000000) WHERE key = 'version'",
        "UPDATE terms SET postings = zeroblob(50000000) WHERE term = x'68656d70'", "UPDATE terms SET postings = x'00'",
        "UPDATE terms SET postings = x'000000000000000000000000'", "UPDATE terms SET postings = x'ffffff7f01000000'",
        "UPDATE terms SET postings = x'00000000ffffff7f'", "UPDATE terms SET postings = x'00000000ffffffff'",
        "UPDATE vectors SET numbers = zeroblob(50000000)", "UPDATE vectors SET numbers = x'0000c07f'",
        "UPDATE vectors SET numbers = x'00'", "DELETE FROM vectors", "INSERT INTO vectors VALUES (1024, x'0000c07f')",
        "UPDATE vectors SET numbers = randomblob(length(numbers))",
        "UPDATE vectors SET numbers = substr(numbers, 1, length(numbers) / 2)", "DROP TABLE vectors", "DROP TABLE meta",
        "DROP TABLE chunks; CREATE VIEW chunks AS WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n) SELECT id, 0 document, 0 first, 0 last, 0 unit, 0 units, 0 terms FROM n",
        "DROP TABLE documents; CREATE VIEW documents AS WITH RECURSIVE n(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM n) SELECT id, 'a' path, 1 bytes, 2 digest FROM n",
        "DROP TABLE terms; CREATE TABLE terms (term, postings, x AS (zeroblob(900000000)))",
    ]) func liesAreRefused(_ lie: String) throws {
        defer { unlink(path) }
        let (chunks, terms, settings) = Self.made()
        let vectors = try VectorIndex(chunks.indices.map { [Float($0), 1] })
        try IndexFile.write(path, settings, chunks: chunks, terms: terms, vectors: vectors)
        do {
            let database = try Database(path, writes: true)
            try database.run("PRAGMA synchronous = OFF; " + lie)
        }
        // Where the texts are others than those that were indexed, an index is made anew: nothing of it is used.
        let error = #expect(throws: RetrievalError.self, "\(lie)") {
            guard let file = try IndexFile(contentsOf: path) else { return }
            guard file.settings == settings else {
                throw RetrievalError.damaged(file: path, problem: "the settings differ")
            }
            _ = try file.scores("rope hemp the 绳")
            _ = try file.vectors()
        }
        #expect(error?.description.contains("\n") == false && error?.description.contains(path) == true)
    }

    /// What an earlier version wrote is made anew without a word.
    @Test func anOlderIndexIsMadeAnew() throws {
        defer { unlink(path) }
        let (chunks, terms, settings) = Self.made()
        try IndexFile.write(path, settings, chunks: chunks, terms: terms, vectors: nil)
        do { try Database(path, writes: true).run("UPDATE meta SET value = '1' WHERE key = 'version'") }
        #expect(try IndexFile(contentsOf: path) == nil)
    }

    @Test func alargeIndexIsOpenedAtOnce() throws {
        defer { unlink(path) }
        let book = Array(try Data(contentsOf: Fixture.project.appendingPathComponent("samples/texts/moby-dick.txt")))
        let chunks = stride(from: 0, to: book.count, by: 300).map {
            Chunk(document: 0, bytes: $0..<min($0 + 300, book.count), units: $0 / 5..<$0 / 5 + 60)
        }
        let terms = TermIndex([book], chunks.map { (0, $0.bytes) })
        let settings = IndexSettings(plan: ChunkPlan(size: 60), sources: [IndexSettings.Source(path: "book", book)])
        let start = ContinuousClock.now
        try IndexFile.write(path, settings, chunks: chunks, terms: terms, vectors: nil)
        let written = ContinuousClock.now
        let file = try #require(try IndexFile(contentsOf: path))
        let opened = ContinuousClock.now
        #expect(try file.scores("white whale") == terms.scores("white whale"))
        #expect(try file.vectors() == nil)
        let end = ContinuousClock.now
        print(
            "PRINT index of 1.2 MB: \(written - start) to write, \(opened - written) to open, \(end - opened) two queries"
        )
        #expect(opened - written < .milliseconds(500))
    }
}
