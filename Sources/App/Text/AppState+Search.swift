import RopewalkDocuments

extension AppState {
    /// The places of a pattern; nil, and a notice, where it is none.
    mutating func search(_ typed: String, forwards: Bool) -> Search? {
        do throws(SearchProblem) {
            return Search(pattern: typed, isForwards: forwards, hits: try places(of: typed))
        } catch {
            notice = Notice(.error, error.text)
            return nil
        }
    }

    /// Where a pattern is in the whole text; none for an empty one.
    func places(of typed: String) throws(SearchProblem) -> [Range<Int>] {
        guard let text = sources.text.value, !typed.isEmpty else { return [] }
        guard let query = SearchQuery(typed: typed) else {
            throw SearchProblem(
                text:
                    "'\(typed.prefix(40))': after re: or word: comes what to look for, after id: the number of a token")
        }
        do { return try text.hits(query, tokens: sources.whole.value ?? sources.document.value) } catch {
            throw SearchProblem(text: error.description)
        }
    }

    /// Goes to the next of the last search's places, around the end of the text if there is none before it.
    mutating func searchAgain(sameDirection: Bool) {
        if let searchObstacle { return refuse(searchObstacle) }
        guard let search = window.search, let text = sources.text.value else { return }
        window.showsHits = true
        let forwards = search.isForwards == sameDirection
        let end = firstUnreadByte ?? text.bytes.count
        let read = search.hits.filter { $0.lowerBound < end && $0.lowerBound >= firstReadByte }
        guard let first = read.first, let last = read.last else {
            let place =
                search.hits.isEmpty
                ? "is not in the text"
                : sources.from > 0
                    ? "is only outside of the \(tokenCount.grouped) tokens that are read from \(sources.from.grouped) on"
                    : "is only after the \(tokenCount.grouped) tokens that are read"
            notice = Notice(.warning, "'\(search.pattern.prefix(40))' \(place)")
            return
        }
        let byte = forwards ? max(cursorByte, cursorEnd - 1) : cursorByte
        let next = forwards ? read.first { $0.lowerBound > byte } : read.last { $0.lowerBound < byte }
        moveCursor(toByte: (next ?? (forwards ? first : last)).lowerBound)
        if next == nil {
            let part = read.count < search.hits.count ? "the part that is read" : "the text"
            notice = Notice(.information, "the search went on from the \(forwards ? "start" : "end") of \(part)")
        }
    }

    /// Where the last pattern is among the rows on the screen.
    func hits(in range: Range<Int>) -> [Range<Int>] {
        guard window.showsHits, let hits = window.search?.hits else { return [] }
        let first = hits.partitioningIndex { $0.upperBound > range.lowerBound }
        return Array(hits[first...].prefix { $0.lowerBound < range.upperBound })
    }

    /// "hit 3 of 17", where the cursor is on one, else "17 hits"; nil where none are marked.
    var hitCount: String? {
        guard window.showsHits, let hits = window.search?.hits, !hits.isEmpty else { return nil }
        let more = hits.count == SearchQuery.mostHits ? "+" : ""
        let index = hits.partitioningIndex { $0.upperBound > cursorByte }
        let isOnIt = index < hits.count && hits[index].lowerBound < max(cursorEnd, cursorByte + 1)
        let count = hits.count.grouped + more
        return isOnIt ? "hit \((index + 1).grouped) of \(count)" : hits.count == 1 ? "1 hit" : "\(count) hits"
    }
}

/// Why nothing can be searched for.
struct SearchProblem: Error {
    let text: String
}

extension Array {
    /// The first index whose element is on the far side; elements must be ordered so.
    func partitioningIndex(where isFar: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isFar(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
