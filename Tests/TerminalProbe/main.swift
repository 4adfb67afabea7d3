import RopewalkCellGrid
import RopewalkTerminal

// Shows the size and the last event until "q"; the tests of Terminal drive it through a pseudo-terminal.
@MainActor func run(_ screen: TerminalScreen) {
    var last = "none"
    var count = 0
    while screen.isConnected {
        var grid = Grid(size: screen.size)
        grid.write("size=\(screen.size.width)x\(screen.size.height)", x: 0, y: 0)
        grid.write("last=\(last);", x: 0, y: 1)
        grid.write("events=\(count)", x: 0, y: 3)
        grid.write("ink 中é▀", x: 0, y: 2, style: Style(foreground: .ansi(2), background: .rgb(95, 0, 135)))
        screen.show(grid)
        for event in screen.events(timeout: 5) {
            last = "\(event)"
            count += 1
            switch event {
            case .key(.character("q")): return
            case .key(.character("!")): _ = [Int]()[last.count]
            case .key(.control("z")): screen.suspend()
            default: break
            }
        }
    }
}

do {
    let screen = try TerminalScreen()
    run(screen)
    screen.close()
    print("done")
} catch {
    print("error: \(error)")
}
