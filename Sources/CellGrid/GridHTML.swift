import RopewalkPhrases

/// A page as one HTML file that needs no network: its text can be searched and copied.
package struct GridHTML {
    private let page: GridPage

    package init(_ page: GridPage) { self.page = page }

    package var text: String {
        let (ink, ground) = (GridPage.hex(page.ground.ink), GridPage.hex(page.ground.paper))
        let title = GridPage.escaped(page.title)
        return """
            <!DOCTYPE html>
            <html lang="\(Language.current.rawValue)">
            <head>
            <meta charset="utf-8">
            <title>\(title)</title>
            <style>
            body { margin: 1em; background: \(ground); color: \(ink); }
            pre { font: 15px/1.25 "DejaVu Sans Mono", "WenQuanYi Micro Hei Mono", "Noto Sans Mono CJK SC", Menlo, Consolas, monospace; }
            pre i { display: inline-block; width: 2ch; font-style: normal; }
            </style>
            </head>
            <body>
            <pre>
            \(page.rows.map { $0.map(span).joined() }.joined(separator: "\n"))
            </pre>
            </body>
            </html>

            """
    }

    private func span(_ run: GridPage.Run) -> String {
        // Fonts differ in how wide a wide character is: it gets the two cells that it has on the screen.
        let text = run.characters.map { run.width == 2 ? "<i>\(GridPage.escaped($0))</i>" : GridPage.escaped($0) }
            .joined()
        let look = run.look
        var style = look.ink == GridPage.hex(page.ground.ink) ? [] : ["color:\(look.ink)"]
        if let ground = look.ground { style.append("background:\(ground)") }
        if look.isBold { style.append("font-weight:bold") }
        if look.isUnderlined { style.append("text-decoration:underline") }
        return style.isEmpty ? text : "<span style=\"\(style.joined(separator: ";"))\">\(text)</span>"
    }
}
