import RopewalkDocuments

extension AppState {
    /// Goes to the next place of the last pattern, around the end of the text if there is none before it.
    mutating func searchAgain(sameDirection: Bool) {
        guard let search = window.search, let text = sources.text.value else { return }
        window.showsHits = true
        let forwards = search.isForwards == sameDirection
        var found =
            forwards
            ? text.find(search.pattern, from: max(cursorByte, cursorEnd - 1), .forwards)
            : text.find(search.pattern, from: cursorByte, .backwards)
        let end = firstUnreadByte ?? text.bytes.count
        let isUnread = found.map { $0.bytes.lowerBound >= end } ?? false
        if isUnread {
            found =
                forwards
                ? text.find(search.pattern, from: -1, .forwards) : text.find(search.pattern, from: end, .backwards)
        }
        guard let found, found.bytes.lowerBound < end else {
            let place = isUnread ? "is only after the \(tokenCount.grouped) tokens that are read" : "is not in the text"
            notice = Notice(.warning, "'\(search.pattern.prefix(40))' \(place)")
            return
        }
        moveCursor(toByte: found.bytes.lowerBound)
        if found.wrapped || isUnread {
            let part = isUnread ? "the part that is read" : "the text"
            notice = Notice(.information, "the search went on from the \(forwards ? "start" : "end") of \(part)")
        }
    }

    /// Where the last pattern is among the rows on the screen; only those are looked through.
    func hits(in range: Range<Int>) -> [Range<Int>] {
        guard window.showsHits, let search = window.search, let text = sources.text.value, !range.isEmpty else {
            return []
        }
        let bytes = text.bytes[range.clamped(to: 0..<text.bytes.count)]
        guard let shown = try? SourceText(Array(bytes), name: text.name) else { return [] }
        var hits: [Range<Int>] = []
        var from = -1
        while let found = shown.find(search.pattern, from: from), !found.wrapped {
            hits.append(found.bytes.lowerBound + range.lowerBound..<found.bytes.upperBound + range.lowerBound)
            from = found.bytes.lowerBound
        }
        return hits
    }
}
