import CRopewalkSQLite
import RopewalkPhrases

/// An SQLite database. Not for several threads at once.
final class Database {
    let path: String
    private let handle: OpaquePointer

    /// - Parameter writes: whether it is made where it is not there
    init(_ path: String, writes: Bool) throws(RetrievalError) {
        var opened: OpaquePointer?
        let flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let problem = opened.map(Self.message) ?? String(cString: sqlite3_errstr(code))
            sqlite3_close(opened)
            throw .database(file: path, problem: problem)
        }
        self.path = path
        handle = opened
        csqlite_distrust(handle)
        sqlite3_busy_timeout(handle, 2_000)
    }

    deinit { sqlite3_close(handle) }

    private static func message(_ handle: OpaquePointer) -> String { String(cString: sqlite3_errmsg(handle)) }

    var failure: RetrievalError { .database(file: path, problem: Self.message(handle)) }

    /// Runs statements that give nothing back.
    func run(_ sql: String) throws(RetrievalError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    func prepare(_ sql: String) throws(RetrievalError) -> Statement {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else { throw failure }
        return Statement(statement, of: self)
    }
}

/// A prepared statement.
final class Statement {
    private let handle: OpaquePointer
    private let database: Database

    fileprivate init(_ handle: OpaquePointer, of database: Database) {
        (self.handle, self.database) = (handle, database)
    }

    deinit { sqlite3_finalize(handle) }

    /// Begins anew with other values, in their order.
    func bind(_ values: [Value]) throws(RetrievalError) {
        sqlite3_reset(handle)
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code =
                switch value {
                case .integer(let number): sqlite3_bind_int64(handle, place, sqlite3_int64(number))
                case .text(let text):
                    text.withUnsafeBufferPointer { bytes in
                        bytes.withMemoryRebound(to: CChar.self) {
                            csqlite_bind_text(handle, place, $0.baseAddress, UInt64($0.count))
                        }
                    }
                case .bytes(let bytes):
                    bytes.withUnsafeBytes { csqlite_bind_blob(handle, place, $0.baseAddress, UInt64($0.count)) }
                }
            guard code == SQLITE_OK else { throw database.failure }
        }
    }

    /// Whether there is another row.
    func step() throws(RetrievalError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else { throw database.failure }
        return false
    }

    /// Runs it once.
    func run(_ values: [Value]) throws(RetrievalError) {
        try bind(values)
        _ = try step()
    }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
    func number(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// Bytes of a text or blob.
    func size(_ column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    enum Value {
        case integer(Int)
        case text([UInt8])
        case bytes([UInt8])

        static func text(_ text: String) -> Value { .text(Array(text.utf8)) }
    }
}
