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
