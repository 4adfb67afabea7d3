import RopewalkDocuments
import Testing

@Suite struct OutlineTests {
    private func lines(_ text: String) throws -> [String] {
        let outline = Outline(of: try SourceText(text))
        return outline.entries.map { String(repeating: "-", count: $0.level) + $0.title }
    }

    private static let filler = String(repeating: "Some words of a page. ", count: 20) + "\n\n"

    @Test func ofMarkdown() throws {
        let text = """
            # Title

            \(Self.filler)
            ## First ##

            ```
            # no heading
            ```
            \(Self.filler)
            ### Below
            #hashtag

            """
        #expect(try lines(text) == ["Title", "-First", "--Below"])
        let outline = Outline(of: try SourceText(text))
        let place = try #require(outline.entries.dropFirst().first?.byte)
        #expect(outline.entries[0].byte == 0 && Array(text.utf8)[place..<place + 4] == Array("## F".utf8)[...])
    }

    @Test func ofLaTeX() throws {
        #expect(
            try lines("\\chapter{One}\n\(Self.filler)\\section*{Two \\emph{x}}\n\(Self.filler)\\textbf{no}\n")
                == ["-One", "--Two \\emph{x}"])
    }

    /// The table of contents lists the same headings: they count where the text is.
    @Test func ofBooks() throws {
        let titles = ["CHAPTER 1. Loomings.", "CHAPTER 2. The Carpet-Bag.", "CHAPTER 3. The Inn."]
        let contents = titles.joined(separator: "\n\n")
        let book = "Contents\n\n\(contents)\n\n" + titles.map { "\($0)\n\n" + Self.filler }.joined()
        #expect(try lines(book) == titles.map { "-" + $0 })
        let outline = Outline(of: try SourceText(book))
        #expect(outline.entries.first.map { $0.byte > contents.utf8.count } == true)
        #expect(outline.chapters.count == 3)
        #expect(try lines("\nChapter and verse were quoted.\n\nLetter by letter.\n") == [])
    }

    @Test func ofContracts() throws {
        let text = "\n1. Definitions\n\n\(Self.filler)\n1.1 Term and notice\n\n\(Self.filler)\n1999 Was a good year.\n"
        #expect(try lines(text) == ["-1. Definitions", "--1.1 Term and notice"])
    }

    @Test func ofPrograms() throws {
        let text = """
            class Whale(Animal):
                def __init__(self, name):
                    self.name = name

                async def dive(self):
                    pass

            pub fn swim<T>(x: T) -> T {
            }
            class of people that wrote prose
            """
        #expect(
            try lines(text) == [
                "class Whale(Animal)", "--def __init__(self, name)", "--async def dive(self)",
                "pub fn swim<T>(x: T) -> T",
            ])
    }

    /// What stands again and again behind one another, as constructors of small classes do, is no table of contents.
    @Test func definitionsOfOneNameAreAllThere() throws {
        let program = """
            class A:
                def __init__(self):
                    pass

            class B:
                def __init__(self):
                    pass

            """
        #expect(
            try lines(program) == ["class A", "--def __init__(self)", "class B", "--def __init__(self)"])
    }

    @Test func ofNothing() throws {
        #expect(try lines("") == [] && lines("no headings here, none at all\n") == [])
        // No line of a page, however long the text is.
        #expect(try lines(String(repeating: "# x", count: 100_000)) == [])
    }
}
