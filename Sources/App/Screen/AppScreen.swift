import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

extension Answers {
    /// The whole screen as cells.
    ///
    /// - Parameter deferring: Whether slow questions wait for `settle`, where they are not known yet: a key is answered
    ///   without.
    package mutating func frame(of state: AppState, deferring: Bool = false) -> Grid {
        begin(state, isDeferring: deferring, patience: deferring ? .zero : nil)
        var grid = Grid(size: state.size)
        Language.with(state.appearance.language) { AppScreen(state: state).draw(on: &grid, asking: &self) }
        return grid
    }
}

/// The whole screen: header, panels, status line, and what is open.
private struct AppScreen {
    let state: AppState

    func draw(on grid: inout Grid, asking answers: inout Answers) {
        let layout = state.layout
        let theme = Theme(depth: state.depth, ground: state.ground)
        guard !layout.isTooSmall else { return drawTooSmall(on: &grid, theme: theme) }
        HeaderLine(state).draw(in: layout.header, on: &grid, theme: theme)
        let look = answers.answer(to: state.lookQuestion)
        let readiness = PanelReadiness(state)
        let looked = state.lesson?.step.look ?? []
        for panel in layout.order {
            guard let rect = layout.panels[panel] else { continue }
            let frame = PanelFrame(
                rect: rect, title: (looked.contains(panel) ? "▶ " : "") + state.title(of: panel),
                isFocused: panel == state.panels.focused, look: look)
            if let missing = readiness.missing(for: panel.traits.need) {
                frame.draw(missing, on: &grid)
            } else {
                let content = panel.traits.content.init(state)
                frame.draw(content.picture(in: rect.inset(), look: look, asking: &answers), on: &grid)
            }
        }
        StatusLine(state).draw(in: layout.status, on: &grid, theme: theme)
        LessonCaption(state)?.draw(on: &grid, theme: theme)
        drawOverlay(layout, look.cursor, on: &grid, theme: theme)
        if state.paintsGround { grid.paint(state.ground, depth: state.depth) }
    }

    private func drawOverlay(_ layout: PanelLayout, _ cursor: Style, on grid: inout Grid, theme: Theme) {
        switch state.overlay {
        case .help(let top):
            HelpOverlay(size: state.size, top: top, focused: state.panels.focused, bindings: state.bindings)
                .draw(on: &grid, theme: theme)
        case .finder(let finder): FinderBox(finder: finder, size: state.size).draw(on: &grid, theme: theme)
        case .menu(let menu): MenuOverlay(menu: menu, place: state.menuPlace).draw(on: &grid, theme: theme)
        case .places(let list): PlaceListOverlay(list: list, size: state.size).draw(on: &grid, theme: theme)
        case .sessions(let choice): choice.box(size: state.size).draw(on: &grid, theme: theme)
        case .changes(let list): list.box(size: state.size).draw(on: &grid, theme: theme)
        case .parts(let list): list.box(size: state.size).draw(on: &grid, theme: theme)
        case .models(let list): ModelListOverlay(list: list, size: state.size).draw(on: &grid, theme: theme)
        case .pasted(let pasted):
            PastedTextBox(text: pasted.text, present: state.sources.text.value?.name ?? "", size: state.size)
                .draw(on: &grid, theme: theme)
        case .prompt(let prompt):
            let line = PromptLine(prompt: prompt, pending: state.waitingKeys > 0 ? state.pendingKeys : nil)
            line.draw(in: layout.status, on: &grid, theme: theme)
            line.problemBox(width: layout.status.width)?.draw(above: layout.status, on: &grid, theme: theme)
        case nil: break
        }
        guard let notice = state.notice else { return }
        if notice.fits(layout.status.width), state.overlay == nil {
            grid.fill(layout.status, style: theme.selection)
            grid.write(" " + notice.text, x: layout.status.x, y: layout.status.y, style: theme.selection)
        } else {
            NoticeBox(notice: notice, cursor: cursor).draw(
                above: layout.status, isFree: state.overlay == nil, on: &grid, theme: theme)
        }
    }

    private func drawTooSmall(on grid: inout Grid, theme: Theme) {
        let smallest = PanelLayout.smallest
        let text =
            say(
                """
                This screen has \(state.size.width) x \(state.size.height) cells; \
                \(smallest.width) x \(smallest.height) are needed.
                """)
        let lines = Sentence.wrapped(text, width: max(1, state.size.width))
        let first = max(0, (state.size.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(line, x: 0, y: first + row, width: state.size.width, style: theme.warning)
        }
    }
}

/// A panel's box.
private struct PanelFrame {
    let rect: Rect
    let title: String
    let isFocused: Bool
    let look: Look

    /// Cells of a border that neither title nor facts can have: corners, lines, blanks.
    private static let framing = 9

    /// A panel without a picture stays empty, without a box.
    func draw(_ picture: PanelPicture?, on grid: inout Grid) {
        guard let picture else { return }
        guard let beside = picture.beside else {
            box(rect, facts: picture.facts, footer: picture.footer, on: &grid)
            return picture.draw(rect.inset(), &grid)
        }
        let split = beside.split ?? PanelSplit(rect)
        box(split.first, facts: picture.facts, footer: picture.footer, on: &grid)
        picture.draw(split.inners.first, &grid)
        box(split.second, title: beside.title, facts: beside.facts, footer: beside.footer, on: &grid)
        beside.draw(split.inners.second, &grid)
    }

    /// With what is missing in place of the picture.
    func draw(_ missing: String, on grid: inout Grid) {
        box(rect, facts: "", footer: "", on: &grid)
        look.write(missing, in: rect.inset(), on: &grid)
    }

    private func box(_ rect: Rect, title: String? = nil, facts: String, footer: String, on grid: inout Grid) {
        let theme = look.theme
        let title = title ?? self.title
        let shown = Sentence.shortened(facts, width: rect.width - CellWidth.of(title) - Self.framing)
        grid.box(
            rect, style: isFocused ? theme.focusedBorder : theme.border, title: title,
            titleRight: shown.isEmpty ? nil : shown, footer: footer.isEmpty ? nil : footer,
            titleStyle: isFocused ? theme.focusedBorder : theme.title, focused: isFocused)
    }
}

extension Look {
    /// A sentence in place of a picture.
    func write(_ text: String, in rect: Rect, on grid: inout Grid) {
        let lines = Sentence.wrapped(text, width: max(1, rect.width - 2)).prefix(rect.height)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(line, x: rect.x + 1, y: rect.y + row, width: rect.width - 2, style: theme.dim, in: rect)
        }
    }
}
