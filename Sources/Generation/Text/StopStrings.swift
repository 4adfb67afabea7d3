import RopewalkPhrases

/// Looks for strings that end a text, in bytes as they come: one may begin in a token and end in another.
package struct StopStrings: Equatable, Sendable {
    private static let most = 64
    private static let longest = 4096

    private let strings: [[UInt8]]
    /// Bytes that may be the beginning of one.
    private var held: [UInt8] = []

    /// - Throws: `GenerationError.setting` for an empty one, for too many, or for one that is too long.
    package init(_ strings: [String]) throws(GenerationError) {
        guard strings.count <= Self.most else {
            throw .setting(
                name: "stop", value: "\(strings.count)", takes: say("at most \(Self.most) strings"))
        }
        for string in strings where string.isEmpty || string.utf8.count > Self.longest {
            throw .setting(
                name: "stop", value: String(string.prefix(40)), takes: say("strings of 1 to \(Self.longest) bytes"))
        }
        self.strings = strings.map { Array($0.utf8) }
    }

    /// Takes the next bytes.
    /// - Returns: bytes that belong to the text whatever comes; of a string that is found, which one it is: the text ends
    ///   before it, and what came behind it is dropped.
    package mutating func append(_ bytes: [UInt8]) -> (text: [UInt8], found: Int?) {
        held += bytes
        return look(isEnd: false)
    }

    /// What was held back, at the end of the text.
    package mutating func finish() -> (text: [UInt8], found: Int?) { look(isEnd: true) }

    private mutating func look(isEnd: Bool) -> (text: [UInt8], found: Int?) {
        for start in held.indices {
            let rest = held[start...]
            if let found = strings.firstIndex(where: { rest.starts(with: $0) }) {
                let text = Array(held[..<start])
                held = []
                return (text, found)
            }
            // The rest may become one of them.
            if !isEnd, strings.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) {
                let text = Array(held[..<start])
                held = Array(rest)
                return (text, nil)
            }
        }
        defer { held = [] }
        return (held, nil)
    }
}
