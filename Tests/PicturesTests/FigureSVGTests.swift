import Foundation
import FoundationXML
import RopewalkCellGrid
import TestSupport
import Testing

@testable import RopewalkPictures
@testable import RopewalkViews

/// Figures as SVG: golden pictures of small ones, and what no text may do to them.
@Suite struct FigureSVGTests {
    static func map(rows: Int, columns: Int, words: [String] = []) -> Figure {
        let values = (0..<rows * columns).map { place -> Float in
            place % columns > place / columns ? .nan : Float(place % 7) / 7
        }
        var plot = FigurePlot(
            x: words.isEmpty ? .tokens("key (token)", first: 0, count: columns) : .words("key", words),
            y: words.isEmpty
                ? .tokens("query (token)", first: 0, count: rows, isDownwards: true)
                : .words("query", words, isDownwards: true),
            size: FigurePlot.Extent(width: 120, height: 120))
        plot.raster = FigureRaster(
            rows: rows, columns: columns, values: values,
            cells: values.map { $0.isNaN ? .nothing : $0 == 0 ? .hidden : .level($0) })
        plot.bar = FigureBar(title: "weight, linear", ticks: [FigureTick(0, "0"), FigureTick(1, "0.86")])
        plot.marks = [.frame(x: 0...1, y: 1...2, .bad), .across(y: 1.5, "cursor 1")]
        var figure = Figure(title: "Attention of layer 3, head 7", plots: [plot], remarks: ["A remark."])
        figure.swatches = [FigureSwatch(cell: .hidden, title: "hidden by the mask")]
        figure.facts = ["lunyu.txt, 40 tokens", "books-4m", "exact"]
        return figure
    }

    static func curves(_ count: Int) -> Figure {
        let chart = ChartAxis(0...100)
        var plot = FigurePlot(
            x: FigureAxis("position (tokens)", chart, count: 5) { Figures.fixed($0, 0) },
            y: FigureAxis("loss (nats)", ChartAxis(0...2), count: 4) { Figures.fixed($0, 1) },
            size: FigurePlot.Extent(width: 200, height: 100))
        plot.marks = (0..<count).map { line in
            .line(
                (0...10).map { FigureMark.Point(Double($0) * 10, Double(line) * 0.2 + Double($0) / 20) }, series: line,
                isStrong: line == 0)
        }
        var figure = Figure(title: "Mean loss by position", plots: [plot])
        figure.legend = FigureLegend(
            columns: ["≤ 512", "> 512"],
            entries: (0..<count).map {
                FigureLegend.Entry(
                    series: $0, title: "method:factor=\($0)", numbers: ["4.1\($0)2", "5.0"], isStrong: $0 == 0)
            })
        return figure
    }

    @Test(arguments: Ground.allCases) func aSmallMapIsDrawn(_ ground: Ground) throws {
        let figure = Self.map(rows: 4, columns: 4, words: ["The", "猫", "sat", "."])
        let text = FigureSVG(figure, ground: ground).text
        for part in [">猫<", ">key<", "rotate(-90", "hidden by the mask", "A remark.", ">0.86<", "lunyu.txt"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func linesDifferWithoutColours() {
        let text = FigureSVG(Self.curves(8), ground: .light).text
        #expect(text.contains("loss (nats)") && text.contains(">method:factor=7<") && text.contains("> 512") == false)
        #expect(text.contains("&gt; 512"))
        let lines = (0..<8).map { FigureStyle.dashes($0) }
        #expect(Set(lines).count == 8)
        let signs = (0..<8).map { series in
            FigureStyle(.light).sign(series, x: 0, y: 0).replacing(/#[0-9a-f]{6}/, with: "")
        }
        #expect(Set(signs).count == 8)
    }

    /// Lines have 3:1 against the page, text 4.5:1.
    @Test(arguments: Ground.allCases) func everyColourIsSeen(_ ground: Ground) {
        let style = FigureStyle(ground)
        func contrast(_ css: String) -> Double {
            func parts(_ css: String) -> Palette.Components {
                let value = UInt32(css.dropFirst(), radix: 16) ?? 0
                return (UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
            }
            return Lightness.contrast(parts(css), parts(style.paper))
        }
        for css in [style.ink, style.dim] + [.good, .bad, .warning].map({ style.colour($0) }) {
            #expect(contrast(css) >= 4.5, "\(css) on \(style.paper)")
        }
        for series in 0..<8 { #expect(contrast(style.colour(.series(series))) >= 3, "\(series)") }
    }

    /// Many cells are one picture inside of the picture, of a size that does not grow with them.
    @Test func manyCellsAreOnePicture() throws {
        let few = FigureSVG(Self.map(rows: 50, columns: 50), ground: .light).text
        #expect(!few.contains("<image"))
        let text = FigureSVG(Self.map(rows: 128, columns: 128), ground: .dark).text
        let data = try #require(text.firstMatch(of: /base64,([A-Za-z0-9+\/=]+)"/)?.1)
        let bytes = try #require(Data(base64Encoded: String(data)))
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && text.utf8.count < 400_000)
    }

    /// What a text holds is shown, and is neither markup nor a control.
    @Test func hostileWordsStayText() {
        var figure = Self.map(
            rows: 3, columns: 3, words: ["</svg><script>", "a\u{1B}[31m\u{202E}\"'&", "]]>\u{0}\u{FFFE}"])
        figure.title = "<b onload='x'>"
        figure.facts = ["</title>&amp;"]
        let text = FigureSVG(figure, ground: .light).text
        for hostile in ["<script", "<b ", "</title>&", "\u{1B}", "\u{202E}", "\u{0}", "\u{FFFE}", "&amp;amp;\""] {
            #expect(!text.contains(hostile), "\(hostile)")
        }
        let parser = XMLParser(data: Data(text.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
    }

    /// A caption of any length stays on the page, Chinese too, which has no blanks.
    @Test func longCaptionsAreBroken() {
        var figure = Self.map(rows: 3, columns: 3)
        figure.facts = [String(repeating: "学而时习之", count: 60), String(repeating: "x", count: 300)]
        let picture = FigureSVG(figure, ground: .light)
        let lines = FigureText.wrapped(figure.facts.joined(separator: " · "), size: 11, width: picture.width - 24)
        #expect(lines.count > 8 && lines.allSatisfy { FigureText.width($0, size: 11) <= picture.width - 24 })
        #expect(lines.joined().filter { $0 != " " } == figure.facts.joined(separator: "·").filter { $0 != " " })
        #expect(picture.height > FigureSVG(Self.map(rows: 3, columns: 3), ground: .light).height + 100)
    }

    /// No number is none that a reader of XML refuses.
    @Test func numbersAreShort() {
        #expect(
            [0, -0.001, 1.005, -2.5, 1e9, .nan, .infinity, 12.34].map(SVG.number)
                == ["0", "0", "1", "-2.5", "0", "0", "0", "12.34"])
    }

    /// Specs are broken behind their commas, not inside of a word; a number stays whole.
    @Test func specsAreBrokenBetweenParameters() {
        let spec = "Mask: longformer:window=512,dilation=2,globals=0/1204,heads=1,200"
        let lines = FigureText.wrapped(spec, size: 14, width: 200)
        #expect(lines.joined() == spec.replacing(": l", with: ":l") && lines.count > 2)
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix(",") || $0.hasSuffix(":") }, "\(lines)")
        #expect(lines.contains { $0.hasSuffix("heads=1,200") })
    }

    /// Names without room go on in the next line: none is cut, and no number lies on them.
    @Test func longNamesOfLinesAreWhole() {
        var figure = Self.curves(2)
        figure.legend = FigureLegend(
            columns: ["≤ 512", "> 512"],
            entries: [
                FigureLegend.Entry(
                    series: 0,
                    title: "pcw-positions:segments=4,length=512,shared=16 pcw:segments=4,length=512,shared=16",
                    numbers: ["3.479", "3.961"], isStrong: true),
                FigureLegend.Entry(series: 1, title: "rope", numbers: ["3.479", "3.961"], isStrong: false),
            ])
        let (long, short) = (FigureSVG(figure, ground: .light), FigureSVG(Self.curves(2), ground: .light))
        #expect(!long.text.contains("…") && long.text.contains("shared=16<"))
        #expect(long.height > short.height)
    }
}
