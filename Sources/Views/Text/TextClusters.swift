import RopewalkCellGrid

/// One character of a row: its bytes and its cells.
struct TextCluster {
    var bytes: Range<Int>
    var column: Int
    /// 0 for line breaks and marks without a base.
    var width: Int
    /// A line break that ends the row.
    var isBreak = false
    var isBlank = false
    var isTab = false
    var mayBreakBefore = false
    var mayBreakAfter = false
    /// Closing punctuation of Chinese and Japanese, which begins no row; opening, which ends none.
    var isClosing = false
    var isOpening = false
}

/// Walks over the characters of a stretch of text and counts columns, tabs and wide characters right.
///
/// Plain letters and Chinese are told apart by their bytes; only what is left is looked up.
struct TextClusters {
    /// Columns between tab stops.
    static let tab = 4
    /// The longest character that is kept whole, in bytes; without a bound a text of marks only would be one character.
    private static let longest = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let paragraphs: Paragraphs
    private var place: Int
    /// After the last character.
    private(set) var column = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, paragraphs: Paragraphs) {
        self.bytes = bytes
        self.paragraphs = paragraphs
        place = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> TextCluster? {
        guard place < end else { return nil }
        let first = bytes[place]
        var cluster = TextCluster(bytes: place..<place + 1, column: column, width: 1)
        if first < 0x80, place + 1 >= end || bytes[place + 1] < 0x80 {
            describe(ascii: first, &cluster)
        } else if Self.isIdeograph(bytes, place, end) {
            cluster.bytes = place..<place + 3
            cluster.width = 2
            (cluster.mayBreakBefore, cluster.mayBreakAfter) = (true, true)
        } else {
            lookUp(&cluster)
        }
        place = cluster.bytes.upperBound
        column += cluster.width
        return cluster
    }

    private func describe(ascii byte: UInt8, _ cluster: inout TextCluster) {
        switch byte {
        case 0x20: (cluster.isBlank, cluster.mayBreakAfter) = (true, true)
        case 0x2D: cluster.mayBreakAfter = true
        case 0x09:
            (cluster.isTab, cluster.isBlank, cluster.mayBreakAfter) = (true, true, true)
            cluster.width = Self.tab - column % Self.tab
        case 0x0D where place + 1 < end && bytes[place + 1] == 0x0A:
            cluster.bytes = place..<place + 2
            (cluster.isBreak, cluster.width) = (true, 0)
        case 0x0A:
            if paragraphs.isSoft(lineBreakAt: place) {
                (cluster.isBlank, cluster.mayBreakAfter) = (true, true)
            } else {
                (cluster.isBreak, cluster.width) = (true, 0)
            }
        default: break
        }
    }

    /// A common ideograph that is followed by something that cannot be a mark on it.
    private static func isIdeograph(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ end: Int) -> Bool {
        guard (0xE4...0xE9).contains(bytes[place]), place + 3 <= end else { return false }
        // U+4DC0 to U+4DFF are the hexagrams, which terminals draw differently.
        if bytes[place] == 0xE4, bytes[place + 1] < 0xB8 { return false }
        guard place + 3 < end else { return true }
        let next = bytes[place + 3]
        return next < 0x80 || (0xE4...0xE9).contains(next)
    }

    private func lookUp(_ cluster: inout TextCluster) {
        var limit = min(end, place + Self.longest)
        while limit < end, limit > place + 1, bytes[limit] & 0xC0 == 0x80 { limit -= 1 }
        let slice = String(decoding: UnsafeBufferPointer(rebasing: bytes[place..<limit]), as: UTF8.self)
        guard let character = slice.first else { return }
        let count = max(1, min(character.utf8.count, limit - place))
        cluster.bytes = place..<place + count
        if count == 1, bytes[place] < 0x80 { return describe(ascii: bytes[place], &cluster) }
        cluster.width = CellWidth.of(character)
        cluster.isClosing = Self.closing.contains(character)
        cluster.isOpening = Self.opening.contains(character)
        cluster.mayBreakBefore = cluster.width >= 2
        cluster.mayBreakAfter = cluster.width >= 2 || character == "—"
    }

    private static let closing: Set<Character> = [
        "。", "，", "、", "；", "：", "？", "！", "」", "』", "）", "》", "〉", "】", "〕", "…",
    ]
    private static let opening: Set<Character> = ["「", "『", "（", "《", "〈", "【", "〔"]
}
