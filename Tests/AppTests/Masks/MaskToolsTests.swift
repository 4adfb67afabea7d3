import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct MaskToolsTests {
    private func player(
        _ specs: [String] = [], file: FakeMaskFile? = nil, width: Int = 120, height: Int = 40
    ) throws -> ScreenPlayer {
        var inputs = Samples.inputs()
        inputs.maskFiles = file?.files
        let scenario = try Scenario(parsing: specs, loader: file?.files.loader)
        return try ScreenPlayer(
            state: AppState(size: Size(width: width, height: height), scenario: scenario), inputs: inputs)
    }

    private func screen(_ player: inout ScreenPlayer, _ keys: String) throws -> String {
        player.play(try KeyScript(parsing: keys))
        return player.frame().lines.joined(separator: "\n")
    }

    @Test func oneKeySaysWhichRuleDecided() throws {
        var player = try player(["lambda:sink=2,window=8"])
        let hidden = try screen(&player, "text::5 Enter Enter text::40 Enter w")
        #expect(hidden.contains("query 40, key 5 is hidden:"))
        #expect(player.state.notice?.text.contains("window 8") == true)
        let kept = try screen(&player, "text::1 Enter Enter text::40 Enter w")
        #expect(kept.contains("query 40, key 1 is visible:") && player.state.notice?.text.contains("sink") == true)
    }

    /// A row of many stretches is paged; of another query it begins anew.
    @Test func stretchesAreScrolled() throws {
        var player = try player(["expr:q-k<2||k%4<1"])
        let first = try screen(&player, "text::90 Enter")
        player.play(try ActionScript(parsing: "preset mask; panel hide map; panel focus mask; mask.page row; wait"))
        let top = try screen(&player, "")
        #expect(first != top && top.contains("more stretches: Space here"))
        let next = try screen(&player, "Space")
        #expect(next.contains("… 8 before, ") && player.state.focus.cursor == 90)
        for _ in 0..<20 { _ = try screen(&player, "Space") }
        #expect(try screen(&player, "").contains(" before, 0 more stretches"))
        // There is an end, from which one comes back at once.
        let end = player.state.masks.firstStretch(of: 90)
        _ = try screen(&player, "b")
        #expect(player.state.masks.firstStretch(of: 90) == end - 8)
        player.play(try ActionScript(parsing: "goto token 91"))
        #expect(player.state.masks.firstStretch(of: 91) == 0)
    }

    @Test func aRuleIsShownWhileItIsTypedAndErrorsNameTheirColumn() throws {
        var player = try player()
        let typed = try screen(&player, "p p M text:q-k<4")
        #expect(player.state.scenario.specs == ["expr:q-k<4"])
        #expect(player.state.runs.running == nil && player.state.runs.kept.exact == nil, "no run while typing")
        #expect(typed.contains("q-k<4"))
        let wrong = try screen(&player, "text:&&(k")
        #expect(wrong.contains("rule, column"))
        #expect(player.state.scenario.specs == ["expr:q-k<4"], "the last rule that can be read stays")
        // Enter does not take what is wrong.
        _ = try screen(&player, "Enter")
        #expect(player.state.overlay != nil)
        _ = try screen(&player, "text:<q) Enter")
        #expect(player.state.overlay == nil && player.state.scenario.specs == ["expr:q-k<4&&(k<q)"])
        #expect(player.state.runs.kept.exact?.scenario == player.state.scenario)
        // Escape takes everything back.
        _ = try screen(&player, "M Backspace Backspace Backspace text:<1) Escape")
        #expect(player.state.scenario.specs == ["expr:q-k<4&&(k<q)"])
        _ = try screen(&player, "y M text:q-k<9 Escape")
        #expect(player.state.scenario.isPlain)
    }

    @Test func aChangedFileIsReadAgainAndABrokenOneIsNot() throws {
        let file = FakeMaskFile()
        file.write(FakeMaskFile.window(4, tokens: 400))
        var player = try player(["file:own.npy"], file: file)
        _ = try screen(&player, "wait text::40 Enter")
        #expect(player.state.lens?.maskRow(layer: 0, head: 0, query: 40)?.visible.count == 4)
        file.write(FakeMaskFile.window(9, tokens: 400))
        let after = try screen(&player, "wait")
        #expect(after.contains("own.npy has changed: read again"))
        #expect(player.state.lens?.maskRow(layer: 0, head: 0, query: 40)?.visible.count == 9)
        #expect(player.state.lens?.basis == .exact, "the run is made anew")
        file.write(nil)
        let broken = try screen(&player, "wait")
        #expect(broken.contains("the mask of before is kept"))
        #expect(player.state.lens?.maskRow(layer: 0, head: 0, query: 40)?.visible.count == 9)
        // An unchanged file is not read.
        _ = try screen(&player, "l wait")
        #expect(player.state.notice == nil)
    }

    @Test func aFileThatIsCutShortWhileItIsOpenIsToldAtOnce() throws {
        let file = FakeMaskFile()
        file.write(FakeMaskFile.window(4, tokens: 400))
        var player = try player(["file:own.npy"], file: file)
        _ = try screen(&player, "wait")
        #expect(player.state.notice == nil)
        file.fail("own.npy: became shorter")
        let told = try screen(&player, "wait")
        #expect(told.contains("own.npy: became shorter") && told.contains("hidden"))
        #expect(player.state.notice?.kind == .error)
        // Once.
        _ = try screen(&player, "l wait")
        #expect(player.state.notice == nil)
        // What was made whole may be cut short again.
        file.fail(nil)
        _ = try screen(&player, "l wait")
        file.fail("own.npy: became shorter")
        _ = try screen(&player, "l wait")
        #expect(player.state.notice?.kind == .error)
    }

    @Test func filesAreLookedAtWhileTheyAreTyped() throws {
        let file = FakeMaskFile()
        file.write(FakeMaskFile.window(4, tokens: 400))
        var player = try player([], file: file)
        let good = try screen(&player, "M text:file:own.npy")
        #expect(good.contains("400 × 400 tokens") && player.state.scenario.isPlain)
        file.write(FakeMaskFile.window(4, tokens: 10))
        let small = try screen(&player, "Backspace text:y")
        #expect(small.contains("10 × 10 tokens: Enter looks at it by itself"))
        file.write(nil)
        let broken = try screen(&player, "Backspace text:y")
        #expect(broken.contains("the file is empty"))
        _ = try screen(&player, "Enter")
        #expect(player.state.overlay != nil, "Enter does not take what is wrong")
        file.write(FakeMaskFile.window(4, tokens: 400))
        _ = try screen(&player, "Ctrl-W text:file:o Tab")
        guard case .prompt(let prompt) = player.state.overlay else { throw AppError.loading("no prompt") }
        #expect(prompt.text == "file:own.npy")
        _ = try screen(&player, "Enter")
        #expect(player.state.scenario.specs == ["file:own.npy"])
    }

    @Test func arraysOfRulesAreLookedAtWhileTheyAreTyped() throws {
        var inputs = Samples.inputs()
        let documents = (0..<400).map { $0 / 20 }
        inputs.maskFiles = MaskFiles(
            loader: MaskLoader(
                { path throws(MethodError) in throw .maskFile(path: path, "no mask") },
                arrays: { path throws(MethodError) in
                    guard path == "ids.npy" else { throw .maskFile(path: path, "no such file") }
                    return RuleArray(path: path, shape: [400], values: documents)
                }), stamp: { _ in "1" }, list: { start in ["ids.npy"].filter { $0.hasPrefix(start) } })
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), scenario: .plain), inputs: inputs)
        let missing = try screen(&player, "wait M text:doc[q]==doc[k]")
        #expect(missing.contains("no array doc is given"))
        let wrong = try screen(&player, "Space text:where Space text:doc=file:x.npy")
        #expect(wrong.contains("no such file"))
        _ = try screen(&player, "Ctrl-W Tab")
        _ = try screen(&player, "text:i Tab")
        guard case .prompt(let prompt) = player.state.overlay else { throw AppError.loading("no prompt") }
        #expect(prompt.text == "doc[q]==doc[k] where doc=file:ids.npy")
        #expect(player.frame().lines.joined().contains("an array of 400"))
        _ = try screen(&player, "Enter wait text::50 Enter")
        #expect(player.state.scenario.specs == ["expr:doc[q]==doc[k] where doc=file:ids.npy"])
        #expect(player.state.lens?.maskRow(layer: 0, head: 0, query: 50)?.visible.count == 11)
    }

    @Test func aMaskOfAnotherSizeIsRefusedBeforeTheRun() throws {
        let file = FakeMaskFile()
        file.write(FakeMaskFile.window(4, tokens: 10))
        var player = try player(["file:small.npy"], file: file)
        let text = try screen(&player, "wait")
        #expect(text.contains("small.npy: 10 × 10 tokens, the text has 200 tokens"))
        #expect(player.state.masks.own?.specs == ["file:small.npy"])
        #expect(player.state.runs.kept.exact == nil && player.state.scenario.isPlain)
    }

    @Test func findingsAreListedAndGoneTo() throws {
        var player = try player(["expr:q-k<4 && q != 30"])
        let text = try screen(&player, "p p t")
        #expect(player.state.masks.page == .check)
        #expect(text.contains("empty-query: queries that see no key: 1, first: query 30"))
        #expect(text.contains("blocks of 128") && text.contains("the same in all heads"))
        _ = try screen(&player, "Enter")
        #expect(player.state.focus.cursor == 30)
        let larger = try screen(&player, "B")
        #expect(larger.contains("blocks of 256"))
    }

    @Test func blocksAreCountedWhereTheyAreSeen() throws {
        var player = try player()
        #expect(player.state.layout.panels[.mask] == nil)
        // The first press shows how many there are, the next ones take other sizes.
        let shown = try screen(&player, "B wait")
        #expect(player.state.masks.page == .check && shown.contains("blocks of 128"))
        let larger = try screen(&player, "B wait")
        #expect(larger.contains("blocks of 256"))
    }

    @Test func headsThatDifferAreGrouped() throws {
        var player = try player(["window:size=8@heads=0-1"])
        let text = try screen(&player, "p p t z")
        #expect(text.contains("2 different masks"))
        #expect(text.contains("8 heads: window:size=8, L0–3 H0–1"))
        #expect(text.contains("24 heads: all that there is, L0–3 H2–7"))
    }

    @Test func faultsAndDifferencesNameTheirHeads() throws {
        var player = try player(["expr:k <= q && q - k < 4 && (head != 3 || layer != 1 || q != 30)"])
        let text = try screen(&player, "p p t")
        #expect(text.contains("empty-query: L1 H3: queries that see no key: 1"))
        _ = try screen(&player, "Enter")
        #expect(player.state.focus.layer == 1 && player.state.focus.head == 3 && player.state.focus.cursor == 30)
        let other = try screen(&player, "[ d text:window:size=4 Enter")
        #expect(other.contains("L0 H3: the same") && other.contains("L1 H3: 4 pairs differ"))
    }

    @Test func theMasksOfAFileAreSteppedThrough() throws {
        var inputs = Samples.inputs()
        let planes = (1...6).map { ListedMask(rows: FakeMaskFile.window($0, tokens: 400)) }
        let files = MaskFiles(
            loader: MaskLoader { _ in MaskStack(planes: planes, lengths: [2, 3], fingerprint: 1) }, stamp: { _ in "1" })
        inputs.maskFiles = files
        let scenario = try Scenario(parsing: ["file:b.npy@head=0"], loader: files.loader)
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), scenario: scenario), inputs: inputs)
        _ = try screen(&player, "wait text::40 Enter p p")
        func seen() -> Int? { player.state.lens?.maskRow(layer: 2, head: 5, query: 40)?.visible.count }
        #expect(seen() == 1 && player.state.masks.mapLayer == .mask, "what a mask hides is shown at once")
        player.play(try ActionScript(parsing: "mask.item +1"))
        #expect(player.state.scenario.specs == ["file:b.npy@item=1@head=0"] && seen() == 4)
        player.play(try ActionScript(parsing: "mask.head +1"))
        let shown = player.frame().lines.joined()
        #expect(seen() == 5 && shown.contains("item 1 of 2, head 1 of 3"))
        _ = try screen(&player, "Right Right")
        #expect(player.state.scenario.specs == ["file:b.npy@item=0@head=0"] && seen() == 1, "around the end")
        _ = try screen(&player, "Left")
        #expect(seen() == 6 && player.state.lens?.basis == .exact)
        player.play(try ActionScript(parsing: "mask.layer +1"))
        #expect(player.state.notice?.text.contains("holds one mask on its axis of layers") == true)
        player.play(try ActionScript(parsing: "rule file:b.npy"))
        #expect(player.state.notice?.text.contains("@head=0") == true, "three heads fit no eight: one can be chosen")
        player.play(try ActionScript(parsing: "rule file:b.npy@item=2@head=0"))
        #expect(player.state.notice?.text.contains("no item 2: it has 2") == true)
    }

    /// The model hides what one head shows of the future: heads that are alike then are not taken for the same.
    @Test func whatOneHeadLeaksIsFound() throws {
        var inputs = Samples.inputs()
        let causal = FakeMaskFile.window(400, tokens: 400)
        var leaking = causal
        leaking[10] = leaking[10].union(KeyRanges(60..<61))
        let planes = (Array(repeating: causal, count: 7) + [leaking]).map { ListedMask(rows: $0) }
        let files = MaskFiles(
            loader: MaskLoader { _ in MaskStack(planes: planes, lengths: [8], fingerprint: 2) }, stamp: { _ in "1" })
        inputs.maskFiles = files
        let scenario = try Scenario(parsing: ["file:heads.npy"], loader: files.loader)
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), scenario: scenario), inputs: inputs)
        let text = try screen(&player, "wait p p t")
        #expect(text.contains("future: L0–3 H7: only the model hides later keys"), "\(text)")
    }

    @Test func masksAreComparedPairByPair() throws {
        var player = try player(["window:size=8"])
        let text = try screen(&player, "p p d text:lambda:sink=2,window=8 Enter")
        #expect(player.state.masks.page == .compare)
        #expect(text.contains("0 only here") && text.contains("first: query 8, key 0, allowed in the other"))
        let map = try screen(&player, "v")
        #expect(player.state.masks.mapLayer == .difference && map.contains("≠"))
        _ = try screen(&player, "Enter")
        #expect(player.state.focus.cursor == 8 && player.state.focus.anchor == .token(0))
        let wrong = try screen(&player, "d text:lamda")
        #expect(wrong.contains("did you mean lambda?"))
        _ = try screen(&player, "Escape d Enter")
        #expect(player.state.masks.comparison == nil && player.state.masks.mapLayer == .mask)
    }

    @Test func reachIsCountedInLayersWithThePath() throws {
        var player = try player(["window:size=8"])
        // Seven tokens a layer: 20 back take three layers.
        let text = try screen(&player, "text::20 Enter Enter text::40 Enter p p t t t")
        #expect(player.state.masks.page == .reach)
        #expect(text.contains("token 40 can know of 20 after 3 of 4 layers"))
        guard case .reach(let reach) = player.state.maskStudy else { throw AppError.loading("no reach") }
        let path = try #require(reach.path)
        #expect(path.count == 3 && path.first?.key == 20 && path.last?.query == 40)
        #expect(zip(path, path.dropFirst()).allSatisfy { $0.query == $1.key && $0.layer < $1.layer })
        let never = try screen(&player, "p p p text::2 Enter Enter text::40 Enter p p")
        #expect(never.contains("can know nothing of 2 in 4 layers"))
    }

    /// A selection that depends on all earlier queries says what it waits for; nothing is struck on a guess.
    @Test func aSelectionThatCannotBePreviewedSaysSo() throws {
        let text = String(repeating: Samples.prose + "\n", count: 24)
        var state = AppState(size: Size(width: 120, height: 40), scenario: .plain)
        let model = try Samples.model.get()
        let document = try Samples.document(text)
        _ = state.update(.sources(.textLoaded(document.text)))
        _ = state.update(.sources(.tokenised(document)))
        _ = state.update(.sources(.modelLoaded(model)))
        let recording = Recordings(try Recorder(model: model).record(document.ids))
        _ = state.update(.run(.progressed(recording, seconds: 1)))
        _ = state.update(.run(.finished(recording)))
        state.change(to: try Scenario(parsing: ["h2o:heavy=8,recent=8"]))
        try state.press("p p text::2500 Enter")
        try #require(state.focus.cursor == 2500)
        let screen = state.draw().lines.joined(separator: "\n")
        #expect(screen.contains("H2O heavy hitters depends on all earlier queries"))
        #expect(!screen.contains("╌"))
        try state.press("text::100 Enter")
        #expect(state.unpreviewed == nil)
        #expect(state.draw().lines.joined().contains("keys 17 of 101"))
    }

    @Test func clicksChooseThePages() throws {
        var player = try player(["window:size=8"])
        let text = try screen(&player, "p p")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let y = try #require(lines.firstIndex { $0.contains(" Compare ") })
        let line = lines[y]
        let x = line.distance(from: line.startIndex, to: try #require(line.range(of: "Reach")).lowerBound)
        _ = try screen(&player, "mouse:\(x),\(y)")
        #expect(player.state.masks.page == .reach)
    }
}
