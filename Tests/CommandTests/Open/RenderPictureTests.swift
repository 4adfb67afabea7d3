import Foundation
import TestSupport
import Testing

/// `render --format svg`, `html` and `cast`.
@Suite struct RenderPictureTests {
    /// Well-formed, with the text that the screen has, whose caption says text, model and what the numbers are.
    @Test(arguments: ["svg", "html"])
    func picturesHaveTheScreen(_ format: String) throws {
        for theme in ["dark", "light"] {
            let run = try CommandRun("render --tokens 200 --format \(format) --theme \(theme)")
            run.expectFine()
            let title = run.output.components(separatedBy: "<title>").dropFirst().first ?? ""
            #expect(
                title.contains("books-4m") && title.prefix(while: { $0 != "<" }).hasSuffix("exact"),
                "\(title.prefix(200))")
            #expect(!run.output.contains("http") || format == "svg")
        }
        let svg = try CommandRun("render --tokens 200 --format svg")
        let parser = XMLParserProbe(svg.bytes)
        #expect(parser.isWellFormed)
    }

    /// The program writes its own screen as a picture where the file's name asks for it.
    @Test func theScreenCanBeSavedAsAPicture() throws {
        let scratch = try Scratch()
        for (name, beginning) in [("a.svg", "<svg"), ("a.html", "<!DOCTYPE html>"), ("a.txt", " ropewalk")] {
            let out = scratch.path(name)
            try CommandRun(["render", "--tokens", "100", "--do", "save screen \(out)"]).expectFine()
            let text = try String(contentsOfFile: out, encoding: .utf8)
            #expect(text.hasPrefix(beginning) && text.contains("books-4m"), "\(name)")
        }
    }

    /// The first screen, and one a key; waiting is none.
    @Test func castsHaveAScreenAKey() throws {
        let run = try CommandRun([
            "render", "--tokens", "200", "--format", "cast", "--keys", "l wait l", "--pause", "0.5",
        ])
        run.expectFine()
        let times = try run.lines.dropFirst().map { line -> Double in
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
            return try #require(event[0] as? Double)
        }
        // The last one is no screen: until then the last screen stands.
        #expect(times == [0, 0.5, 1, 1.5])
    }

    /// All steps of a lesson, each as long as it takes to read.
    @Test func lessonsAreCast() throws {
        let run = try CommandRun("render --lesson word --format cast --size 80x24")
        run.expectFine()
        let events = try run.lines.dropFirst().map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any])
        }
        let times = events.compactMap { $0[0] as? Double }
        #expect(times.count == events.count && times.count > 5 && times.first == 0)
        #expect(zip(times, times.dropFirst()).allSatisfy { (3...60).contains($1 - $0) }, "\(times)")
    }

    /// Axes with units, and a caption with text, model, methods and what the numbers are; a hidden panel too.
    @Test(arguments: [
        ("map", ["query (token)", "key (token)", "layer 3, head 7", "exact"]),
        ("loss", ["position (tokens)", "loss (nats)", "pi:factor=", "exact runs"]),
        ("distance", ["true distance (tokens)", "from the methods alone"]),
        ("heads", ["L3", "H7", "layer", "head", "exact"]), ("mask", ["query (token)", "full causal attention"]),
        ("word", ["score q·k", "weight", "part of the output (%)", "exact"]),
        ("rotation", ["wavelength (tokens)", "angle (turns)", "part of q·k/√d", "exact"]),
    ])
    func onePanelIsAFigure(_ panel: String, _ parts: [String]) throws {
        for theme in [[], ["--theme", "dark"]] {
            let run = try CommandRun(
                ["render", "--tokens", "300", "--at", "200", "--panel", panel, "--format", "svg", "--size", "80x24"]
                    + theme)
            run.expectFine()
            for part in parts + ["of 41,656 tokens", "books-4m", "ropewalk 0."] {
                #expect(run.output.contains(part), "\(panel): \(part)")
            }
            #expect(run.output.contains(theme.isEmpty ? "fill=\"#ffffff\"" : "fill=\"#101218\""))
            #expect(XMLParserProbe(run.bytes).isWellFormed)
        }
    }

    /// The svg as dots, twice as many a side where nothing else is said; Chinese too.
    @Test func picturesBecomeDots() throws {
        let scratch = try Scratch()
        let out = scratch.path("a.png")
        for (options, size) in [
            (["--size", "80x24"], (1_440, 960)), (["--size", "80x24", "--scale", "1"], (720, 480)),
            (["--panel", "map", "--scale", "0.5"], nil),
        ] as [([String], (Int, Int)?)] {
            try CommandRun(
                ["render", "samples/texts/lunyu.txt", "--tokens", "40", "--format", "png", "--out", out] + options
            ).expectFine()
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: out)))
            #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
            if let size { #expect(number(16) == size.0 && number(20) == size.1, "\(options)") }
        }
        try CommandRun("render --tokens 20 --size 1000x1000 --format png --scale 16").expectError("--scale", "svg")
        try CommandRun("render --tokens 20 --format png --scale 17").expectError("--scale", "0.25 to 16")
    }

    /// A character that no font has is named, and nothing is written.
    @Test func whatHasNoFontIsRefused() throws {
        let scratch = try Scratch()
        let (text, out) = (scratch.path("a.txt"), scratch.path("a.png"))
        try "one \u{13000} two".write(toFile: text, atomically: true, encoding: .utf8)
        let run = try CommandRun(["render", text, "--format", "png", "--out", out, "--size", "80x24"])
        if run.status != 0 { run.expectError("U+13000", "install", "svg") }
        #expect((run.status == 0) == FileManager.default.fileExists(atPath: out))
    }

    /// The text of a page is whole, its script has the rows, and nothing of a text is markup.
    @Test func theTextIsAPageThatCanBePointedAt() throws {
        let scratch = try Scratch()
        let text = scratch.path("a.txt")
        try "</script><b onclick=x>tired of \u{1B}[31m sitting\n& \"so\" 学而时习之".write(
            toFile: text, atomically: true, encoding: .utf8)
        for theme in ["light", "dark"] {
            let run = try CommandRun(["render", text, "--panel", "text", "--format", "html", "--theme", theme])
            run.expectFine()
            for hostile in ["</script><b", "<b onclick", "\u{1B}", "http://", "https://"] {
                let shown = run.output.replacing("http://www.w3.org/2000/svg", with: "")
                #expect(!shown.contains(hostile), "\(hostile)")
            }
            #expect(run.output.components(separatedBy: "</script>").count == 2)
            for part in ["const rows = [[", ">学</span>", "Point at a word", "<svg", "exact", "a.txt"] {
                #expect(run.output.contains(part), "\(part)")
            }
        }
        try CommandRun("render --tokens 20 --panel text --format svg").expectError("--format html")
    }

    /// What the program is asked to save as a figure, by the panel that has the keys.
    @Test func figuresAreSavedFromTheProgram() throws {
        let scratch = try Scratch()
        for (name, beginning) in [("a.svg", "<svg"), ("a.html", "<!DOCTYPE html>"), ("a.png", "\u{FFFD}PNG")] {
            let out = scratch.path(name)
            try CommandRun(["render", "--tokens", "100", "--do", "panel focus map; save figure \(out)"]).expectFine()
            let bytes = try Data(contentsOf: URL(fileURLWithPath: out))
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(beginning), "\(name)")
        }
        let dark = scratch.path("b.svg")
        try CommandRun(["render", "--tokens", "100", "--do", "panel focus map; save slide \(dark)"]).expectFine()
        #expect(try String(contentsOfFile: dark, encoding: .utf8).contains("fill=\"#101218\""))
        // What is no picture is written nowhere.
        let other = scratch.path("c.txt")
        try CommandRun(["render", "--tokens", "100", "--do", "panel focus map; save figure \(other)"])
            .expectError("a figure is svg, png or html")
        #expect(!FileManager.default.fileExists(atPath: other))
    }

    /// A file that says what it is by its name is that.
    @Test func theEndingOfTheFileSaysTheFormat() throws {
        let scratch = try Scratch()
        for (name, beginning) in [
            ("a.svg", "<svg"), ("a.HTML", "<!DOCTYPE html>"), ("a.cast", "{"), ("a.txt", " ropewalk"),
        ] {
            let out = scratch.path(name)
            try CommandRun(["render", "--tokens", "20", "--size", "80x24", "--out", out]).expectFine()
            #expect(try String(contentsOfFile: out, encoding: .utf8).hasPrefix(beginning), "\(name)")
        }
        let map = scratch.path("map.svg")
        try CommandRun(["render", "--tokens", "20", "--panel", "map", "--out", map]).expectFine()
        #expect(try String(contentsOfFile: map, encoding: .utf8).hasPrefix("<svg"))
        let text = scratch.path("b.svg")
        try CommandRun(["render", "--tokens", "20", "--format", "text", "--out", text]).expectFine()
        #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix(" ropewalk"))
    }

    @Test func whatTheyDoNotTakeIsRefused() throws {
        try CommandRun("render --tokens 20 --panel map").expectError("--panel", "--format svg", "html")
        try CommandRun("render --tokens 20 --panel answers --format svg").expectError("leave --panel out")
        #expect(try !CommandRun("render --help").output.contains("answers, word"))
        // A text without words has one token, and no loss.
        let scratch = try Scratch()
        let empty = try scratch.file("empty.txt", "")
        try CommandRun(["render", "--panel", "loss", "--format", "svg", empty]).expectError("two tokens or more")
        try CommandRun("render --tokens 1 --panel loss --format svg").expectError("two tokens or more")
        let few = try CommandRun("render --tokens 3 --panel loss --format svg")
        #expect(few.output.contains("Too few tokens for a curve") && few.output.contains(">0.25<"))
        #expect(!few.output.contains(">0.3<") && few.output.components(separatedBy: ">1</text>").count == 2)
        let map = try CommandRun(["render", "--panel", "map", "--format", "svg", empty])
        #expect(map.output.contains("empty.txt, 1 token") && !map.output.contains("1 tokens"))
        try CommandRun("render --tokens 20 --panel books --format svg").expectError("--panel", "distance")
        try CommandRun("render --tokens 20 --format cast --pause 0").expectError("--pause", "0.01 to 3600")
        try CommandRun("render --tokens 20 --format svg --theme blue").expectError("--theme", "light")
        try CommandRun("render --tokens 20 --format bmp").expectError("--format", "svg")
    }
}

/// Whether every element that begins also ends: enough for what a writer of pictures can get wrong.
struct XMLParserProbe {
    let isWellFormed: Bool

    init(_ bytes: Data) {
        var open: [Substring] = []
        var isFine = true
        for part in String(decoding: bytes, as: UTF8.self).split(separator: "<").dropFirst(0) {
            guard let end = part.firstIndex(of: ">") else {
                isFine = false
                continue
            }
            let tag = part[..<end]
            let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
            if tag.hasPrefix("/") {
                isFine = isFine && open.popLast() == tag.dropFirst()
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        isWellFormed = isFine && open.isEmpty
    }
}
