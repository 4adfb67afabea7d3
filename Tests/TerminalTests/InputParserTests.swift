import RopewalkCellGrid
import Testing

@testable import RopewalkTerminal

/// What terminals send, in memory: in one piece, byte by byte, damaged, and at random.
struct InputParserTests {
    /// All events of some bytes, fed in pieces of a size; at the end nothing more comes.
    static func events(_ text: String, pieces: Int = .max) -> [InputEvent] { events(Array(text.utf8), pieces: pieces) }

    static func events(_ bytes: [UInt8], pieces: Int = .max) -> [InputEvent] {
        var parser = InputParser()
        var events: [InputEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            parser.feed(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let event = parser.next() { events.append(event) }
        }
        while parser.patience != nil {
            guard let event = parser.next(isPatient: false) else { break }
            events.append(event)
        }
        return events
    }

    /// An answer that comes in two parts, the second one after the program has waited as long as `waits`, is no keys.
    @Test(arguments: 1...11) func anAnswerInPartsIsNoKeys(cut: Int) {
        let answer = Array("\u{1B}]11;rgb:ffff/ffff/ffff\u{7}q".utf8)
        var parser = InputParser()
        parser.awaitsAnswer = true
        parser.feed(answer.prefix(cut))
        var events: [InputEvent] = []
        while let event = parser.next() { events.append(event) }
        // Behind Escape alone nobody waits: it is a key that readers press.
        if let patience = parser.patience, patience < 0.1 {
            while let event = parser.next(isPatient: false) { events.append(event) }
        }
        parser.feed(answer.dropFirst(cut))
        while let event = parser.next() { events.append(event) }
        #expect(events == (cut == 1 ? [.key(.escape)] : []) + [.ground(.light), .key(.character("q"))])
    }

    /// Byte by byte, each after a pause; and keys that only look like the beginning are keys.
    @Test func anAnswerByteByByteIsNoKeys() {
        var parser = InputParser()
        parser.awaitsAnswer = true
        var events: [InputEvent] = []
        for byte in Array("\u{1B}]11;rgb:00/00/00\u{7}q".utf8) {
            parser.feed([byte])
            while let event = parser.next() { events.append(event) }
            guard let patience = parser.patience, patience < 0.1 else { continue }
            while let event = parser.next(isPatient: false) { events.append(event) }
        }
        #expect(events == [.key(.escape), .ground(.dark), .key(.character("q"))])
        events = []
        parser.feed([0x1B])
        while let event = parser.next(isPatient: false) { events.append(event) }
        parser.feed(Array("]]q".utf8))
        while let event = parser.next() { events.append(event) }
        #expect(events == [.key(.escape)] + [.key(.character("]"))] * 2 + [.key(.character("q"))])
        parser.feed([0x1B])
        while parser.next(isPatient: false) != nil {}
        parser.feed([0x5D])
        #expect(parser.next() == nil && parser.next(isPatient: false) == .key(.character("]")))
    }

    static func press(_ x: Int, _ y: Int) -> InputEvent { .mouse(Mouse(action: .press, x: x, y: y)) }

    static let cases: [(String, [InputEvent])] = [
        ("aé中", [.key(.character("a")), .key(.character("é")), .key(.character("中"))]),
        ("\u{1B}", [.key(.escape)]), ("\u{1B}\u{1B}[A", [.key(.escape), .key(.up)]),
        ("\u{1B}j", [.key(.escape), .key(.character("j"))]),
        ("\u{1B}[A\u{1B}OB\u{1B}[1C", [.key(.up), .key(.down), .key(.right)]),
        ("\u{1B}[5~\u{1B}[24~\u{1B}[[C\u{1B}OR", [.key(.pageUp), .key(.function(12))] + [.key(.function(3))] * 2),
        ("\u{1B}Op\u{1B}Oy\u{1B}OM", [.key(.character("0")), .key(.character("9")), .key(.enter)]),
        // Keys with others held, reports of colours, focus and places: nothing of them is a key.
        ("\u{1B}[1;5Cq", [.key(.character("q"))]), ("\u{1B}[12;40Rq", [.key(.character("q"))]),
        ("\u{1B}[Iq\u{1B}[O", [.key(.character("q"))]), ("\u{1B}[?62;22cq", [.key(.character("q"))]),
        ("\u{1B}]11;rgb:0000/0000/0000\u{7}q", [.ground(.dark), .key(.character("q"))]),
        ("\u{1B}]11;rgb:ff/ff/ff\u{1B}\\q", [.ground(.light), .key(.character("q"))]),
        ("\u{1B}]11;?\u{7}\u{1B}]10;rgb:ff/ff/ff\u{7}q", [.key(.character("q"))]),
        ("\u{1B}P>|XTerm(390)\u{1B}\\q", [.key(.character("q"))]), ("\u{1B}_Gi=1;OK\u{1B}\\q", [.key(.character("q"))]),
        ("\u{9B}31mq\u{9D}52;c;qqq\u{7}j", [.key(.character("q")), .key(.character("j"))]),
        // A sequence that another control breaks off.
        ("\u{1B}[12\u{1B}[Aq", [.key(.up), .key(.character("q"))]),
        // With nothing behind it, what could begin a text for programs is Alt and a letter.
        ("\u{1B}P", [.key(.escape), .key(.character("P"))]),
        ("\u{1B}[<0;7;3M\u{1B}[<0;7;3m", [press(6, 2)]), ("\u{1B}[M '#\u{1B}[M#'#", [press(6, 2)]),
        ("\u{1B}[32;7;3M", [press(6, 2)]), ("\u{1B}[<35;7;3Mq", [.key(.character("q"))]),
        (
            "\u{1B}[<64;1;1M\u{1B}[<65;1;1M\u{1B}[<2;1;1M",
            [
                .mouse(Mouse(action: .wheelUp, x: 0, y: 0)), .mouse(Mouse(action: .wheelDown, x: 0, y: 0)),
                .mouse(Mouse(action: .secondaryPress, x: 0, y: 0)),
            ]
        ),
        ("\u{1B}[<99999999999999999999;1;1Mq\u{1B}[<0;0;0Mq", [.key(.character("q"))] * 2),
        ("\u{1B}[200~q\r\u{1B}[A:quit\u{1B}[201~j", [.paste("q\r\u{1B}[A:quit"), .key(.character("j"))]),
        ("\u{1B}[200~\u{1B}[20\u{1B}[201~", [.paste("\u{1B}[20")]), ("\u{1B}[200~no end", [.paste("no end")]),
    ]

    @Test(arguments: cases) func sequencesMeanWhatTheyShould(_ sent: String, _ expected: [InputEvent]) {
        for pieces in [1, 2, 3, .max] {
            #expect(Self.events(sent, pieces: pieces) == expected, "\(sent.debugDescription) in pieces of \(pieces)")
        }
    }

    @Test func bytesThatAreNoTextAreNoKeys() {
        #expect(Self.events([0xC3, 0x28, 0xFF, 0xE4, 0xB8, 0x71]) == [.key(.character("(")), .key(.character("q"))])
        #expect(Self.events([0xE4, 0xB8]) == [])
    }

    /// A megabyte is one event, and takes no longer than reading it.
    @Test func aLongPasteIsOneEvent() {
        let text = String(repeating: "j\u{1B}[q\n", count: 250_000)
        #expect(
            Self.events("\u{1B}[200~" + text + "\u{1B}[201~q", pieces: 4096) == [.paste(text), .key(.character("q"))])
    }

    /// Whatever comes, in whatever pieces: the parser ends, keeps little, and hears the keys that follow a pause.
    @Test func noBytesHangIt() {
        var state: UInt64 = 7
        func dice(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        let parts: [[UInt8]] = [
            [0x1B], [0x5B], [0x4F], [0x5D], [0x50], [0x9B], [0xC2], [0x3B], [0x3C], [0x4D], [0x7E], [0x07], [0x5C],
            Array("200~".utf8), Array("201~".utf8), Array("\u{1B}[<0;3".utf8), Array("é".utf8), [0x30], [0x39],
        ]
        for _ in 0..<20_000 {
            var parser = InputParser()
            for _ in 0..<dice(24) {
                parser.feed(dice(4) == 0 ? [UInt8(dice(256))] : parts[dice(parts.count)])
                while parser.next(isPatient: dice(5) > 0) != nil {}
            }
            for _ in 0..<4 { while parser.next(isPatient: false) != nil {} }
            parser.feed(Array("q".utf8))
            #expect(parser.next() == .key(.character("q")))
        }
    }

    @Test(arguments: [
        ("xterm-kitty", "xterm-256color"), ("xterm-ghostty", "xterm-256color"), ("ghostty", "xterm-256color"),
        ("xterm-16color", "xterm"), ("foot-extra", "xterm-256color"), ("st-256color", "xterm-256color"),
        ("tmux-direct", "tmux-256color"), ("screen.xterm-new", "screen-256color"), ("linux-m1", "linux"),
        ("rxvt-unicode-256color", "rxvt-256color"), ("vt525", "vt220"),
    ])
    func unknownTerminalsHaveANearOne(_ name: String, _ near: String) {
        #expect(TerminalName.candidates(for: name).dropFirst().first == near)
    }

    @Test(arguments: ["no-such-terminal", "dumb", "", "stone"]) func othersHaveNone(_ name: String) {
        #expect(TerminalName.candidates(for: name) == [name])
    }
}

private func * (events: [InputEvent], count: Int) -> [InputEvent] { (0..<count).flatMap { _ in events } }
