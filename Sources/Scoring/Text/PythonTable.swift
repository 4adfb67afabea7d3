import Foundation
import RopewalkPhrases

/// A table that a Python file writes as one value: `P={'name': number, ...}` or with a table of numbers for each name.
struct PythonTable {
    enum Value: Equatable {
        case number(Double)
        case row([(key: String, value: Double)])

        static func == (a: Value, b: Value) -> Bool {
            switch (a, b) {
            case (.number(let x), .number(let y)): x == y
            case (.row(let x), .row(let y)): x.elementsEqual(y) { $0.key == $1.key && $0.value == $1.value }
            default: false
            }
        }
    }

    private(set) var rows: [String: Value] = [:]
    private let bytes: [UInt8]
    private let source: String
    private var place = 0

    init(_ data: Data, source: String) throws(ScoringError) {
        bytes = [UInt8](data)
        self.source = source
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { throw failure(say("a table is expected")) }
        place = start + 1
        while true {
            skip()
            if take("}") { return }
            let name = try text()
            skip()
            guard take(":") else { throw failure(say("a colon is expected")) }
            skip()
            rows[name] = take("{") ? .row(try row()) : .number(try number())
            skip()
            if !take(",") {
                guard take("}") else { throw failure(say("a comma or the end of the table is expected")) }
                return
            }
        }
    }

    private mutating func row() throws(ScoringError) -> [(key: String, value: Double)] {
        var row: [(key: String, value: Double)] = []
        while true {
            skip()
            if take("}") { return row }
            let name = try text()
            skip()
            guard take(":") else { throw failure(say("a colon is expected")) }
            skip()
            row.append((name, try number()))
            skip()
            if !take(",") {
                guard take("}") else { throw failure(say("a comma or the end of the table is expected")) }
                return row
            }
        }
    }

    private mutating func text() throws(ScoringError) -> String {
        if place < bytes.count, bytes[place] == UInt8(ascii: "u") { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\"") else {
            throw failure(say("a name in quotes is expected"))
        }
        let quote = bytes[place]
        place += 1
        var name: [UInt8] = []
        while place < bytes.count, bytes[place] != quote {
            if bytes[place] == UInt8(ascii: "\\") {
                guard place + 6 <= bytes.count, bytes[place + 1] == UInt8(ascii: "u"),
                    let code = UInt32(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16),
                    let scalar = Unicode.Scalar(code)
                else { throw failure(say("an unknown escape in a name")) }
                name += Array(Character(scalar).utf8)
                place += 6
            } else {
                name.append(bytes[place])
                place += 1
            }
        }
        guard place < bytes.count, let text = String(validating: name, as: UTF8.self) else {
            throw failure(say("a name has no end"))
        }
        place += 1
        return text
    }

    private mutating func number() throws(ScoringError) -> Double {
        let start = place
        while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
        guard let value = Double(String(decoding: bytes[start..<place], as: UTF8.self)) else {
            throw failure(say("a number is expected"))
        }
        return value
    }

    private mutating func skip() {
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard place < bytes.count, UInt32(bytes[place]) == mark.value else { return false }
        place += 1
        return true
    }

    private func failure(_ problem: String) -> ScoringError {
        .line(file: source, line: 1 + bytes[..<min(place, bytes.count)].count { $0 == 0x0A }, problem: problem)
    }
}
