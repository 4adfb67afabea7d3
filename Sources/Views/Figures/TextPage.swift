import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens

/// Running text for a page that can be pointed at: the words around the cursor, painted by what it reads, and of each the
/// keys that it reads most.
package struct TextPage: Equatable, Sendable {
    /// What is painted as one: a token, or several that share a character.
    package struct Word: Equatable, Sendable {
        /// Line ends and blanks as they stand there.
        package let text: String
        package let tokens: Range<Int>
        /// Whether the text has nothing of it, as of what a tokenizer adds.
        package let isAdded: Bool
    }

    /// A key of a query with its weight.
    package struct Key: Equatable, Sendable {
        package let token: Int
        package let weight: Float

        package init(token: Int, weight: Float) { (self.token, self.weight) = (token, weight) }
    }

    /// Tokens on a page at most, and keys of each.
    package static let mostTokens = 400
    package static let mostKeys = 8

    package var title: String
    package let words: [Word]
    package let cursor: Int
    /// Of the cursor, and where each stands in the scale, 0 to 1. [token of the page]
    package let weights: [Float]
    package let levels: [Float]
    /// What the colours stand for.
    package let bar: FigureBar
    /// The strongest first. [token of the page][key]
    package let rows: [[Key]]
    /// Of keys that are not on the page.
    package let names: [Int: String]
    package var remarks: [String]
    package var facts: [String] = []
    package var map: ColourMap

    /// Its tokens in the text.
    package var tokens: Range<Int> {
        (words.first?.tokens.lowerBound ?? 0)..<(words.last?.tokens.upperBound ?? 0)
    }

    package init(
        title: String, words: [Word], cursor: Int, weights: [Float], levels: [Float], bar: FigureBar,
        rows: [[Key]], names: [Int: String], remarks: [String], map: ColourMap
    ) {
        (self.title, self.words, self.cursor, self.weights, self.levels) = (title, words, cursor, weights, levels)
        self.bar = bar
        (self.rows, self.names, self.remarks, self.map) = (rows, names, remarks, map)
    }

    /// The words of some tokens: those that share a character are one.
    package static func words(of document: Document, _ tokens: Range<Int>) -> [Word] {
        var words: [Word] = []
        var first = tokens.lowerBound
        while first < tokens.upperBound {
            var next = first + 1
            if let part = document.characterPart(ofToken: first) {
                next = min(tokens.upperBound, max(next, first + part.parts - part.part + 1))
            }
            let bytes = document.byteRange(ofToken: first).lowerBound..<document.byteRange(ofToken: next - 1).upperBound
            let isAdded = bytes.isEmpty
            words.append(
                Word(
                    text: isAdded ? document.displayName(ofToken: first) : document.text.string(bytes),
                    tokens: first..<next, isAdded: isAdded))
            first = next
        }
        return words
    }
}
