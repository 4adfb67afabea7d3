import RopewalkCellGrid
import RopewalkDocuments
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The part of the text that is read: tokens of the text from one on.
package struct ReadPart: Hashable, Sendable {
    /// The first, counted in the whole text.
    let from: Int
    /// How many; nil for as many as were asked for at the start, or all.
    var tokens: Int?
}

/// A part that is about to be read: what was read before stays until it has begun.
struct EnteringPart: Equatable, Sendable {
    let part: ReadPart
    /// Of the beginning that was asked for; what an earlier one reports comes too late.
    let number: Int
    /// The byte that the cursor shall stand on.
    let byte: Int
}

/// The parts that could be read, open to choose one.
package struct PartList: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        /// "this paragraph", "next: Chapter 4".
        let title: String
        let part: ReadPart
        /// What reading it takes.
        let cost: String
    }

    let entries: [Entry]
    private(set) var selected = 0

    init(entries: [Entry]) { self.entries = entries }

    var chosen: Entry? { entries.indices.contains(selected) ? entries[selected] : nil }

    mutating func select(_ index: Int) { selected = min(max(0, index), max(0, entries.count - 1)) }

    func box(size: Size) -> ListBox {
        ListBox(
            title: say("Read another part"), footer: say("Enter read  n next  p before  Esc close"),
            rows: entries.map { ListBox.Row(text: $0.title, facts: $0.cost) }, selected: selected, size: size)
    }
}

extension AppState {
    /// What could be read: from the place on that is looked at, the chapters around it, all of the text.
    var partList: PartList {
        guard let text = sources.text.value, let full = sources.full.value else { return PartList(entries: []) }
        let place = readingPlace
        let paragraph = text.paragraphStart(before: min(text.bytes.count, place + 1))
        var entries = [(say("from this paragraph on"), ReadPart(from: full.nearestToken(toByte: paragraph)))]
        let chapters = outline.chapters
        let present = nextChapter(0)
        for (name, index) in [(say("this chapter"), present), (say("next"), present + 1), (say("before"), present - 1)]
        where chapters.indices.contains(index) {
            entries.append(("\(name): \(chapters[index].title)", part(ofChapter: index)))
        }
        if sources.from > 0 || sources.tokenLimit != sources.askedTokens {
            entries.append((say("from the start"), ReadPart(from: 0)))
        }
        return PartList(
            entries: entries.map { PartList.Entry(title: $0.0, part: $0.1, cost: cost(of: $0.1)) })
    }

    /// A chapter of the outline, counted from 0, up to the next one.
    func part(ofChapter index: Int) -> ReadPart {
        let chapters = outline.chapters
        guard let full = sources.full.value, chapters.indices.contains(index) else { return ReadPart(from: 0) }
        let from = full.nearestToken(toByte: chapters[index].byte)
        let isLast = index + 1 == chapters.count
        let end = isLast ? full.tokenCount : full.nearestToken(toByte: chapters[index + 1].byte)
        return ReadPart(from: from, tokens: max(1, end - from))
    }

    /// The chapter that a byte lies in, counted from 0; −1 before the first.
    func chapter(ofByte byte: Int) -> Int { outline.chapters.partitioningIndex { $0.byte > byte } - 1 }

    /// How many tokens are read of a part.
    func tokens(of part: ReadPart) -> Int {
        guard let full = sources.full.value, part.from < full.tokenCount else { return 0 }
        // A start token stands before those of the text.
        let left = document(of: part, in: full).tokenCount
        let wanted = part.tokens.map { $0 + left - (full.tokenCount - part.from) }
        let asked = min(left, wanted ?? sources.askedTokens ?? left)
        guard let model = sources.model.value?.traits else { return asked }
        let limit = ReadingLimit(model, tokens: asked, asked: wanted ?? sources.askedTokens)
        return limit?.tokens ?? asked
    }

    /// What reading a part takes: "11,785 tokens · 120 MB · 12 s".
    func cost(of part: ReadPart) -> String {
        let count = tokens(of: part)
        guard let model = sources.model.value else { return Figures.count(count, "token") }
        let size = RecordingSize(model: model.traits, scenario: ownScenario, tokens: count)
        let megabytes = Int(min(size.bytes / 1e6, 1e9).rounded(.up))
        let pace = runs.running?.growth.seconds(from: 0, to: count) ?? runs.pace?.seconds(from: 0, to: count)
        let time = pace.map { $0 < 1 ? say(" · under 1 s") : " · \(Int(min($0, 1e7).rounded(.up)).grouped) s" } ?? ""
        return say("\(Figures.count(count, "token")) · \(megabytes.grouped) MB\(time)")
    }

    /// Where reading would begin: the place that is looked at, or the cursor, or what is on the screen instead of it.
    var readingPlace: Int {
        if let gaze = window.gaze { return gaze }
        let rows = textLayout?.rows(from: window.top, count: max(1, textRows)) ?? []
        guard let first = rows.first, let last = rows.last else { return cursorByte }
        let isSeen = cursorByte >= first.bytes.lowerBound && cursorByte < max(last.bytes.upperBound, 1)
        return isSeen ? cursorByte : first.bytes.lowerBound
    }
}
