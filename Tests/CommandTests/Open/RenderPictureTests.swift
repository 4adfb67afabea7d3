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
        #expect(times == [0, 0.5, 1])
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

    @Test func whatTheyDoNotTakeIsRefused() throws {
        try CommandRun("render --tokens 20 --panel map").expectError("--panel", "--format svg")
        try CommandRun("render --tokens 20 --panel answers --format svg").expectError("save screen")
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
