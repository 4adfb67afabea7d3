import RopewalkCellGrid

/// The whole screen as cells.
package struct AppScreen {
    let state: AppState
    let scene: Scene
    /// nil: the status line names no times.
    let timings: Timings?

    package init(state: AppState, scene: Scene, timings: Timings?) {
        self.state = state
        self.scene = scene
        self.timings = timings
    }

    package func grid() -> Grid {
        var grid = Grid(size: state.size)
        let layout = state.layout
        let theme = Theme(depth: state.depth)
        guard !layout.isTooSmall else {
            drawTooSmall(on: &grid, theme: theme)
            return grid
        }
        HeaderLine(state: state).draw(in: layout.header, on: &grid, theme: theme)
        let drawing = PanelDrawing(state: state, scene: scene)
        for panel in layout.order {
            if let rect = layout.panels[panel] { drawing.draw(panel, in: rect, on: &grid) }
        }
        StatusLine(state: state, timings: timings).draw(in: layout.status, on: &grid, theme: theme)
        drawOverlay(layout, on: &grid, theme: theme)
        return grid
    }

    private func drawOverlay(_ layout: PanelLayout, on grid: inout Grid, theme: Theme) {
        switch state.overlay {
        case .help(let top): HelpOverlay(size: state.size, top: top).draw(on: &grid, theme: theme)
        case .menu(let menu): MenuOverlay(menu: menu, place: state.menuPlace).draw(on: &grid, theme: theme)
        case .prompt(let prompt): PromptLine(prompt: prompt).draw(in: layout.status, on: &grid, theme: theme)
        case nil: break
        }
        if let notice = state.notice {
            NoticeBox(notice: notice).draw(above: layout.status, on: &grid, theme: theme)
        }
    }

    private func drawTooSmall(on grid: inout Grid, theme: Theme) {
        let smallest = PanelLayout.smallest
        let text =
            "This screen has \(state.size.width) x \(state.size.height) cells; "
            + "\(smallest.width) x \(smallest.height) are needed."
        let lines = WrappedText.lines(text, width: max(1, state.size.width))
        let first = max(0, (state.size.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            grid.writeTruncated(line, x: 0, y: first + row, width: state.size.width, style: theme.warning)
        }
    }
}
