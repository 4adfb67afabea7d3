/// What the reader has written at places of a text.
package struct Notes: Equatable, Sendable {
    package struct Note: Hashable, Sendable {
        /// The place, and the word that stood there: where the text has changed, it is looked for.
        package var byte: Int
        package let word: String
        package let text: String

        package init(byte: Int, word: String, text: String) {
            (self.byte, self.word, self.text) = (byte, word, text)
        }
    }

    /// In the order of the text, one at a place.
    package private(set) var all: [Note] = []
    /// Where they were written to or read from; nil before that.
    package internal(set) var path: String?
    /// Whether they are in no file as they are.
    package internal(set) var isUnsaved = false
    /// Whether it has been said that they would be lost.
    var hasWarned = false

    /// Puts a note at a place; an empty one takes away what is there.
    mutating func put(_ note: Note) {
        all.removeAll { $0.byte == note.byte }
        if !note.text.isEmpty { all.append(note) }
        all.sort { $0.byte < $1.byte }
        (isUnsaved, hasWarned) = (true, false)
    }

    /// Those of a file in place of these.
    mutating func take(_ notes: [Note], path: String) {
        all = notes.sorted { $0.byte < $1.byte }
        self.path = path
        isUnsaved = false
    }

    mutating func move(_ moved: (Int) -> Int) {
        all = all.map {
            var note = $0
            note.byte = moved($0.byte)
            return note
        }
    }

    package func note(at bytes: Range<Int>) -> Note? { all.first { bytes.contains($0.byte) } }

    // MARK: As a file

    /// One a line: byte, word and text, with tabs between.
    package var fileText: String {
        "# notes of ropewalk: byte, word, note\n"
            + all.map { "\($0.byte)\t\(Self.escaped($0.word))\t\(Self.escaped($0.text))\n" }.joined()
    }

    /// Nil where a line is no note; those of an empty file are none.
    package static func read(_ file: String) -> [Note]? {
        var notes: [Note] = []
        for line in file.split(whereSeparator: \.isNewline) where line.first != "#" {
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let byte = Int(parts[0]), byte >= 0 else { return nil }
            notes.append(Note(byte: byte, word: unescaped(parts[1]), text: unescaped(parts[2])))
        }
        return notes
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
            .replacing("\t", with: "\\t")
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(["n": "\n", "r": "\r", "t": "\t"][character] ?? character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
