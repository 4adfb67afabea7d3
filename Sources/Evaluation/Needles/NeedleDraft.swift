/// A prompt on its way: everything before the question, and the question with its answer.
struct NeedleDraft {
    let story: NeedleStory
    /// Opening, haystack and needles.
    let head: [Int32]
    let tail: NeedleTail
    let needles: [NeedlePrompt.Placed]
    let repeats: Int

    init(
        _ task: NeedleTask, at place: NeedlePrompt.Place, in haystack: Haystack, borders: NeedleStory.Borders?
    ) throws(NeedleError) {
        if task.hasDepth {
            guard let story = task.story(seed: place.seed) else {
                throw .tooLong(task: task.spec, length: place.length)
            }
            try self.init(story, task, at: place, in: haystack, borders: borders)
        } else {
            self = try Self.longest(task, at: place, in: haystack)
        }
    }

    private init(
        _ story: NeedleStory, _ task: NeedleTask, at place: NeedlePrompt.Place, in haystack: Haystack,
        borders: NeedleStory.Borders?
    ) throws(NeedleError) {
        self.story = story
        tail = try NeedleTail(story.question, story.answer, in: haystack)
        let opening = haystack.beginning + (try haystack.tokens(of: story.opening))
        var texts: [[Int32]] = []
        for needle in story.needles { texts.append(try haystack.tokens(of: needle.text)) }
        let hidden = texts.reduce(0) { $0 + $1.count }
        let room = NeedleInsertion.room(length: place.length, buffer: opening.count + tail.ids.count, needle: hidden)
        guard room >= 0 else {
            throw .tooShort(task: task.spec, length: place.length, needed: place.length - room)
        }
        let body = try NeedleBody(story, borders: borders, room: room, seed: place.seed, in: haystack)
        let wanted = Self.depths(story.needles, from: Double(place.depth))
        let places = wanted.map { NeedleInsertion.place(depth: $0, length: body.ids.count, isEnd: body.isEnd) }
        let (ids, spans) = NeedleInsertion.insert(Array(zip(places, texts)), into: body.ids)
        head = opening + ids
        repeats = body.repeats
        needles = story.needles.indices.map { index in
            NeedlePrompt.Placed(
                tokens: spans[index].shifted(by: opening.count), wanted: wanted[index],
                depth: 100 * Double(places[index]) / Double(max(1, body.ids.count)),
                isAsked: story.needles[index].isAsked)
        }
    }

    /// Those of the depth in steps, the others where they are to be. [needle]
    private static func depths(_ needles: [NeedleStory.Needle], from depth: Double) -> [Double] {
        let count = needles.count { $0.place == .depth }
        var steps = NeedleInsertion.depths(from: depth, count: count).makeIterator()
        return needles.map { needle in
            switch needle.place {
            case .depth: steps.next() ?? depth
            case .share(let share): 100 * share
            }
        }
    }

    // MARK: Lists

    private init(list story: NeedleStory, in haystack: Haystack) throws(NeedleError) {
        self.story = story
        tail = try NeedleTail(story.question, story.answer, in: haystack)
        let encoding = try haystack.encoding(of: story.opening)
        let first = haystack.beginning.count
        head = haystack.beginning + encoding.ids
        repeats = 0
        var token = 0
        var placed: [NeedlePrompt.Placed] = []
        for range in story.lit {
            while token < encoding.count, encoding.bytes(of: token).upperBound <= range.lowerBound { token += 1 }
            var end = token
            while end < encoding.count, encoding.bytes(of: end).lowerBound < range.upperBound { end += 1 }
            let depth = 100 * Double(token) / Double(max(1, encoding.count))
            placed.append(
                NeedlePrompt.Placed(
                    tokens: (token..<end).shifted(by: first), wanted: depth, depth: depth, isAsked: true))
        }
        needles = placed
    }

    /// The longest list that fits, found by halving.
    private static func longest(
        _ task: NeedleTask, at place: NeedlePrompt.Place, in haystack: Haystack
    ) throws(NeedleError) -> NeedleDraft {
        func draft(_ size: Int) throws(NeedleError) -> NeedleDraft? {
            guard let story = task.story(seed: place.seed, size: size) else { return nil }
            return try NeedleDraft(list: story, in: haystack)
        }
        // Some sizes are too small for a list: words that stand equally often, no link at all.
        var low = 1
        while low <= 64, task.story(seed: place.seed, size: low) == nil { low += 1 }
        guard var best = try draft(low) else { throw .tooLong(task: task.spec, length: place.length) }
        guard best.length <= place.length else {
            throw .tooShort(task: task.spec, length: place.length, needed: best.length)
        }
        var high = low + place.length
        while high - low > 1 {
            let middle = (low + high) / 2
            if let next = try draft(middle), next.length <= place.length {
                (low, best) = (middle, next)
            } else {
                high = middle
            }
        }
        return best
    }

    private var length: Int { head.count + tail.ids.count }
}

/// What lies around the needles, and where they may go.
private struct NeedleBody {
    let ids: [Int32]
    let repeats: Int
    /// Whether a needle may follow a token. [token]
    private let ends: [Bool]

    func isEnd(_ token: Int) -> Bool { ends[token] }

    /// - Parameter room: tokens at most
    init(
        _ story: NeedleStory, borders: NeedleStory.Borders?, room: Int, seed: Int, in haystack: Haystack
    ) throws(NeedleError) {
        switch story.filler {
        case .text:
            ids = Array(haystack.tokens(room, seed: seed))
            repeats = room > haystack.ids.count ? (room - 1) / haystack.ids.count : 0
            let isAnywhere = (borders ?? story.borders) == .any
            ends = ids.map { isAnywhere || haystack.ends(with: $0) }
        case .noise:
            let sentences = try haystack.encoding(of: NeedleStory.noise)
            let text = Array(NeedleStory.noise.utf8)
            let isEnd = (0..<sentences.count).map { SentenceEnd.isOne(Array(text[sentences.bytes(of: $0)])) }
            (ids, repeats) = ((0..<room).map { sentences.ids[$0 % sentences.count] }, 0)
            ends = (0..<room).map { isEnd[$0 % sentences.count] }
        case .lines(let lines):
            var (all, ends): ([Int32], [Bool]) = ([], [])
            var index = 0
            while let line = lines.line(index) {
                let tokens = try haystack.tokens(of: line)
                guard !tokens.isEmpty, all.count + tokens.count <= room else { break }
                all += tokens
                ends += Array(repeating: false, count: tokens.count - 1) + [true]
                index += 1
            }
            (ids, self.ends, repeats) = (all, ends, 0)
        case .none: (ids, ends, repeats) = ([], [], 0)
        }
    }
}
