import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// A mixture of experts at work: on the text, by load, and on one token through all layers.
package struct ExpertsView: Sendable {
    let page: ExpertsPage
    let layer: Int
    /// Of the layer; nil where it has no router or nothing is read yet.
    let router: RouterReading?
    let loads: ExpertLoads?
    /// Of all layers that have one.
    let routers: [RouterReading]
    let computed: [ComputedLayer]
    let cursor: Int
    /// What is asked about room; nil for that of the run.
    let factor: Double?
    /// Why there is nothing to see on the page; nil where there is.
    let problem: String?
    /// Tokens by their names.
    let name: @Sendable (Int) -> String
    let look: Look

    package init(
        page: ExpertsPage, layer: Int, router: RouterReading?, loads: ExpertLoads?, routers: [RouterReading],
        computed: [ComputedLayer], cursor: Int, factor: Double?, problem: String?,
        name: @escaping @Sendable (Int) -> String, look: Look
    ) {
        (self.page, self.layer, self.router, self.loads) = (page, layer, router, loads)
        (self.routers, self.computed, self.cursor, self.factor) = (routers, computed, cursor, factor)
        (self.problem, self.name, self.look) = (problem, name, look)
    }

    /// Tokens that an expert has room for; nil for all.
    var capacity: Int? { loads.flatMap { loads in factor.map(loads.capacity) ?? loads.ownCapacity } }

    /// Of a choice of the layer: [token · chosen + rank].
    func isDropped(_ place: Int) -> Bool {
        guard let capacity, let loads, loads.positions.indices.contains(place) else { return false }
        return Int(loads.positions[place]) >= capacity
    }

    /// What stands in the upper border.
    package var facts: [[String]] {
        guard page != .computed, let router else { return [] }
        let (chosen, count) = (router.chosen.grouped, router.count.grouped)
        let shared = router.hasShared ? [[say("and one for every token"), say("+ 1")]] : []
        return [[say("\(chosen) of \(count) experts a token"), say("\(chosen) of \(count)")]] + shared
    }

    /// What an expert has room for, in words.
    var roomWords: [String] {
        guard let capacity else { return [say("room for all tokens")] }
        let room = capacity.grouped
        guard let factor else {
            return [say("the run has room for \(room) tokens an expert"), say("room for \(room)")]
        }
        let text = Figures.fixed(factor, 2)
        return [
            say("CF \(text): room for \(room) tokens an expert, a question and no run"),
            say("CF \(text): room for \(room), not run"), say("CF \(text)"),
        ]
    }

    /// Draws into a panel's content.
    package func draw(in rect: Rect, on grid: inout Grid) {
        guard rect.width > 0, rect.height > 0 else { return }
        ExpertsTabs(shown: page).draw(
            in: Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), theme: look.theme, on: &grid)
        let content = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        guard content.height > 0 else { return }
        if let problem { return grid.writeNotice(problem, in: content, style: look.theme.dim) }
        switch page {
        case .tokens: drawTokens(in: content, on: &grid)
        case .load: drawLoad(in: content, on: &grid)
        case .way: drawWay(in: content, on: &grid)
        case .computed: drawComputed(in: content, on: &grid)
        }
    }

    /// The page whose name stands there.
    package func page(atX x: Int, y: Int, in rect: Rect) -> ExpertsPage? {
        y == rect.y ? ExpertsTabs(shown: page).tabs(in: rect).first { $0.cells.contains(x) }?.page : nil
    }

    /// The token that stands there, on the page of tokens.
    package func token(atX x: Int, y: Int, in rect: Rect) -> Int? {
        guard page == .tokens, problem == nil, rect.contains(x: x, y: y) else { return nil }
        let frame = ribbonFrame(in: Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1))
        guard frame.words.contains(x: x, y: y) else { return nil }
        let lines = ribbon(in: frame.words)
        let line = (y - frame.words.y) / 2
        return lines.indices.contains(line) ? lines[line].first { $0.cells.contains(x) }?.token : nil
    }

    /// The layer of a line, on the pages about one token.
    package func layer(atX x: Int, y: Int, in rect: Rect) -> Int? {
        guard problem == nil, rect.contains(x: x, y: y) else { return nil }
        let content = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        let row = y - content.y - 1
        switch page {
        case .tokens, .load: return nil
        case .way:
            let shown = shownRouters(content.height - 1)
            return shown.indices.contains(row) ? shown[row].layer : nil
        case .computed:
            let shown = shownLayers(content.height - 1)
            return shown.indices.contains(row) ? shown[row].layer : nil
        }
    }

    func style(_ expert: Int) -> Style { ExpertMarks.style(expert, look) }
}
