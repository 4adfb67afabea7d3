import RopewalkPhrases

/// Pages of keys, chosen by the highest score that a key of the page could have.
package struct Quest: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "quest", family: .selection, title: "Quest pages",
        summary:
            "Each query reads the few pages of keys whose channel-wise bounds promise the highest score, and the page it "
            + "stands in; nothing is evicted, and the first layers read everything.",
        source:
            "Tang et al., Quest, 2024 (arXiv 2406.10774), page 16, first two layers dense; budgets 256 to 4,096 there",
        parameters: [
            .count("page", "keys in a page", default: 16),
            .count("budget", "keys that a query reads, a whole number of pages", default: 1024),
            .count("dense-layers", "first layers that read everything", unit: "layers", default: 2, from: 0),
            .flag(
                "last-page",
                "the last page is always read, as in the kernels; else at least 3 pages, as in the evaluation, which leaves "
                    + "out a page begun while the budget holds all",
                default: true),
        ],
        flops: "2·N·(N/page)·d a head for the bounds (half of all pairs), 4·N·budget·d for what is read",
        memory: "2·N·d numbers a key/value head, and 2·N·d/page of bounds")

    package let page: Int
    package let budget: Int
    package let denseLayers: Int
    package let keepsLastPage: Bool

    package init(page: Int, budget: Int, denseLayers: Int, keepsLastPage: Bool) {
        self.page = page
        self.budget = budget
        self.denseLayers = denseLayers
        self.keepsLastPage = keepsLastPage
    }

    package init(values: [Double]) {
        self.init(
            page: Int(values[0]), budget: Int(values[1]), denseLayers: Int(values[2]), keepsLastPage: values[3] != 0)
    }
    package var values: [Double] {
        [Double(page), Double(budget), Double(denseLayers), keepsLastPage ? 1 : 0]
    }

    package var contradiction: String? {
        budget < page
            ? say("budget \(budget.grouped) holds no page of \(page.grouped): give a budget of a page or more") : nil
    }

    /// The pages that are read, ascending.
    ///
    /// - Parameter scores: Bounds of all pages up to the one that the query stands in. [page]
    package func pages(scores: [Double]) -> [Int] {
        guard keepsLastPage else { return HighestScores.indices(max(3, budget / page), of: scores) }
        guard let last = scores.indices.last else { return [] }
        return HighestScores.indices(budget / page - 1, of: scores.dropLast()) + [last]
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> QuestChooser {
        QuestChooser(method: self, place: place, states: states)
    }
}

struct QuestChooser: QueryChooser {
    private let method: Quest
    private let place: HeadPlace
    private let states: any LayerStates
    /// For every way in which the scenario turns keys. [piece]
    private var bounds: [PageBounds]

    init(method: Quest, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
        bounds = (0..<states.pieces).map { _ in PageBounds(page: method.page, dimension: states.dimension) }
    }

    mutating func choice(for query: Int) -> KeyChoice {
        guard place.layer >= method.denseLayers else {
            let layers = method.denseLayers.grouped
            return .dense(
                query: query, because: say("the first \(layers) layers read everything (dense-layers)"))
        }
        let scores = scores(query: query)
        let pages = method.pages(scores: scores)
        let choice = BlockChoice(
            noun: .page, score: "bound", size: method.page, query: query, scores: scores, chosen: pages,
            forced: method.keepsLastPage ? [scores.count - 1: { say("the query's own page") }] : [:])
        return choice.keyChoice
    }

    /// The bound of a page is the highest of those for the ways in which the query scores a key of it. [page]
    private mutating func scores(query: Int) -> [Double] {
        let scale = states.scale(of: query)
        var result: [Double] = []
        for piece in bounds.indices {
            bounds[piece].append(
                states.keys(
                    bounds[piece].tokens..<query + 1, keyHead: states.keyHead(of: place.head), piece: piece))
            let scores = bounds[piece].scores(
                with: states.query(query, head: place.head, piece: piece), scale: scale)
            if result.isEmpty { result = [Double](repeating: -.infinity, count: scores.count) }
            let keys = states.keys(of: query, piece: piece)
            for page in result.indices
            where !(page * method.page..<min((page + 1) * method.page, query + 1)).clamped(to: keys).isEmpty {
                result[page] = max(result[page], scores[page])
            }
        }
        return result
    }
}
