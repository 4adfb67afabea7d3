import RopewalkCellGrid
import Testing

@testable import RopewalkTerminal

@Suite struct DirectColoursTests {
    private func written(_ text: String, _ colours: [Palette.Components]) -> String {
        var direct = DirectColours()
        for colour in colours { _ = direct.index(of: colour) }
        return String(decoding: direct.rewritten(Array(text.utf8)), as: UTF8.self)
    }

    @Test func placesOfThePaletteBecomeColours() {
        let colours: [Palette.Components] = [(1, 2, 3), (255, 0, 128)]
        #expect(written("\u{1B}[38;5;16mx", colours) == "\u{1B}[38;2;1;2;3mx")
        #expect(written("\u{1B}[1;38;5;17;48;5;16m中", colours) == "\u{1B}[1;38;2;255;0;128;48;2;1;2;3m中")
        #expect(written("\u{1B}[48:5:17m", colours) == "\u{1B}[48;2;255;0;128m")
    }

    @Test func allElseStaysAsItIs() {
        let colours: [Palette.Components] = [(1, 2, 3)]
        for text in [
            "38;5;16m", "\u{1B}[31m\u{1B}[38;5;9m\u{1B}[0m", "\u{1B}[38;5;17mx", "\u{1B}[16;5H\u{1B}(B\u{1B}[K",
            "\u{1B}[", "\u{1B}", "\u{1B}[38;5;16", "\u{1B}[38;5m", "",
        ] { #expect(written(text, colours) == text) }
        #expect(written("\u{1B}[38;5;16m", []) == "\u{1B}[38;5;16m")
    }

    @Test func thereAreSoManyAndNoMore() {
        var direct = DirectColours()
        for blue in 0..<240 { #expect(direct.index(of: (7, 7, UInt8(blue))) == 16 + blue) }
        #expect(direct.index(of: (7, 7, 250)) == nil && direct.index(of: (7, 7, 3)) == 19)
        direct.removeAll()
        #expect(direct.index(of: (7, 7, 250)) == 16)
    }

    @Test(
        arguments: [
            ("truecolor", "xterm-256color", nil, true), ("24bit", "xterm-256color", nil, true),
            ("yes", "xterm-256color", nil, false), (nil, "xterm-256color", nil, false),
            ("truecolor", "screen-256color", nil, false), ("truecolor", "screen-256color", "/tmp/tmux", true),
        ] as [(String?, String, String?, Bool)])
    func theEnvironmentPromisesThem(_ colours: String?, _ terminal: String, _ tmux: String?, _ isDirect: Bool) {
        var environment = ["TERM": terminal]
        environment["COLORTERM"] = colours
        environment["TMUX"] = tmux
        #expect(ColourWish(environment).isDirect == isDirect)
    }
}

@Suite struct GroundReportTests {
    @Test(arguments: [
        ("11;rgb:0000/0000/0000", Ground.dark), ("11;rgb:ffff/ffff/ffff", .light), ("11;rgb:f/f/f", .light),
        ("11;rgb:fd/f6/e3", .light), ("11;rgb:1e1e/1e1e/1e1e", .dark), ("11;rgba:ffff/ffff/ffff/8000", .light),
    ])
    func aColourIsAGround(_ body: String, _ ground: Ground) { #expect(GroundReport.parse(Array(body.utf8)) == ground) }

    @Test(arguments: [
        "", "11;?", "10;rgb:ff/ff/ff", "11;rgb:ff/ff", "11;rgb:ff/ff/ff/ff/ff", "11;rgb:fffff/ff/ff", "11;rgb://",
        "11;rgb:gg/00/00", "11;#ffffff",
    ])
    func allElseIsNone(_ body: String) { #expect(GroundReport.parse(Array(body.utf8)) == nil) }
}
