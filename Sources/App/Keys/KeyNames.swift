import RopewalkCellGrid

/// The names of keys, as the help screen shows them and scripts give them.
package enum KeyNames {
    private static let table: [(name: String, key: Key)] = [
        ("Left", .left), ("Right", .right), ("Up", .up), ("Down", .down), ("Home", .home), ("End", .end),
        ("PageUp", .pageUp), ("PageDown", .pageDown), ("Space", .character(" ")), ("Tab", .tab),
        ("BackTab", .backTab), ("Enter", .enter), ("Escape", .escape), ("Backspace", .backspace),
        ("Delete", .delete), ("Insert", .insert),
    ]

    /// The keys that have a name of their own.
    package static var named: [String] { table.map(\.name) }

    /// The key of a name; nil where there is none.
    package static func key(_ name: String) -> Key? {
        if let entry = table.first(where: { $0.name == name }) { return entry.key }
        if name.count == 1, let character = name.first { return .character(character) }
        if name.hasPrefix("F"), let number = Int(name.dropFirst()), (1...12).contains(number) {
            return .function(number)
        }
        if name.hasPrefix("Ctrl-"), name.count == 6, let letter = name.last?.lowercased().first, letter.isASCII,
            letter.isLetter
        {
            return .control(letter)
        }
        return nil
    }

    /// The name of a key; `key(_:)` gives the key back.
    package static func name(_ key: Key) -> String {
        if let entry = table.first(where: { $0.key == key }) { return entry.name }
        switch key {
        case .character(let character): return String(character)
        case .function(let number): return "F\(number)"
        case .control(let letter): return "Ctrl-" + letter.uppercased()
        default: return ""
        }
    }
}
