/// The messages of a PO file (GNU gettext): what `msgid` and `msgstr` say; a message without text is left out, and so is
/// the head of a file, whose `msgid` is empty.
struct PortableObject {
    private(set) var messages: [(id: String, text: String)] = []
    private var id = ""
    private var text: String?

    init(_ file: String) {
        for line in file.utf8.split(separator: UInt8(ascii: "\n")).map({ Substring($0) }) { read(line) }
        flush()
    }

    private mutating func read(_ line: Substring) {
        if line.hasPrefix("msgid ") {
            flush()
            id = Self.quoted(line)
        } else if line.hasPrefix("msgstr ") {
            text = Self.quoted(line)
        } else if line.hasPrefix("\"") {
            if text == nil { id += Self.quoted(line) } else { text? += Self.quoted(line) }
        }
    }

    private mutating func flush() {
        if let text, !id.isEmpty, !text.isEmpty { messages.append((id: id, text: text)) }
        (id, text) = ("", nil)
    }

    private static let escaped: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t"]

    /// What stands between the first and the last quote of a line.
    private static func quoted(_ line: Substring) -> String {
        guard let first = line.firstIndex(of: "\""), let last = line.lastIndex(of: "\""), first < last else {
            return ""
        }
        let inside = line[line.index(after: first)..<last]
        guard inside.utf8.contains(UInt8(ascii: "\\")) else { return String(inside) }
        var text = ""
        var isEscaped = false
        for character in inside {
            if isEscaped {
                text.append(Self.escaped[character] ?? character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
