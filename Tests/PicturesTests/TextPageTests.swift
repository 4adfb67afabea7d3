import Foundation
import RopewalkCellGrid
import TestSupport
import Testing

@testable import RopewalkPictures
@testable import RopewalkViews

/// Text that can be pointed at, and pictures of dots.
@Suite struct TextPageTests {
    private static let hostile = "</script><b onclick='x'>&\"\u{1B}[31m\u{202E}\u{2028}\n"

    private static func page(_ words: [String]) -> TextPage {
        TextPage(
            title: "What “\(hostile)” reads",
            words: words.enumerated().map { TextPage.Word(text: $1, tokens: 3 + $0..<4 + $0, isAdded: $0 == 0) },
            cursor: 4, weights: words.indices.map { Float($0) / 10 }, levels: words.indices.map { Float($0) / 4 },
            bar: FigureBar(
                title: "weight, logarithmic",
                ticks: [FigureTick(0, "≤ 0.0001"), FigureTick(0.5, "0.01"), FigureTick(1, "≥ 0.12")]),
            rows: words.indices.map {
                [TextPage.Key(token: 3 + $0, weight: 0.75), TextPage.Key(token: 0, weight: 1e-6)]
            },
            names: [0: hostile], remarks: [hostile], map: .viridis)
    }

    /// The only markup is the page's own, and the only script too.
    @Test(arguments: Ground.allCases) func nothingOfATextIsObeyed(_ ground: Ground) {
        let figure = FigureSVG(
            FigureSVGTests.map(rows: 3, columns: 3, words: [Self.hostile, "猫", "x"]), ground: ground)
        let text = TextPageHTML(Self.page(["<|bos|>", Self.hostile, " 猫", "y"]), figures: [figure], ground: ground).text
        #expect(
            text.components(separatedBy: "</script>").count == 2 && text.components(separatedBy: "<script").count == 2)
        for mark in ["<b onclick", "\u{1B}", "\u{202E}", "\u{2028}", "src=", "<link", "@import"] {
            #expect(!text.contains(mark), "\(mark)")
        }
        #expect(text.contains("0:\"\\u003c/script\\u003e"))
    }

    /// A word's row stands at its place, and the painting is there without a script.
    @Test func rowsAndColoursAreThoseOfThePage() {
        let text = TextPageHTML(Self.page(["<|bos|>", "one", " two", " 三"]), figures: [], ground: .light).text
        #expect(text.contains("const rows = [[[3,0.75],[0,1e-06]],[[4,0.75],[0,1e-06]]"))
        #expect(text.contains("const first = 3, cursor = 4;"))
        #expect(text.contains("<span class=\"t c\" data-i=\"4\" tabindex=\"-1\">one</span>"))
        #expect(text.contains("<p>≤ 0.0001 <span class=\"bar\"") && text.contains("</span> ≥ 0.12 "))
        #expect(text.contains("linear-gradient(to right,#fffcd6"))
        #expect(text.contains("class=\"t s\"") && text.contains("> 三</span>"))
        #expect(
            text.matches(of: /data-i="[56]" tabindex="-1" style="background:#[0-9a-f]{6};color:#[0-9a-f]{6}"/).count
                == 2)
    }

    /// A line end has no width of its own: it gets a sign that its paint can be seen on.
    @Test func lineEndsCanBeSeen() {
        let text = TextPageHTML(Self.page(["<|bos|>", "one", "\n", "two"]), figures: [], ground: .light).text
        #expect(text.contains("<span class=\"t n\" data-i=\"5\"") && text.contains(".n::before { content: \"\\21b5\""))
        #expect(text.contains("replace(/\\n/g, \"\\u21b5\")"))
    }

    @Test func dotsAreOfTheSizeThatIsAskedFor() throws {
        let picture = VectorPicture(
            FigureSVG(FigureSVGTests.map(rows: 4, columns: 4, words: ["The", "猫", "a", "b"]), ground: .light))
        let bytes = try PNGPicture.bytes(picture, scale: 1.5)
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(number(16) == Int((picture.width * 1.5).rounded(.up)))
        #expect(number(20) == Int((picture.height * 1.5).rounded(.up)))
    }

    @Test func whatCannotBeDrawnIsRefused() throws {
        let figure = FigureSVGTests.map(rows: 4, columns: 4)
        let picture = VectorPicture(FigureSVG(figure, ground: .dark))
        for scale in [40.0, .infinity, .nan, 0, -1] {
            #expect(throws: PictureError.self) { try PNGPicture.bytes(picture, scale: scale) }
        }
        // Hieroglyphs have no font among those that are installed, on a machine that has no more.
        var foreign = figure
        foreign.title = "\u{13000}"
        do {
            _ = try PNGPicture.bytes(VectorPicture(FigureSVG(foreign, ground: .dark)), scale: 1)
        } catch {
            #expect(error == .font("\u{13000}") && error.description.contains("fonts-noto-core"), "\(error)")
        }
    }
}
