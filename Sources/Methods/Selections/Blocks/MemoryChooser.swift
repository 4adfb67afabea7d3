/// Reads the last keys, and of a memory of the keys before them those that score highest.
struct MemoryChooser: QueryChooser {
    enum Score {
        /// q·k/√d.
        case product
        /// q·k/(|q||k|).
        case cosine
    }

    let count: Int
    let window: Int
    /// Keys that the memory holds; the oldest leave it first.
    let memory: Int
    let score: Score
    let place: HeadPlace
    let states: any LayerStates
    /// 1/|k| of every key so far, with the cosine only. [key]
    private var scales: [Double] = []

    init(count: Int, window: Int, memory: Int, score: Score, place: HeadPlace, states: any LayerStates) {
        self.count = count
        self.window = window
        self.memory = memory
        self.score = score
        self.place = place
        self.states = states
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let end = max(0, query - window + 1)
        let candidates = (memory >= end ? 0 : end - memory)..<end
        switch score {
        case .product:
            let scores =
                candidates.isEmpty || count == 0
                ? [] : states.scores(query: query, head: place.head, keys: candidates)
            return choice(for: query, among: candidates, scores: scores, called: "score")
        case .cosine:
            return choice(
                for: query, among: candidates, scores: cosines(query: query, keys: candidates), called: "cosine")
        }
    }

    private func choice<S: BinaryFloatingPoint>(
        for query: Int, among candidates: Range<Int>, scores: [S], called name: String
    ) -> KeyChoice {
        NearestKeys(
            count, query: query, window: window, candidates: candidates, scores: scores, called: name
        ).keyChoice
    }

    /// The cosines of the query with its candidates; a vector of length 0 has cosine 0. [keys.count]
    private mutating func cosines(query: Int, keys: Range<Int>) -> [Double] {
        guard !keys.isEmpty, count > 0 else { return [] }
        let dimension = states.dimension
        // Turning changes no length.
        let fresh = states.keys(scales.count..<keys.upperBound, keyHead: states.keyHead(of: place.head), piece: 0)
        for start in stride(from: 0, to: fresh.count, by: max(1, dimension)) {
            var square = 0.0
            for c in start..<start + dimension { square += Double(fresh[c]) * Double(fresh[c]) }
            scales.append(square > 0 ? 1 / square.squareRoot() : 0)
        }
        let vector = states.query(query, head: place.head, piece: 0)
        let length = dot(vector, vector).squareRoot() * states.scale(of: query)
        let scores = states.scores(query: query, head: place.head, keys: keys)
        return zip(keys, scores).map { key, score in
            length > 0 ? Double(score) * scales[key] / length : 0
        }
    }
}
