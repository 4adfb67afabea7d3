import RopewalkDocuments
import RopewalkPhrases

extension AppState {
    /// The places of a pattern; nil, and a notice, where it is none.
    mutating func search(_ typed: String, forwards: Bool) -> Search? {
        do throws(SearchProblem) {
            guard let found = try retrieved(typed) else {
                return Search(pattern: typed, isForwards: forwards, hits: try places(of: typed))
            }
            let names = found.map { ($0.bytes.lowerBound, TextRetrieval.name($0)) }
            return Search(
                pattern: typed, isForwards: forwards, hits: found.map(\.bytes),
                names: Dictionary(names) { first, _ in first })
        } catch {
            notice = Notice(.error, error.text)
            return nil
        }
    }

    /// Where a pattern is in the whole text; none for an empty one.
    func places(of typed: String) throws(SearchProblem) -> [Range<Int>] {
        guard let text = sources.text.value, !typed.isEmpty else { return [] }
        if let found = try retrieved(typed) { return found.map(\.bytes) }
        guard let query = SearchQuery(typed: typed) else {
            throw SearchProblem(
                text:
                    say(
                        "'\(typed.prefix(40))': after re: or word: comes what to look for, after id: the number of a token"
                    ))
        }
        do { return try text.hits(query, tokens: sources.whole.value ?? sources.document.value) } catch {
            throw SearchProblem(text: error.description)
        }
    }

    /// The chunks that a question behind `about:` is about; nil for other patterns.
    private func retrieved(_ typed: String) throws(SearchProblem) -> [TextRetrieval.Hit]? {
        guard typed.hasPrefix(TextRetrieval.prefix), let text = sources.text.value else { return nil }
        return try TextRetrieval(String(typed.dropFirst(TextRetrieval.prefix.count)), in: text).hits
    }

    /// Goes to the next of the last search's places, around the end of the text if there is none before it.
    mutating func searchAgain(sameDirection: Bool) {
        if let searchObstacle { return refuse(searchObstacle) }
        guard let search = window.search else { return }
        window.showsHits = true
        let forwards = search.isForwards == sameDirection
        let hits = search.hits
        guard let first = hits.first, let last = hits.last else {
            notice = Notice(
                .warning, say("'\(search.pattern.prefix(40))' is not in the text"), isRefusal: true)
            return
        }
        let byte = window.gaze ?? (forwards ? max(cursorByte, cursorEnd - 1) : cursorByte)
        let next = forwards ? hits.first { $0.lowerBound > byte } : hits.last { $0.lowerBound < byte }
        let target = (next ?? (forwards ? first : last)).lowerBound
        travel(toByte: target)
        let passage = search.passages?.words(atByte: target)
        guard next == nil || passage != nil else { return }
        let remark =
            next == nil ? say("the search went on from the \(forwards ? say("start") : say("end")) of the text") : nil
        notice = Notice(.information, [passage, remark, notice?.text].compactMap { $0 }.joined(separator: "; "))
    }

    /// The token that is looked at outside of what is read.
    private var gazeBytes: Range<Int>? {
        guard let gaze = window.gaze, let full = sources.full.value else { return nil }
        return full.byteRange(ofToken: full.nearestToken(toByte: gaze))
    }

    /// Where the last pattern is among the rows on the screen, and what is looked at outside of what is read.
    func hits(in range: Range<Int>) -> [Range<Int>] {
        var seen: [Range<Int>] = []
        if window.showsHits, let hits = window.search?.hits {
            let first = hits.partitioningIndex { $0.upperBound > range.lowerBound }
            seen = Array(hits[first...].prefix { $0.lowerBound < range.upperBound })
        }
        guard let gaze = gazeBytes, gaze.overlaps(range), !seen.contains(where: gaze.overlaps) else { return seen }
        return (seen + [gaze]).sorted { $0.lowerBound < $1.lowerBound }
    }

    /// "hit 3 of 17", where the cursor is on one, else "17 hits"; nil where none are marked.
    var hitCount: String? {
        guard window.showsHits, let hits = window.search?.hits, !hits.isEmpty else { return nil }
        let more = hits.count == SearchQuery.mostHits ? "+" : ""
        let (start, end) = window.gaze.map { ($0, $0 + 1) } ?? (cursorByte, max(cursorEnd, cursorByte + 1))
        let index = hits.partitioningIndex { $0.upperBound > start }
        let isOnIt = index < hits.count && hits[index].lowerBound < end
        let count = hits.count.grouped + more
        return isOnIt
            ? say("hit \((index + 1).grouped) of \(count)") : hits.count == 1 ? say("1 hit") : say("\(count) hits")
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
