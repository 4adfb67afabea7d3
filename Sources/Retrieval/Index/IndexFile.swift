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

    /// More chunks are not read: each takes some 60 bytes.
    package static let mostChunks = 4_000_000
    /// SQLite's own limit of a value.
    private static let mostBytes = 1_000_000_000
    private static let vectorsOfRow = 1024

    /// Opens an index; nil where there is none at that path.
    /// - Throws: `RetrievalError` where the file is something else or damaged.
    package init?(contentsOf path: String) throws(RetrievalError) {
        guard access(path, F_OK) == 0 else { return nil }
        database = try Database(path, writes: false)
        settings = try Self.settings(database)
        find = try database.prepare("SELECT postings FROM terms WHERE term = ?")
        try readChunks()
    }

    private static func settings(_ database: Database) throws(RetrievalError) -> IndexSettings {
        var fields: [String: String] = [:]
        let meta: Statement
        do {
            meta = try database.prepare("SELECT key, value FROM meta LIMIT 100")
            while try meta.step() { fields[meta.text(0)] = meta.text(1) }
        } catch {
            guard case .database(let file, let problem) = error else { throw error }
            throw .damaged(file: file, problem: problem)
        }
        guard fields["version"] == "\(IndexSettings.version)", let size = fields["size"].flatMap(Int.init), size > 0,
            let overlap = fields["overlap"].flatMap(Int.init), overlap >= 0
        else { throw .damaged(file: database.path, problem: say("it is of another version")) }
        var sources: [IndexSettings.Source] = []
        let documents = try database.prepare("SELECT path, bytes, digest FROM documents ORDER BY id")
        while try documents.step() {
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
        while try rows.step() {
            let numbers = (0..<7).map { rows.integer(Int32($0)) }
            guard numbers[0] == chunks.count, settings.sources.indices.contains(numbers[1]), numbers[2] >= 0,
                numbers[3] >= numbers[2], numbers[3] <= settings.sources[numbers[1]].bytes, numbers[4] >= 0,
                numbers[5] >= 0, numbers[4] <= Int(Int32.max), numbers[5] <= Int(Int32.max),
                let terms = Int32(exactly: numbers[6]), terms >= 0, chunks.count < Self.mostChunks
            else { throw .damaged(file: database.path, problem: say("chunk \(chunks.count) contradicts its document")) }
            chunks.append(
                Chunk(
                    document: numbers[1], bytes: numbers[2]..<numbers[3], units: numbers[4]..<numbers[4] + numbers[5]))
            lengths.append(terms)
        }
    }

    package func postings(_ term: [UInt8]) throws(RetrievalError) -> Postings? {
        try find.bind([.bytes(term)])
        guard try find.step() else { return nil }
        let bytes = find.bytes(0)
        let count = bytes.count / 8
        let numbers = Self.numbers(bytes)
        guard bytes.count == count * 8, count > 0, count <= chunkCount else { throw damage() }
        let found = Postings(chunks: Array(numbers[..<count]), frequencies: Array(numbers[count...]))
        var last: Int32 = -1
        for (chunk, frequency) in zip(found.chunks, found.frequencies) {
            guard chunk > last, chunk < chunkCount, frequency > 0 else { throw damage() }
            last = chunk
        }
        return found
    }

    private func damage() -> RetrievalError {
        .damaged(file: database.path, problem: say("the postings of a term are no list of chunks"))
    }

    /// The vectors of all chunks; nil where it has none.
    package func vectors() throws(RetrievalError) -> VectorIndex? {
        var numbers: [Float] = []
        let rows = try database.prepare("SELECT numbers FROM vectors ORDER BY first")
        while try rows.step() {
            for bits in Self.numbers(rows.bytes(0)) { numbers.append(Float(bitPattern: UInt32(bitPattern: bits))) }
        }
        guard !numbers.isEmpty else { return nil }
        guard chunkCount > 0, numbers.count % chunkCount == 0, numbers.allSatisfy(\.isFinite) else {
            throw .damaged(file: database.path, problem: say("its vectors are not as many as its chunks"))
        }
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
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
        CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT, bytes INTEGER, digest INTEGER);
        CREATE TABLE chunks (id INTEGER PRIMARY KEY, document INTEGER, first INTEGER, last INTEGER, unit INTEGER,
            units INTEGER, terms INTEGER);
        CREATE TABLE terms (term BLOB PRIMARY KEY, postings BLOB) WITHOUT ROWID;
        CREATE TABLE vectors (first INTEGER PRIMARY KEY, numbers BLOB);

        """

    private static func fill(
        _ database: Database, _ settings: IndexSettings, _ chunks: [Chunk], _ terms: TermIndex,
        _ vectors: VectorIndex?
    ) throws(RetrievalError) {
        let meta = try database.prepare("INSERT INTO meta VALUES (?, ?)")
        for (key, value) in settings.fields { try meta.run([.text(key), .text(value)]) }
        let documents = try database.prepare("INSERT INTO documents VALUES (?, ?, ?, ?)")
        for (id, source) in settings.sources.enumerated() {
            let digest = Int(Int64(bitPattern: source.digest))
            try documents.run([.integer(id), .text(source.path), .integer(source.bytes), .integer(digest)])
        }
        let rows = try database.prepare("INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)")
        for (id, chunk) in chunks.enumerated() {
            let numbers = [
                id, chunk.document, chunk.bytes.lowerBound, chunk.bytes.upperBound, chunk.units.lowerBound,
                chunk.units.count, Int(terms.lengths[id]),
            ]
            try rows.run(numbers.map { .integer($0) })
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
