import RopewalkTokenizers

/// The headings of a text and the definitions of a program, in order.
package struct Outline: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        /// Where its line begins, without blanks.
        package let byte: Int
        /// 0 for the highest.
        package let level: Int
        package let title: String
        /// Of a program: no table of contents lists it.
        var isDefinition = false
    }

    package let entries: [Entry]

    package init(entries: [Entry] = []) { self.entries = entries }

    /// More are not collected.
    static let mostEntries = 20_000

    /// What counts as a chapter: the entries of the level that has most, of the two highest that there are.
    package var chapters: [Entry] {
        let levels = Set(entries.map(\.level)).sorted().prefix(2)
        let counted = levels.map { level in entries.filter { $0.level == level } }
        return counted.max { $0.count < $1.count } ?? []
    }

    /// The headings of Markdown, LaTeX, books and contracts, and definitions with their indentation.
    package init(of text: SourceText) {
        var scanner = OutlineScanner()
        var line = 0
        while line < text.lineCount, scanner.entries.count < Self.mostEntries {
            let bytes = text.bytes(ofLine: line)
            // A line of a page is no heading.
            if bytes.count <= OutlineScanner.longestLine {
                scanner.take(text.bytes[bytes])
            } else {
                scanner.takeLongLine()
            }
            line += 1
        }
        entries = Self.withoutContents(scanner.entries, end: text.bytes.count)
    }

    /// A table of contents lists headings with nothing between them: those are left out.
    private static func withoutContents(_ entries: [Entry], end: Int) -> [Entry] {
        let isListed = entries.indices.map { index in
            let next = index + 1 < entries.count ? entries[index + 1].byte : end
            return next - entries[index].byte < entries[index].title.utf8.count + 40
        }
        var last: [String: Int] = [:]
        for (index, entry) in entries.enumerated() { last[entry.title] = index }
        return entries.indices.filter { index in
            guard !entries[index].isDefinition, isListed[index] || index > 0 && isListed[index - 1] else { return true }
            // Its heading comes again, where the text is.
            return last[entries[index].title] == index
        }.map { entries[$0] }
    }
}

/// Looks at a text line by line.
private struct OutlineScanner {
    static let longestLine = 240

    var entries: [Outline.Entry] = []
    private var isInFence = false
    private var followsEmptyLine = true

    mutating func takeLongLine() { followsEmptyLine = false }

    mutating func take(_ line: ArraySlice<UInt8>) {
        let text = String(decoding: line, as: UTF8.self)
        let start = text.prefix { $0 == " " || $0 == "\t" }
        let content = text.dropFirst(start.count).trimmed
        defer { followsEmptyLine = content.isEmpty }
        if content.hasPrefix("```") || content.hasPrefix("~~~") { isInFence.toggle() }
        guard !isInFence, !content.isEmpty else { return }
        let indentation = start.reduce(0) { $0 + ($1 == "\t" ? 4 : 1) }
        guard let found = Self.heading(content, indentation: indentation, followsEmptyLine: followsEmptyLine) else {
            return
        }
        entries.append(
            Outline.Entry(
                byte: line.startIndex + start.utf8.count, level: found.level, title: found.title,
                isDefinition: found.isDefinition))
    }

    private typealias Found = (level: Int, title: String, isDefinition: Bool)

    private static func heading(_ line: Substring, indentation: Int, followsEmptyLine: Bool) -> Found? {
        if indentation < 4, let found = markdown(line) ?? latex(line) { return found }
        if indentation < 4, followsEmptyLine, let found = chapter(line) ?? numbered(line) { return found }
        return definition(line, indentation: indentation)
    }

    /// `## Title ##`
    private static func markdown(_ line: Substring) -> Found? {
        let marks = line.prefix { $0 == "#" }.count
        guard (1...6).contains(marks), line.dropFirst(marks).first == " " else { return nil }
        var title = line.dropFirst(marks).trimmed
        while title.last == "#" { title = title.dropLast() }
        return title.isEmpty ? nil : (marks - 1, String(title.trimmed), false)
    }

    private static let latexLevels = [
        "part": 0, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5,
    ]

    /// `\section*{Title}`
    private static func latex(_ line: Substring) -> Found? {
        guard line.first == "\\" else { return nil }
        let name = line.dropFirst().prefix { $0.isLetter }
        guard let level = latexLevels[String(name)], let open = line.firstIndex(of: "{") else { return nil }
        let rest = line[line.index(after: open)...]
        let title = rest.prefix(upTo: rest.lastIndex(of: "}") ?? rest.endIndex)
        return title.isEmpty ? nil : (level, String(title), false)
    }

    /// What books call their parts, from the highest on.
    private static let parts: [Set<String>] = [
        ["part", "book", "volume", "teil", "buch", "partie", "livre", "act"],
        [
            "chapter", "kapitel", "chapitre", "article", "artikel", "section", "letter", "stave", "scene", "epilogue",
            "prologue", "preface", "introduction", "conclusion", "appendix", "§",
        ],
    ]

    /// `CHAPTER 3. The Spouter-Inn`, `Article IV`: the word, then a number, or nothing else.
    private static func chapter(_ line: Substring) -> Found? {
        guard line.count <= 100 else { return nil }
        let words = line.split(separator: " ", maxSplits: 2)
        guard let first = words.first, first.first?.isUppercase == true || first == "§" else { return nil }
        let name = first.lowercased().filter { $0.isLetter || $0 == "§" }
        guard let level = parts.firstIndex(where: { $0.contains(name) }) else { return nil }
        guard words.count > 1 else { return first.count > 4 ? (level, String(line), false) : nil }
        let number = words[1].filter { $0.isLetter || $0.isNumber }
        let isNumber =
            !number.isEmpty && (number.allSatisfy(\.isNumber) || number.allSatisfy { "IVXLCDMivxlcdm".contains($0) })
        return isNumber ? (level, String(line), false) : nil
    }

    /// `2.1 Term and notice`: a short line by itself that ends like no sentence.
    private static func numbered(_ line: Substring) -> Found? {
        let number = line.prefix { $0.isNumber || $0 == "." }
        guard line.count <= 72, number.first?.isNumber == true, number.count <= 8, line.last != ".", line.last != ",",
            line.dropFirst(number.count).first == " ", line.dropFirst(number.count + 1).first?.isUppercase == true
        else { return nil }
        return (number.split(separator: ".").count, String(line), false)
    }

    private static let modifiers: Set<Substring> = [
        "public", "private", "protected", "internal", "package", "fileprivate", "open", "static", "final", "abstract",
        "async", "export", "default", "pub", "unsafe", "const", "inline", "virtual", "override", "mutating", "indirect",
        "nonisolated", "extern", "sealed", "partial",
    ]
    private static let definers: Set<Substring> = [
        "def", "class", "func", "fn", "function", "struct", "enum", "interface", "impl", "extension", "protocol",
        "trait",
        "module", "namespace", "actor", "union", "macro", "sub",
    ]

    /// `def name(`, `class Name:`, `pub fn name<T>(`: what defines something opens a bracket or ends with a colon.
    private static func definition(_ line: Substring, indentation: Int) -> Found? {
        let words = line.split(separator: " ", maxSplits: 8)
        guard let place = words.firstIndex(where: { !modifiers.contains($0) && !$0.hasPrefix("@") }),
            definers.contains(words[place]), place + 1 < words.count,
            words[place + 1].first.map({ $0.isLetter || $0 == "_" || $0 == "<" }) == true,
            line.contains("(") || line.hasSuffix("{") || line.hasSuffix(":") || line.hasSuffix("}")
        else { return nil }
        let title = line.hasSuffix("{") || line.hasSuffix(":") ? line.dropLast().trimmed : line
        return (min(indentation / 2, 12), String(title), true)
    }
}

extension Substring {
    /// Without blanks and line ends at both ends.
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
