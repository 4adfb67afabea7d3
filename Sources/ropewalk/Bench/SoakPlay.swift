import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// Plays a list of random events into the whole program without a terminal, and looks after each whether all is well.
struct SoakPlay {
    let events: SoakEvents
    let subjects: SoakSubjects
    /// What the process had in memory, in MB, a reading every fifty events.
    private(set) var memory: [Int] = []

    init(events: SoakEvents, subjects: SoakSubjects) {
        self.events = events
        self.subjects = subjects
    }

    /// What went wrong at which event of the list; nil where all went well.
    mutating func play(_ numbers: [Int]) -> String? {
        defer { unlink(subjects.maskPath) }
        var size = Size(width: 120, height: 40)
        var app = subjects.app(Int(events.seed % 1000), size: size)
        for (place, number) in numbers.enumerated() {
            let event = events.event(number, mask: subjects.maskPath)
            if take(event, &app) == .quit {
                app.stop()
                app = subjects.app(number, size: size)
            }
            usleep(events.pause(number) * 1000)
            _ = app.drainMessages()
            size = app.state.size
            if let fault = SoakRules.fault(app.frame(), of: app) { return "event \(number): \(fault) (\(event))" }
            if app.settle(), let fault = SoakRules.fault(app.frame(), of: app) {
                return "event \(number), settled: \(fault)"
            }
            guard place % 50 == 0 else { continue }
            let process = ProcessFigures(getpid())
            memory.append(process.megabytes)
            if let fault = process.fault { return "event \(number): \(fault)" }
        }
        app.stop()
        return nil
    }

    private func take(_ event: SoakEvents.Event, _ app: inout AppLoop) -> AppLoop.Request? {
        switch event {
        case .input(let event): return app.handle(event)
        case .action(let action): return app.ask(action)
        case .disturb(let number):
            subjects.disturb(number)
            return nil
        case .open(let number):
            app.stop()
            app = subjects.app(number, size: app.state.size)
            return nil
        }
    }
}

/// What holds after every event.
enum SoakRules {
    /// What does not hold; nil where all does.
    static func fault(_ grid: Grid, of app: AppLoop) -> String? {
        screenFault(grid, size: app.state.size) ?? rowFault(app.state) ?? labelFault(grid, app.state)
    }

    /// A screen is complete: as large as asked for, and every wide character has its second cell.
    private static func screenFault(_ grid: Grid, size: Size) -> String? {
        guard grid.size == size else { return "a screen of \(grid.size) for \(size)" }
        for y in 0..<grid.size.height {
            var width = 0
            for x in 0..<grid.size.width { width += CellWidth.of(grid[x, y].text) }
            if width != grid.size.width { return "line \(y) has \(width) columns of \(grid.size.width)" }
        }
        return nil
    }

    /// What the cursor reads, where it is exact, adds up to 1; to less where a sink takes a part of it.
    private static func rowFault(_ state: AppState) -> String? {
        guard let lens = state.lens, lens.basis == .exact, state.focus.cursor % 16 == 0,
            let row = lens.row(layer: state.focus.layer, head: state.focus.head, query: state.focus.cursor)
        else { return nil }
        let sum = row.weights.reduce(0) { $0 + Double($1) }
        let hasNegative = row.weights.contains { !($0 >= 0) }
        let isWhole = abs(sum - 1) < 1e-3 || sum == 0 || lens.setup.rules[state.focus.layer].sinks != nil && sum < 1
        return isWhole && !hasNegative ? nil : "an exact row adds up to \(sum)"
    }

    /// A preview is never without its name.
    private static func labelFault(_ grid: Grid, _ state: AppState) -> String? {
        guard state.lens?.basis == .preview, state.overlay == nil, state.notice == nil, grid.size.width >= 100,
            grid.size.height >= 20, state.sources.model.failure == nil
        else { return nil }
        let header = (0..<grid.size.width).map { grid[$0, 0].text }.joined()
        // The events may have changed the language.
        let name = Language.with(state.appearance.language) { say("preview") }
        return header.contains(name) ? nil : "a preview without its name: \(header)"
    }
}
