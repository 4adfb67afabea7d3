import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// A page of text as one HTML file that needs no network: painted by what the cursor reads; a word that is pointed at shows
/// what it reads. Without scripts it is the painted text. Figures stand below.
package struct TextPageHTML {
    private let page: TextPage
    private let figures: [FigureSVG]
    private let style: FigureStyle
    private let colours: [Colour]

    private static let levels = 64

    package init(_ page: TextPage, figures: [FigureSVG], ground: Ground) {
        (self.page, self.figures, style) = (page, figures, FigureStyle(ground))
        colours = page.map.colours(count: Self.levels, depth: .direct, ground: ground)
    }

    package var text: String {
        let title = Self.escaped(([page.title] + page.facts).joined(separator: " · "))
        let notes = page.remarks.map { "<p>\(Self.escaped($0))</p>\n" }.joined()
        return """
            <!DOCTYPE html>
            <html lang="\(Language.current.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(title)</title>
            <style>
            \(sheet)
            </style>
            </head>
            <body>
            <h1>\(Self.escaped(page.title))</h1>
            <div id="text">\(page.words.map(word).joined())</div>
            <div id="row" aria-live="polite"></div>
            \(scale)\(notes)<p class="of">\(Self.escaped(page.facts.joined(separator: " · ")))</p>
            \(figures.map { "<figure>\n\($0.text)</figure>\n" }.joined())<script>
            const rows = [\(page.rows.map(row).joined(separator: ","))];
            const names = {\(page.names.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.quoted($0.value))" }.joined(separator: ","))};
            const first = \(page.tokens.lowerBound), cursor = \(page.cursor);
            \(Self.script)
            </script>
            </body>
            </html>

            """
    }

    // MARK: The text

    private func word(_ word: TextPage.Word) -> String {
        let places = word.tokens.map { $0 - page.tokens.lowerBound }
        let level = places.compactMap { page.levels.indices.contains($0) ? page.levels[$0] : nil }.max() ?? 0
        let isCursor = word.tokens.contains(page.cursor)
        let classes = ["t", isCursor ? "c" : nil, word.isAdded ? "s" : nil, word.text.contains("\n") ? "n" : nil]
            .compactMap { $0 }.joined(separator: " ")
        let paint = isCursor || level <= 0 ? "" : " style=\"\(Self.paint(colour(level)))\""
        // The last token of several that share a character is the one that has read all of it.
        return "<span class=\"\(classes)\" data-i=\"\(word.tokens.upperBound - 1)\" tabindex=\"-1\"\(paint)>"
            + "\(Self.lines(word.text))</span>"
    }

    private func colour(_ level: Float) -> Colour {
        colours[min(colours.count - 1, max(0, Int(level * Float(colours.count - 1))))]
    }

    /// The colours from the lowest to the highest, with the weights at both ends.
    private var scale: String {
        guard let low = page.bar.ticks.first, let high = page.bar.ticks.last else { return "" }
        let stops = (0...Self.stops).map { RasterSVG.css(colour(Float($0) / Float(Self.stops))) }
        return "<p>\(Self.escaped(low.text)) <span class=\"bar\" style=\"background:linear-gradient(to right,"
            + stops.joined(separator: ",") + ")\"></span> \(Self.escaped(high.text)) "
            + "<span class=\"of\">\(Self.escaped(page.bar.title))</span></p>\n"
    }

    private static let stops = 16

    private static func paint(_ colour: Colour) -> String {
        "background:\(RasterSVG.css(colour));color:\(RasterSVG.css(Lightness.readableForeground(on: colour)))"
    }

    private static func escaped(_ text: String) -> String { GridPage.escaped(Printable.text(text)) }

    /// Line ends stay; everything else that a page would obey is shown.
    private static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
            .joined(separator: "\n")
    }

    // MARK: What is pointed at

    private func row(_ keys: [TextPage.Key]) -> String {
        "[" + keys.map { "[\($0.token),\(SVG.weight($0.weight))]" }.joined(separator: ",") + "]"
    }

    /// As a script writes a text; nothing in it ends the script.
    private static func quoted(_ text: String) -> String {
        "\""
            + Printable.text(text).unicodeScalars.map { scalar in
                switch scalar {
                case "\"", "\\", "<", ">", "&", "'", "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}":
                    "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
                        + String(scalar.value, radix: 16)
                default: String(scalar)
                }
            }.joined() + "\""
    }

    /// A line end that is painted has a sign: else the strongest key of many heads would not be seen.
    private var sheet: String {
        """
        body { margin: 1.5em auto; max-width: 46em; padding: 0 1em; background: \(style.paper); color: \(style.ink);
          font: 16px/1.7 \(FigureText.fonts); }
        h1 { font-size: 1.25em; }
        #text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .t { border-radius: 2px; cursor: pointer; padding: 1px 0; }
        .t:hover, .t:focus, .t.q { outline: 2px solid \(style.colour(.series(1))); }
        .c { background: \(style.colour(.bad)); color: \(style.paper); font-weight: bold; }
        .n::before { content: "\\21b5"; color: transparent; }
        .n[style*="background"]::before, .n[style*="shadow"]::before, .n.c::before, .n.q::before { color: inherit; }
        .s { font-size: 0.75em; border: 1px solid \(style.dim); }
        #row { position: sticky; bottom: 0; min-height: 3.4em; margin: 1em 0; padding: 0.4em 0; background: \(style.paper);
          border-top: 1px solid \(style.dim); font-size: 0.9em; }
        #row span { display: inline-block; margin-right: 1em; }
        #row b { font-weight: bold; }
        p { font-size: 0.85em; margin: 0.4em 0; }
        .bar { display: inline-block; width: 12em; height: 0.9em; vertical-align: middle; border: 1px solid \(style.dim); }
        .of { color: \(style.dim); }
        figure { margin: 2em 0; }
        svg { max-width: 100%; height: auto; }
        """
    }

    /// Paints the row of the word that is pointed at, strongest in full, and lists its keys; away from words the cursor's
    /// comes back. Texts are only ever set as text.
    private static let script = """
        const words = [...document.querySelectorAll(".t")], box = document.getElementById("row");
        const own = words.map(w => w.getAttribute("style") || "");
        const at = new Map(); words.forEach(w => at.set(+w.dataset.i, w));
        const name = i => (at.has(i) ? at.get(i).textContent : (names[i] || "")).replace(/\\n/g, "\\u21b5").trim();
        function restore() { words.forEach((w, k) => { w.setAttribute("style", own[k]); w.classList.remove("q"); }); }
        function list(i) {
          box.textContent = "";
          const head = document.createElement("b");
          head.textContent = "\\u201c" + name(i) + "\\u201d (" + i + ") \\u2192 ";
          box.append(head);
          for (const [key, weight] of rows[i - first] || []) {
            const item = document.createElement("span");
            item.textContent = weight.toPrecision(2) + " \\u201c" + name(key) + "\\u201d (" + key + ")";
            box.append(item);
          }
        }
        function show(word) {
          const i = +word.dataset.i, row = rows[i - first] || [], top = row.length ? row[0][1] : 1;
          words.forEach(w => w.setAttribute("style", ""));
          word.classList.add("q");
          for (const [key, weight] of row) {
            if (at.has(key)) at.get(key).style.boxShadow =
              "inset 0 -1.5em 0 rgba(86,180,233," + Math.max(0.12, 0.75 * weight / top) + ")";
          }
          list(i);
        }
        words.forEach(w => {
          w.addEventListener("mouseenter", () => { restore(); show(w); });
          w.addEventListener("click", () => { restore(); show(w); });
          w.addEventListener("focus", () => { restore(); show(w); });
        });
        document.getElementById("text").addEventListener("mouseleave", () => { restore(); list(cursor); });
        list(cursor);
        """
}
