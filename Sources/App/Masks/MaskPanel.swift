import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the mask lets the cursor see and why, and what is found out about all of it.
struct MaskPanel: PanelContent {
    private let masks: MaskTools
    private let study: MaskStudy?
    private let advice: String?
    /// Which mask of a file it is, where there are several.
    private let plane: String?
    private let focus: Focus
    private let sight: Sight
    private let tokenCount: Int
    private let scenario: Scenario
    private let direction: AttentionDirection
    private let ownWindows: [String]
    private let waiting: String?
    /// The part of the mask that a figure shows, and what it is of.
    private let page: MaskPageQuestion?
    private let pageWords: MapWords
    private let headFact: String
    private let kernel: KernelPart
    private let mixer: MixerPart
    private let pages: [MaskPage]
    private let hashing: LSHPart

    init(_ state: AppState) {
        masks = state.masks
        study = state.maskStudy
        advice = state.maskAdvice
        plane = state.planeText
        focus = state.focus
        sight = state.sight
        tokenCount = state.tokenCount
        scenario = state.scenario
        direction = state.direction
        ownWindows = state.ownWindows.map(\.spec)
        waiting = state.unpreviewed
        page = MaskPageQuestion(state)
        pageWords = MapWords(state)
        headFact = state.headFact
        kernel = KernelPart(state)
        mixer = MixerPart(state)
        pages = state.maskPages
        hashing = LSHPart(state)
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        let (page, view) = (masks.page, rowView(look, asking: &answers))
        if page == .kernel { return kernelPicture(in: inner, look: look, asking: &answers) }
        if page == .mixer { return mixerPicture(in: inner, look: look, asking: &answers) }
        if page == .hashing { return hashingPicture(in: inner, look: look, asking: &answers) }
        let whole = pageView(look)
        // What stands in the border is of the mask on the page.
        let own = page == .row || page == .reach ? nil : masks.own?.line
        let (facts, footer) = own.map { ($0, "") } ?? (facts(view, in: inner), view.footer)
        return PanelPicture(facts: facts, footer: footer) { inner, grid in
            let content = MaskTabs.content(of: inner, page: page)
            if content.y > inner.y { MaskTabs(page: page, pages: pages, look: look).draw(in: inner, on: &grid) }
            if page == .row { view.draw(in: content, on: &grid) } else { whole.draw(in: content, on: &grid) }
        }
    }

    private func hashingPicture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture {
        let view = hashing.view(look, asking: &answers)
        return PanelPicture(facts: Panel.mask.facts([[hashing.spec ?? "", ""]], in: inner), footer: "") {
            [pages] inner, grid in
            MaskTabs(page: .hashing, pages: pages, look: look).draw(in: inner, on: &grid)
            view.draw(in: MaskTabs.content(of: inner, page: .hashing), on: &grid)
        }
    }

    private func kernelPicture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture {
        let view = kernel.view(look, asking: &answers)
        let specs = [scenario.kernel?.spec ?? "", scenario.kernel?.shortSpec ?? ""]
        return PanelPicture(facts: Panel.mask.facts([specs], in: inner), footer: "") {
            [pages] inner, grid in
            MaskTabs(page: .kernel, pages: pages, look: look).draw(in: inner, on: &grid)
            view.draw(in: MaskTabs.content(of: inner, page: .kernel), on: &grid)
        }
    }

    private func mixerPicture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture {
        let view = mixer.view(look, asking: &answers)
        return PanelPicture(facts: Panel.mask.facts([mixer.facts], in: inner), footer: "") { [pages] inner, grid in
            MaskTabs(page: .mixer, pages: pages, look: look).draw(in: inner, on: &grid)
            view.draw(in: MaskTabs.content(of: inner, page: .mixer), on: &grid)
        }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        guard let page, let shares = answers.answer(to: page) else {
            throw .noFigure(
                say("there is no mask here: attention across texts has none, and a mask file has to fit the text"))
        }
        let axes = focus.kind == .cross ? MapView.Axes(queries: "decoder", keys: "encoder") : .own
        var figure = rowView(look, asking: &answers).figure(
            MaskView.Page(shares: shares, request: page.request, words: pageWords.of(page.request), axes: axes))
        figure.facts = [headFact]
        return figure
    }

    /// The border leaves out what is too long: which mask of a file it is stays longest.
    private func facts(_ view: MaskView, in inner: Rect) -> String {
        let methods = [view.facts, view.shortFacts]
        guard let plane else {
            let whole = Panel.mask.facts([methods], in: inner)
            return whole.isEmpty ? view.shortFacts : whole
        }
        return Panel.mask.facts([methods.map { "\($0) · \(plane) (h l)" } + ["\(plane) (h l)"]], in: inner)
    }

    /// A press on a tab chooses a page, one on a line goes to its place.
    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        if let wheel = mouse.wheel { return [.masks(.select(wheel))] }
        let content = MaskTabs.content(of: inner, page: masks.page)
        if content.y > inner.y, mouse.y == inner.y {
            return MaskTabs.page(atX: mouse.x, in: inner, of: pages).map { [.masks(.page($0))] } ?? []
        }
        if [.kernel, .mixer, .hashing].contains(masks.page) { return [] }
        let line =
            masks.page == .row
            ? rowView(look, asking: &answers).worstQuery(atX: mouse.x, y: mouse.y, in: content)
            : pageView(look).place(atY: mouse.y, in: content)
        return line.map { [.masks(.pick($0))] } ?? []
    }

    private func rowView(_ look: Look, asking answers: inout Answers) -> MaskView {
        let key = sight.key(&answers)
        return MaskView(
            row: sight.maskRow(&answers), survey: sight.survey.flatMap { answers.answer(whenKnown: $0) } ?? nil,
            reason: sight.reason(key: key, &answers), cursor: tokenCount > 0 ? focus.cursor : nil, anchor: key,
            scenario: scenario, selectedQuery: masks.worstQuery, firstStretch: masks.firstStretch(of: focus.cursor),
            direction: direction, ownWindows: ownWindows,
            waiting: waiting, look: look)
    }

    private func pageView(_ look: Look) -> MaskPageView {
        MaskPageView(page: masks.page, study: study, advice: advice, selected: masks.selected, look: look)
    }
}
