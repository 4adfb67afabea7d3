import Foundation

/// Cuts Chinese into words as `jieba.cut` of jieba 0.42.1 does: the most probable way through a dictionary, and a hidden
/// Markov model for runs of characters that the dictionary leaves alone.
package struct JiebaCutter: Sendable {
    private let dictionary: JiebaDictionary
    private let model: JiebaModel

    package init(_ dictionary: JiebaDictionary, _ model: JiebaModel) {
        self.dictionary = dictionary
        self.model = model
    }

    /// The words in their order; a blank or a mark is a word, and `\r\n` one.
    package func words(_ text: CodePoints) -> [CodePoints] {
        var words: [CodePoints] = []
        var place = 0
        while place < text.count {
            let block = text[place...].prefix(while: Self.isOfBlock)
            if block.isEmpty {
                let isLineEnd = text[place] == "\r" && place + 1 < text.count && text[place + 1] == "\n"
                words.append(CodePoints(text[place..<place + (isLineEnd ? 2 : 1)]))
                place += isLineEnd ? 2 : 1
            } else {
                cut(CodePoints(block), into: &words)
                place = block.endIndex
            }
        }
        return words
    }

    /// What is cut together: ideographs of the basic block, Latin letters, digits, and the marks of numbers and names.
    private static func isOfBlock(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FD5: true
        case 0x2B, 0x23, 0x26, 0x2E, 0x5F, 0x25, 0x2D: true
        default: WordCutter.isLatin(scalar)
        }
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool { (0x4E00...0x9FD5).contains(scalar.value) }

    /// Words of one character in a row are cut anew by the model, unless together they are a word.
    private func cut(_ block: CodePoints, into words: inout [CodePoints]) {
        let ends = dictionary.bestEnds(block)
        var single: CodePoints = []
        func flush() {
            if single.count == 1 {
                words.append(single)
            } else if !single.isEmpty {
                if dictionary.isWord(single) { words += single.map { [$0] } } else { words += model.words(single) }
            }
            single = []
        }
        var place = 0
        while place < block.count {
            let end = ends[place]
            if end - place == 1 {
                single.append(block[place])
            } else {
                flush()
                words.append(CodePoints(block[place..<end]))
            }
            place = end
        }
        flush()
    }
}
