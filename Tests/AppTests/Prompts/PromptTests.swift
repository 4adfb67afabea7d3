import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct PromptTests {
    /// The first letter takes the place of what is proposed; who moves in it first changes it.
    @Test func aProposalGivesWayToLetters() {
        var line = EditedLine("sister", isProposal: true)
        _ = line.take(.character("b"))
        _ = line.take(.character("y"))
        #expect(line.text == "by")
        line = EditedLine("sister", isProposal: true)
        _ = line.take(.backspace)
        _ = line.take(.character("s"))
        #expect(line.text == "sistes")
        line = EditedLine("sister", isProposal: true)
        line.insert("pasted")
        #expect(line.text == "pasted")
    }

    private func line(_ keys: String, from text: String = "") throws -> EditedLine {
        var line = EditedLine(text)
        for step in try KeyScript(parsing: keys).steps {
            guard case .event(.key(let key)) = step else { continue }
            let isTaken = line.take(key)
            #expect(isTaken, "\(key)")
        }
        return line
    }

    private func prompt(_ state: AppState) throws -> Prompt {
        guard case .prompt(let prompt) = state.overlay else { throw AppError.loading("no prompt is open") }
        return prompt
    }

    @Test func keysOfShellsEditTheLine() throws {
        #expect(try line("Left Left text:X", from: "abc").text == "aXbc")
        #expect(try line("Ctrl-A text:X Ctrl-E text:Y", from: "abc").text == "XabcY")
        #expect(try line("Ctrl-W", from: "q - k < 256").text == "q - k < ")
        #expect(try line("Ctrl-W Ctrl-W", from: "q - k  < ").text == "q - ")
        #expect(try line("Left Left Ctrl-U", from: "abcd").text == "cd")
        #expect(try line("Home Right Ctrl-K", from: "abcd").text == "a")
        #expect(try line("Home Delete End Backspace", from: "abcd").text == "bc")
        #expect(try line("Ctrl-A Backspace Left End Delete Right", from: "ab").text == "ab")
        #expect(try line("Ctrl-A text:孔 Ctrl-E Left Delete", from: "子曰").text == "孔子")
    }

    @Test func theLineHasALimit() {
        var line = EditedLine(String(repeating: "x", count: 399))
        line.insert("yyy")
        #expect(line.text.count == 400 && line.place == 400 && line.text.hasSuffix("xy"))
    }

    @Test func whatWasEnteredComesBackByKind() throws {
        var state = try Samples.state()
        try state.press("/ text:rabbit Enter / text:Alice Enter : text:3 Enter / text:dr Up")
        #expect(try prompt(state).text == "Alice")
        try state.press("Up Up Up")
        #expect(try prompt(state).text == "rabbit")
        try state.press("Down Down")
        #expect(try prompt(state).text == "dr", "what was being typed is not lost")
        try state.press("Escape \\ Up")
        #expect(try prompt(state).text == "Alice", "both directions share their lines")
        try state.press("Escape : Up")
        #expect(try prompt(state).text == "3")
    }

    @Test func tabCompletesMethodsAndTheirParameters() throws {
        var state = try Samples.stateWithModel()
        try state.press("; text:lamb Tab")
        #expect(try prompt(state).text == "lambda:")
        try state.press("text:w Tab text:8, Tab")
        #expect(try prompt(state).text == "lambda:window=8,sink=")
        try state.press("text:2 Enter")
        #expect(state.scenario.windows.map(\.spec) == ["lambda:sink=2,window=8"])
        try state.press("d text:s Tab")
        #expect(state.notice?.text.contains("strided:") == true, "several: they are listed")
        try state.press("text:zz Tab")
        #expect(state.notice?.text.contains("nothing begins with 'szz'") == true)
        // The word before the place is completed, what follows stays.
        try state.press("Ctrl-U text:)&&q<9 Ctrl-A text:wind Tab")
        #expect(try prompt(state).text == "window:)&&q<9")
        try state.press("Escape M Ctrl-U text:laye Tab")
        #expect(try prompt(state).text == "layer")
    }

    @Test func errorsAreSaidWhileTyping() throws {
        var state = try Samples.stateWithModel()
        try state.press("; text:lamda:window=8")
        #expect(try prompt(state).problem?.text.contains("did you mean lambda?") == true)
        #expect(state.draw().lines.joined().contains("did you mean lambda?"))
        try state.press("Enter")
        #expect(try prompt(state).text == "lamda:window=8", "Enter does not take what is wrong")
        try state.press("Escape : text:x5")
        #expect(try prompt(state).problem?.text.contains("no place 'x5'") == true)
        try state.press("Ctrl-U text:5")
        #expect(try prompt(state).problem == nil)
    }

    @Test func aNarrowScreenShowsTheErrorAboveTheLine() throws {
        var state = try Samples.state(width: 60, height: 20)
        try state.press("d text:lamda:window=512,sink=16")
        let lines = state.draw().lines
        #expect(lines.last?.contains("compare with: lamda:window=512,sink=16") == true)
        #expect(lines.dropLast().contains { $0.contains("did you mean lambda?") })
    }

    @Test func aLongLineShowsThePlaceOfTyping() throws {
        var state = try Samples.state(width: 40, height: 12)
        try state.press("/ text:" + String(repeating: "a", count: 80) + "END")
        #expect(state.draw().lines.last?.contains("END") == true)
        try state.press("Home text:START")
        #expect(state.draw().lines.last?.contains("STARTaaa") == true)
    }
}
