import RopewalkCellGrid
import RopewalkDocuments
import Testing

@testable import RopewalkApp

@Suite struct MovementTests {
    @Test func tokensAndEnds() throws {
        var state = try Samples.state()
        let last = state.tokenCount - 1
        try state.press("l l Right")
        #expect(state.focus.cursor == 3)
        try state.press("h Left h h h")
        #expect(state.focus.cursor == 0)
        try state.press("G")
        #expect(state.focus.cursor == last)
        try state.press("l End")
        #expect(state.focus.cursor == last)
        try state.press("g")
        #expect(state.focus.cursor == 0 && state.window.top == 0)
    }

    @Test func linesKeepTheirColumn() throws {
        var state = try Samples.state(width: 60, height: 30)
        try state.press("l l l l l l")
        let start = state.focus.cursor
        let rows = { (state: AppState) in
            state.textLayout.map { $0.row(containing: state.cursorByte).bytes.lowerBound } ?? -1
        }
        let first = rows(state)
        try state.press("j")
        #expect(rows(state) > first)
        try state.press("j j j j k k k k k")
        #expect(rows(state) == first)
        #expect(abs(state.focus.cursor - start) <= 1)
    }

    @Test func pagesStayOnTheScreen() throws {
        let text = (1...400).map { "Line number \($0) of the text." }.joined(separator: "\n")
        var state = try Samples.state(width: 80, height: 24, text: text)
        for key in ["PageDown", "Space", "PageDown", "b", "PageUp", "G", "g"] {
            try state.press(key)
            let rows = try #require(state.textLayout).rows(from: state.window.top, count: state.textRect.height)
            let shown = (rows.first?.bytes.lowerBound ?? 0)..<(rows.last?.bytes.upperBound ?? 0)
            #expect(shown.contains(state.cursorByte), "\(key)")
        }
        try state.press("PageDown")
        #expect(state.window.top > 0)
    }

    @Test func sentences() throws {
        var state = try Samples.state()
        try state.press(")")
        #expect(state.cursorText.contains("She"))
        try state.press(")")
        #expect(state.cursorText.contains("What"))
        try state.press("(")
        #expect(state.cursorText.contains("She"))
        try state.press("( ( (")
        #expect(state.cursorByte == 0)
    }

    @Test func placesByTokenAndShare() throws {
        var state = try Samples.state()
        try state.press(": text:17 Enter")
        #expect(state.focus.cursor == 17 && state.overlay == nil)
        try state.press(": text:50% Enter")
        #expect(state.focus.cursor == (state.tokenCount - 1) / 2)
        try state.press(": text:1,000,000 Enter")
        #expect(state.focus.cursor == (state.tokenCount - 1) / 2)
        #expect(state.notice?.text.contains("1,000,000") == true)
        try state.press(": text:9 Escape")
        #expect(state.focus.cursor == (state.tokenCount - 1) / 2 && state.overlay == nil)
        try state.press(": Backspace")
        #expect(state.overlay == nil)
    }

    @Test func withoutASearchTheNextHitIsRefused() throws {
        for key in ["n", "N"] {
            var state = try Samples.state()
            try state.press(key)
            #expect(state.notice?.text == "nothing was searched for yet: / asks what")
        }
    }

    @Test func searchGoesRoundAndBack() throws {
        var state = try Samples.state()
        try state.press("/ text:rabbit Enter")
        #expect(state.cursorText == " R")
        let first = state.focus.cursor
        try state.press("n")
        #expect(state.focus.cursor > first)
        try state.press("n")
        #expect(state.focus.cursor == first)
        #expect(state.notice?.text.contains("start") == true)
        try state.press("N")
        #expect(state.focus.cursor > first)
        try state.press("\\ text:Alice Enter")
        #expect(state.focus.cursor > first)
        try state.press("/ text:\"no such thing\" Enter")
        #expect(state.notice?.kind == .warning)
    }

    @Test func aTextWithoutTokensScrolls() throws {
        var state = AppState(size: Size(width: 80, height: 24))
        let text = (1...400).map { "Line number \($0)." }.joined(separator: "\n")
        _ = state.update(.sources(.textLoaded(try SourceText(text))))
        try state.press("j")
        let afterOne = state.window.top
        #expect(afterOne > 0)
        try state.press("PageDown : text:50% Enter")
        #expect(state.window.top > text.utf8.count / 3)
        try state.press("g")
        #expect(state.window.top == 0)
        #expect(state.draw().lines.contains { $0.contains("Line number 1.") })
    }

    @Test func anEmptyTextMovesNowhere() throws {
        var state = try Samples.state(text: "")
        try state.press("j l G PageDown ) ( / text:x Enter n : text:0 Enter o a Enter")
        #expect(state.focus.cursor == 0)
        #expect(state.draw().lines.contains { $0.contains("empty") })
    }

    /// With a limit the text ends where the reading ends; what follows can be looked at.
    @Test func aLimitIsTheEndOfEverythingButTheText() throws {
        let text = (1...400).map { "Line number \($0) of the text." }.joined(separator: "\n")
        var state = AppState(size: Size(width: 120, height: 40), tokenLimit: 300)
        let document = try Samples.document(text)
        _ = state.update(.sources(.textLoaded(document.text)))
        _ = state.update(.sources(.tokenised(document)))
        #expect(state.tokenCount == 300 && state.textTokenCount == document.tokenCount)
        try state.press("G")
        #expect(state.focus.cursor == 299)
        try state.press(": text:50% Enter")
        #expect(state.focus.cursor == 149)
        #expect(state.mapRequest.cell * min(state.mapRequest.rows, state.mapRequest.columns) < 600)
        let header = state.draw().lines[0]
        #expect(header.contains("300 of \(document.tokenCount.grouped) tokens"))
        try state.press("G")
        #expect(state.draw().lines.contains { $0.contains("not read from here on") })
        let top = state.window.top
        try state.press("j PageDown")
        #expect(state.window.top > top && state.focus.cursor == 299)
        try state.press("/ text:\"number 399\" Enter")
        #expect(state.notice?.text.contains("behind the part that is read") == true && state.focus.cursor == 299)
        try state.press("\\ text:Line Enter g N")
        #expect(state.focus.cursor < 299)
    }
}
