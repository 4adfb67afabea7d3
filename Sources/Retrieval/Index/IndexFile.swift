import Foundation
import RopewalkFormats
import RopewalkPhrases

/// An index on disk: documents, chunks, terms with their postings, vectors. It is opened at once, for only the chunks are read
/// then; postings are read for the terms of a query.
package final class IndexFile: TermSource {
    package let settings: IndexSettings
    package private(set) var chunks: [Chunk] = []
    package private(set) var lengths: [Int32] = []
    package var chunkCount: Int { chunks.count }
    private let database: Database
    private let find: Statement
    /// What its chunks and vectors must add up to.
    private let sums: IndexSums

    /// More chunks are not read: each takes some 60 bytes.
    package static let mostChunks = 4_000_000
    /// SQLite's own limit of a value.
    private static let mostBytes = 1_000_000_000
    private static let vectorsOfRow = 1024

    /// More numbers of vectors, and longer vectors, are not read.
    private static let mostNumbers = 1 << 30
    private static let widest = 1 << 16

    /// Opens an index; nil where there is none at that path, or one of an older form, which is made anew.
    /// - Throws: `RetrievalError` where the file is something else or damaged.
    package init?(contentsOf path: String) throws(RetrievalError) {
        guard access(path, F_OK) == 0 else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else {
            throw .damaged(file: path, problem: say("there is nothing in it"))
        }
        database = try Database(path, writes: false)
        try Self.checkTables(database)
        let meta = try Self.meta(database)
        if let version = meta["version"].flatMap(Int.init), (1..<IndexSettings.version).contains(version) { return nil }
        settings = try Self.settings(database, meta)
        sums = IndexSums(meta)
        find = try database.prepare("SELECT postings FROM terms WHERE term = ?")
        try readChunks()
    }

    /// What is asked must be the tables that are written here, and nothing that makes rows as they are asked for.
    private static func checkTables(_ database: Database) throws(RetrievalError) {
        var found: [String: String] = [:]
        do {
            let tables = try database.prepare("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL LIMIT 100")
            while try tables.step() { found[tables.text(0)] = onOneLine(tables.text(1)) }
        } catch {
            guard case .database(let file, let problem) = error else { throw error }
            throw .damaged(file: file, problem: problem)
        }
        for (name, columns) in tables where found[name] != "CREATE TABLE \(name) \(columns)" {
            throw .damaged(
                file: database.path,
                problem: found[name] == nil
                    ? say("it has no table '\(name)'") : say("its table '\(name)' is another one than an index has"))
        }
    }

    private static func onOneLine(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func meta(_ database: Database) throws(RetrievalError) -> [String: String] {
        var fields: [String: String] = [:]
        let meta = try database.prepare("SELECT key, value FROM meta LIMIT 100")
        while try meta.step() { fields[meta.text(0)] = meta.text(1) }
        return fields
    }

    private static func settings(
        _ database: Database, _ fields: [String: String]
    ) throws(RetrievalError) -> IndexSettings {
        guard fields["version"] == "\(IndexSettings.version)", let size = fields["size"].flatMap(Int.init), size > 0,
            let overlap = fields["overlap"].flatMap(Int.init), overlap >= 0
        else { throw .damaged(file: database.path, problem: say("it is of another version")) }
        var sources: [IndexSettings.Source] = []
        let documents = try database.prepare("SELECT path, bytes, digest FROM documents ORDER BY id")
        while try documents.step() {
            guard documents.integer(1) >= 0, sources.count < mostChunks else {
                throw .damaged(
                    file: database.path, problem: say("document \(sources.count) has a size that no text has"))
            }
            sources.append(
                IndexSettings.Source(
                    path: documents.text(0), bytes: documents.integer(1),
                    digest: UInt64(bitPattern: Int64(documents.integer(2)))))
        }
        let plan = ChunkPlan(size: size, overlap: overlap, keepsSentences: fields["sentences"] == "true")
        return IndexSettings(
            plan: plan, units: fields["units"] ?? "", vectors: fields["vectors"] ?? "", sources: sources)
    }

    private func readChunks() throws(RetrievalError) {
        let rows = try database.prepare("SELECT id, document, first, last, unit, units, terms FROM chunks ORDER BY id")
        var sum = IndexSums.Sum()
        while try rows.step() {
            let numbers = (0..<7).map { rows.integer(Int32($0)) }
            let last = chunks.last
            let isBehind =
                last.map {
                    numbers[1] > $0.document
                        || numbers[1] == $0.document && numbers[2] >= $0.bytes.lowerBound
                            && numbers[3] >= $0.bytes.upperBound
                } ?? true
            guard numbers[0] == chunks.count, isBehind, settings.sources.indices.contains(numbers[1]), numbers[2] >= 0,
                numbers[3] >= numbers[2], numbers[3] <= settings.sources[numbers[1]].bytes, numbers[4] >= 0,
                numbers[5] >= 0, numbers[4] <= Int(Int32.max), numbers[5] <= settings.plan.size,
                let terms = Int32(exactly: numbers[6]), terms >= 0, chunks.count < Self.mostChunks
            else { throw .damaged(file: database.path, problem: say("chunk \(chunks.count) contradicts its document")) }
            chunks.append(
                Chunk(
                    document: numbers[1], bytes: numbers[2]..<numbers[3], units: numbers[4]..<numbers[4] + numbers[5]))
            lengths.append(terms)
            for number in numbers { sum.add(UInt64(bitPattern: Int64(number))) }
        }
        guard sum.text == sums.chunks else {
            throw .damaged(file: database.path, problem: say("its chunks are not those that were written"))
        }
    }

    package func postings(_ term: [UInt8]) throws(RetrievalError) -> Postings? {
        try find.bind([.bytes(term)])
        guard try find.step() else { return nil }
        // Before it is copied: a value may be as large as SQLite takes it.
        guard find.size(0) <= 8 * chunkCount else { throw damage() }
        let bytes = find.bytes(0)
        let count = bytes.count / 8
        let numbers = Self.numbers(bytes)
        guard bytes.count == count * 8, count > 0, count <= chunkCount else { throw damage() }
        let found = Postings(chunks: Array(numbers[..<count]), frequencies: Array(numbers[count...]))
        var last: Int32 = -1
        for (chunk, frequency) in zip(found.chunks, found.frequencies) {
            guard chunk > last, chunk < chunkCount, frequency > 0, frequency <= lengths[Int(chunk)] else {
                throw damage()
            }
            last = chunk
        }
        return found
    }

    private func damage() -> RetrievalError {
        .damaged(file: database.path, problem: say("the postings of a term are no list of chunks"))
    }

    /// The vectors of all chunks; nil where it has none.
    package func vectors() throws(RetrievalError) -> VectorIndex? {
        func damage() -> RetrievalError {
            .damaged(file: database.path, problem: say("its vectors are not as many as its chunks"))
        }
        var numbers: [Float] = []
        var sum = IndexSums.Sum()
        let most = min(Self.mostNumbers, chunkCount * Self.widest)
        let rows = try database.prepare("SELECT numbers FROM vectors ORDER BY first")
        while try rows.step() {
            guard rows.size(0) > 0, rows.size(0) / 4 <= most - numbers.count else { throw damage() }
            for bits in Self.numbers(rows.bytes(0)) {
                numbers.append(Float(bitPattern: UInt32(bitPattern: bits)))
                sum.add(UInt64(UInt32(bitPattern: bits)))
            }
        }
        guard chunkCount > 0 ? numbers.count % chunkCount == 0 : numbers.isEmpty else { throw damage() }
        guard numbers.allSatisfy({ abs($0) <= 1.001 }), sum.text == sums.vectors else {
            throw .damaged(file: database.path, problem: say("its vectors are not those that were written"))
        }
        guard !numbers.isEmpty else { return nil }
        return VectorIndex(width: numbers.count / chunkCount, numbers: numbers)
    }

    private static func numbers(_ bytes: [UInt8]) -> [Int32] {
        bytes.withUnsafeBytes { raw in
            (0..<bytes.count / 4).map {
                Int32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self))
            }
        }
    }

    // MARK: Making one

    /// Writes an index; the file appears under its name when it is complete.
    package static func write(
        _ path: String, _ settings: IndexSettings, chunks: [Chunk], terms: TermIndex, vectors: VectorIndex?
    ) throws(RetrievalError) {
        let part = path + ".\(UInt32.random(in: .min ... .max)).part"
        do {
            let database = try Database(part, writes: true)
            try database.run(schema)
            try database.run("BEGIN")
            try fill(database, settings, chunks, terms, vectors)
            try database.run("COMMIT")
        } catch {
            remove(part)
            throw error
        }
        guard rename(part, path) == 0 else {
            let reason = String(cString: strerror(errno))
            remove(part)
            throw .database(file: path, problem: reason)
        }
        remove(part)
    }

    /// The file and what SQLite may leave beside it.
    private static func remove(_ part: String) { for name in [part, part + "-journal"] { unlink(name) } }

    private static let schema = """
        PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
        """ + tables.map { "CREATE TABLE \($0.name) \($0.columns);" }.joined()

    private static let tables: [(name: String, columns: String)] = [
        ("meta", "(key TEXT PRIMARY KEY, value TEXT)"),
        ("documents", "(id INTEGER PRIMARY KEY, path TEXT, bytes INTEGER, digest INTEGER)"),
        (
            "chunks",
            "(id INTEGER PRIMARY KEY, document INTEGER, first INTEGER, last INTEGER, unit INTEGER, units INTEGER, "
                + "terms INTEGER)"
        ),
        ("terms", "(term BLOB PRIMARY KEY, postings BLOB) WITHOUT ROWID"),
        ("vectors", "(first INTEGER PRIMARY KEY, numbers BLOB)"),
    ]

    private static func fill(
        _ database: Database, _ settings: IndexSettings, _ chunks: [Chunk], _ terms: TermIndex,
        _ vectors: VectorIndex?
    ) throws(RetrievalError) {
        let meta = try database.prepare("INSERT INTO meta VALUES (?, ?)")
        let sums = IndexSums(chunks, lengths: terms.lengths, vectors: vectors)
        for (key, value) in settings.fields + sums.fields { try meta.run([.text(key), .text(value)]) }
        let documents = try database.prepare("INSERT INTO documents VALUES (?, ?, ?, ?)")
        for (id, source) in settings.sources.enumerated() {
            let digest = Int(Int64(bitPattern: source.digest))
            try documents.run([.integer(id), .text(source.path), .integer(source.bytes), .integer(digest)])
        }
        let rows = try database.prepare("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)")
        for (id, chunk) in chunks.enumerated() {
            try rows.run(IndexSums.numbers(id, chunk, length: terms.lengths[id]).map { .integer($0) })
        }
        let postings = try database.prepare("INSERT INTO terms VALUES (?, ?)")
        try terms.forEach { (term, found) throws(RetrievalError) in
            try postings.run([.bytes(Array(term)), .bytes(bytes(found.chunks + found.frequencies))])
        }
        if let vectors { try fill(database, vectors) }
    }

    private static func fill(_ database: Database, _ vectors: VectorIndex) throws(RetrievalError) {
        let rows = try database.prepare("INSERT INTO vectors VALUES (?, ?)")
        for first in stride(from: 0, to: vectors.count, by: vectorsOfRow) {
            let end = min(first + vectorsOfRow, vectors.count)
            let numbers = vectors.numbers[first * vectors.width..<end * vectors.width]
            try rows.run([.integer(first), .bytes(bytes(numbers.map { Int32(bitPattern: $0.bitPattern) }))])
        }
    }

    private static func bytes(_ numbers: [Int32]) -> [UInt8] {
        numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }
}
