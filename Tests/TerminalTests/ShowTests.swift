import CRopewalkNCurses
import Foundation
import RopewalkCellGrid
import Synchronization
import Testing

@testable import RopewalkTerminal

/// What ncurses holds after a grid was shown, read back cell by cell; the bytes go nowhere.
@Suite(.serialized) @MainActor struct ShowTests {
    struct Shown: Equatable {
        var text: String
        var attributes: attr_t
        var foreground: Int32
        var background: Int32
    }

    let terminal: PseudoTerminal
    let screen: TerminalScreen

    init() throws {
        terminal = try PseudoTerminal()
        let sink = open("/dev/null", O_WRONLY)
        let device = try TerminalDevice(input: terminal.slave, output: sink, opened: sink)
        screen = try TerminalScreen(device: device, name: "xterm-256color")
    }

    func read(_ x: Int, _ y: Int) -> Shown {
        var cell = cchar_t()
        mvwin_wch(screen.window, Int32(y), Int32(x), &cell)
        var text = [wchar_t](repeating: 0, count: 8)
        var attributes: attr_t = 0
        var short: Int16 = 0
        var pair: Int32 = 0
        getcchar(&cell, &text, &attributes, &short, &pair)
        var (foreground, background): (Int32, Int32) = (-1, -1)
        if pair != 0 { extended_pair_content(pair, &foreground, &background) }
        let scalars = text.prefix { $0 != 0 }.compactMap { Unicode.Scalar(UInt32($0)) }
        let kept = curses_bold() | curses_dim() | curses_underline() | curses_reverse()
        return Shown(
            text: String(String.UnicodeScalarView(scalars)), attributes: attributes & kept, foreground: foreground,
            background: background)
    }

    @Test func textAttributesAndColoursComeBack() {
        defer { screen.close() }
        var grid = Grid(size: screen.size)
        grid.write("a中e\u{301}", x: 0, y: 0, style: Style(foreground: .ansi(3), attributes: [.bold, .underline]))
        grid.write("x", x: 7, y: 1, style: Style(background: .rgb(95, 0, 135), attributes: [.reverse, .dim]))
        screen.show(grid)
        let style = curses_bold() | curses_underline()
        #expect(read(0, 0) == Shown(text: "a", attributes: style, foreground: 3, background: -1))
        #expect(read(1, 0) == Shown(text: "中", attributes: style, foreground: 3, background: -1))
        #expect(read(3, 0) == Shown(text: "e\u{301}", attributes: style, foreground: 3, background: -1))
        #expect(
            read(7, 1)
                == Shown(text: "x", attributes: curses_reverse() | curses_dim(), foreground: -1, background: 54))
        #expect(read(9, 9) == Shown(text: " ", attributes: 0, foreground: -1, background: -1))
    }

    @Test func unchangedFramesSendNothingAndSmallChangesLittle() {
        defer { screen.close() }
        var grid = Grid(size: screen.size)
        let ramp = Ramp(.viridis, depth: .indexed256)
        for y in 0..<grid.size.height {
            for x in 0..<grid.size.width { grid.put(ramp.cell(upper: x * 7 % 24, lower: (x + y) % 24), x: x, y: y) }
        }
        screen.show(grid)
        #expect(screen.bytesOfLastFrame > 10_000)
        screen.show(grid)
        #expect(screen.bytesOfLastFrame == 0)
        grid.write("k", x: 3, y: 3)
        screen.show(grid)
        #expect(screen.bytesOfLastFrame > 0 && screen.bytesOfLastFrame < 60)
        #expect(read(3, 3).text == "k")
    }

    @Test func wideCharactersReplaceAndGiveWay() {
        defer { screen.close() }
        var grid = Grid(size: screen.size)
        grid.write("中文中文", x: 0, y: 0)
        screen.show(grid)
        grid.write("ab", x: 1, y: 0)
        grid.write("字", x: 4, y: 0)
        screen.show(grid)
        #expect((0..<8).map { read($0, 0).text }.prefix(3) == [" ", "a", "b"])
        #expect(read(4, 0).text == "字" && read(6, 0).text == "文")
    }

    @Test func framesThatNeedMorePairsThanThereAreStillShow() throws {
        screen.close()
        let sink = open("/dev/null", O_WRONLY)
        let device = try TerminalDevice(input: terminal.slave, output: sink, opened: sink)
        let small = try TerminalScreen(device: device, name: "linux")
        defer { small.close() }
        #expect(small.depth == .ansi8)
        var grid = Grid(size: small.size)
        for x in 0..<72 {
            let style = Style(foreground: .ansi(UInt8(x % 8)), background: x < 64 ? .ansi(UInt8(x / 8)) : .standard)
            grid.write("x", x: x, y: 0, style: style)
        }
        small.show(grid)
        small.show(grid)
        #expect((0..<72).allSatisfy { small.shown?[$0, 0].text == "x" })
    }

    @Test func gridsOfAnotherSizeAreFitted() {
        defer { screen.close() }
        for size in [Size(width: 3, height: 1), Size(width: 500, height: 200), Size(width: 0, height: 0)] {
            var grid = Grid(size: size)
            grid.fill(grid.bounds, character: "x")
            screen.show(grid)
            #expect(read(0, 0).text == (size.width == 0 ? " " : "x"))
            #expect(read(screen.size.width - 1, screen.size.height - 1).text == (size.width == 500 ? "x" : " "))
        }
    }

    @Test func charactersUnknownToTheLibraryKeepTheColumns() {
        defer { screen.close() }
        var grid = Grid(size: screen.size)
        let end = grid.write("\u{31350}\u{1FAE8}z", x: 0, y: 0)
        screen.show(grid)
        #expect(read(end - 1, 0).text == "z")
    }

    @Test func onlyOneScreenAtATime() throws {
        let device = try TerminalDevice(input: terminal.slave, output: terminal.slave, opened: nil)
        #expect(throws: TerminalError.alreadyOpen) { try TerminalScreen(device: device, name: "xterm") }
        screen.close()
        #expect(terminal.isCooked)
    }

    @Test func wakingEndsAWaitFromAnotherThread() async {
        let handle = screen.wakeHandle
        let counter = Counter()
        let thread = Thread {
            handle.wake()
            while !counter.isOver { counter.tick() }
        }
        thread.start()
        #expect(screen.nextEvent(timeout: 20) == nil)
        #expect(counter.stop() < 1000)
        #expect(screen.nextEvent(timeout: 0) == nil)
        screen.close()
    }
}

/// A terminal with few pairs of colours.
@Suite @MainActor struct PairTests {
    @Test func pairsAreSharedAndBounded() {
        var writer = PairTable(capacity: 1)
        #expect(writer.number(foreground: nil, background: nil) == 0)
        #expect(writer.number(foreground: 1, background: nil) == nil)
    }

    @Test(arguments: [
        (0, ColourDepth.none), (-1, .none), (8, .ansi8), (16, .ansi16), (88, .ansi16), (256, .indexed256),
    ])
    func depthsFollowTheNumberOfColours(_ colours: Int, _ depth: ColourDepth) {
        #expect(Capabilities.depth(colours: colours) == depth)
    }
}

/// Counts pauses of 10 ms, which a busy machine makes longer as it does everything else.
private final class Counter: Sendable {
    private let ticks = Atomic(0)
    private let over = Atomic(false)

    var isOver: Bool { over.load(ordering: .relaxed) }

    func tick() {
        usleep(10_000)
        ticks.add(1, ordering: .relaxed)
    }

    /// Ends the count, and gives it.
    func stop() -> Int {
        over.store(true, ordering: .relaxed)
        return ticks.load(ordering: .relaxed)
    }
}
