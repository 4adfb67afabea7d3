import RopewalkCellGrid
import RopewalkMethods
import Testing

@testable import RopewalkApp

@Suite struct MethodMenuTests {
    private func index(_ name: String, in menu: MethodMenu) throws -> Int {
        try #require(menu.entries.firstIndex { $0.description.name == name })
    }

    private func drawn(_ overlay: MenuOverlay, _ size: Size) -> String {
        var grid = Grid(size: size)
        overlay.draw(on: &grid, theme: Theme(depth: .none))
        return grid.lines.joined(separator: "\n")
    }

    @Test func oneOfPositionAndSelectionSeveralWindows() throws {
        var menu = MethodMenu(scenario: .plain)
        for name in ["pi", "window", "lambda", "topk"] {
            menu.select(try index(name, in: menu))
            menu.choose()
        }
        #expect(menu.scenario?.specs.map { $0.prefix { $0 != ":" } } == ["pi", "window", "lambda", "topk"])
        menu.select(try index("ntk", in: menu))
        #expect(menu.replaced(by: menu.selected) == "pi")
        menu.choose()
        #expect(menu.scenario?.position is NTKAware)
        menu.choose()
        #expect(menu.scenario?.position is RoPE)
    }

    /// A second mask of a kind has a line of its own without numbers: drawing and stepping it ended the program.
    @Test func aSecondMaskOfAKindHasNoNumbers() throws {
        let scenario = try Scenario(parsing: ["banded", "banded", "longformer"])
        var menu = MethodMenu(scenario: scenario)
        let second = try #require(menu.entries.firstIndex { $0.own != nil })
        menu.select(second)
        menu.selectParameter(1)
        menu.step(1)
        menu.type("3")
        #expect(menu.scenario?.specs.sorted() == scenario.specs.sorted() && menu.typed == nil)
        let inputs = Samples.inputs()
        var player = try ScreenPlayer(
            state: AppState(size: Size(width: 120, height: 40), scenario: scenario), inputs: inputs)
        player.play(try KeyScript(parsing: "m"))
        #expect(player.frame().lines.joined().contains("[x] banded:size=256,period=2,first=1"))
    }

    /// As in every other line that is typed.
    @Test func theFilterIsEmptiedByCtrlU() throws {
        var state = try Samples.stateWithModel()
        try state.press("m / text:head Ctrl-U text:ablate")
        guard case .menu(let menu) = state.overlay else { return #expect(Bool(false), "the menu is open") }
        #expect(menu.filter == "ablate" && menu.isFiltering)
    }

    @Test func numbersAreTypedSteppedAndChecked() throws {
        var menu = MethodMenu(scenario: .plain)
        menu.select(try index("lambda", in: menu))
        menu.choose()
        menu.step(1)
        #expect(menu.entries[menu.selected].values[0] == 5)
        menu.selectParameter(1)
        menu.step(-1)
        #expect(menu.entries[menu.selected].values[1] == 256)
        for digit in "100" { menu.type(digit) }
        menu.choose()
        #expect(menu.scenario?.specs == ["lambda:sink=5,window=100"])
        menu.type("0")
        menu.choose()
        #expect(menu.refusal?.contains("window") == true)
        #expect(menu.scenario?.specs == ["lambda:sink=5,window=100"])
        menu.type("x")
        #expect(menu.typed == nil)
    }

    @Test func choosingPreviewsAtOnceAndTheRunFollowsWhenTheMenuCloses() throws {
        var state = try Samples.stateWithModel()
        let steps = try index("window", in: MethodMenu(scenario: .plain)) - MethodMenu(scenario: .plain).selected
        try state.press("m " + String(repeating: "j ", count: steps) + "Enter")
        #expect(state.scenario.specs == ["window:size=512"] || state.scenario.specs.first?.hasPrefix("window") == true)
        #expect(state.overlay != nil)
        try state.press("Right")
        #expect(state.scenario.specs.first?.hasPrefix("window:size=") == true)
        try state.press("Escape y")
        #expect(state.scenario.isPlain && state.overlay == nil)
    }

    @Test func aClickChoosesAnEntry() throws {
        var state = try Samples.state()
        let closed = MethodMenu(scenario: .plain)
        let wanted = try index("topk", in: closed)
        // Near enough to be on the screen.
        try state.press("m " + String(repeating: "j ", count: wanted - closed.selected - 1))
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        let overlay = MenuOverlay(menu: menu, place: state.menuPlace)
        #expect(menu.selected == wanted - 1)
        let row = try #require(
            (0..<state.size.height).first { overlay.entry(atX: overlay.rect.x + 5, y: $0) == wanted })
        try state.press("mouse:\(overlay.rect.x + 5),\(row)")
        #expect(state.scenario.selection is TopK)
        try state.press("mouse:0,0")
        #expect(state.overlay == nil)
    }

    @Test func whatChangesNothingSaysWhy() throws {
        var menu = MethodMenu(scenario: .plain)
        for name in ["full", "causal"] {
            menu.select(try index(name, in: menu))
            menu.choose()
            #expect(menu.refusal?.contains("changes nothing") == true)
            #expect(menu.scenario?.isPlain == true)
        }
    }

    /// The reason for a refused number is not lost with the entry or the menu.
    @Test func aRefusedNumberKeepsTheMenuOpen() throws {
        var state = try Samples.stateWithModel()
        let steps = try index("window", in: MethodMenu(scenario: .plain)) - MethodMenu(scenario: .plain).selected
        try state.press("m " + String(repeating: "j ", count: steps) + "text:0 Escape")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        #expect(menu.refusal?.contains("1 to") == true)
        try state.press("text:0 j")
        guard case .menu(let still) = state.overlay else { throw AppError.loading("no menu") }
        #expect(still.selected == menu.selected && still.refusal != nil)
        try state.press("j Escape")
        #expect(state.overlay == nil)
    }

    @Test func stepsStopAtTheRangeAndSayIt() throws {
        var menu = MethodMenu(scenario: .plain)
        menu.select(try index("pi", in: menu))
        for _ in 0..<10 { menu.step(-1) }
        #expect(menu.refusal?.contains("factor takes") == true)
        menu.step(1)
        #expect(menu.refusal == nil)
    }

    /// The menu leaves the cursor's row of the text in sight at every size and preset.
    @Test func theMenuDoesNotCoverTheCursor() throws {
        for (width, height) in [(200, 60), (120, 40), (100, 30), (80, 24), (60, 20), (40, 10)] {
            for preset in ["", "p", "p p", "p p p", "z"] {
                var state = try Samples.state(width: width, height: height)
                try state.press("l l l \(preset) m")
                guard state.layout.panels[.text] != nil else { continue }
                let area = state.menuPlace.area
                let rect = state.textRect
                let rows = try #require(state.textLayout).rows(from: state.window.top, count: rect.height)
                let row = try #require(rows.firstIndex { $0.bytes.contains(state.cursorByte) })
                let name: Comment = "\(width)x\(height) \(preset)"
                #expect(!area.contains(x: rect.x, y: rect.y + row), name)
                #expect(area.height >= min(8, (height - 2) / 2) && area.maxX <= width && area.maxY < height, name)
            }
        }
    }
}

extension MethodMenuTests {
    /// Over the lower panels too: three names of forty methods were too few to choose from.
    @Test(arguments: ["", "p", "p p", "p p p"]) func aSmallScreenListsSeveralMethods(preset: String) throws {
        var state = try Samples.stateWithModel(width: 80, height: 24)
        try state.press("\(preset) m")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        let overlay = MenuOverlay(menu: menu, place: state.menuPlace)
        let listed = (0..<24).filter { overlay.entry(atX: overlay.rect.x + 5, y: $0) != nil }
        #expect(listed.count >= 5, "\(listed)")
    }

    /// A mask without the positions that its authors give it is half of a method: one key chooses both.
    @Test func aMethodIsChosenWithWhatMakesItWhole() throws {
        var state = try Samples.state(width: 120, height: 50)
        try state.press("m")
        guard case .menu(let plain) = state.overlay else { throw AppError.loading("no menu") }
        _ = state.perform(.menu(.pick(try index("streaming", in: plain))))
        guard case .menu(let half) = state.overlay else { throw AppError.loading("no menu") }
        #expect(half.companion?.spec == "cache-positions:sink=4,window=513")
        let size = Size(width: 120, height: 50)
        #expect(drawn(MenuOverlay(menu: half, place: state.menuPlace), size).contains("c: with"))
        try state.press("c")
        #expect(state.scenario.specs.first == "cache-positions:sink=4,window=513")
        #expect(state.scenario.specs.count == 2)
        guard case .menu(let whole) = state.overlay else { throw AppError.loading("no menu") }
        #expect(whole.companion == nil && MenuAction.whole.obstacle(in: state) != nil)
        // Other values want other ones beside them.
        try state.press("Right")
        guard case .menu(let moved) = state.overlay else { throw AppError.loading("no menu") }
        #expect(moved.companion?.spec == "cache-positions:sink=5,window=513")
        // Without the mask both are chosen, the second in place of the one before.
        try state.press("Enter c")
        #expect(state.scenario.specs.count == 2 && state.scenario.position.spec.contains("sink=5"))
    }

    @Test func masksOutsideOfTheCatalogueStayInTheMenu() throws {
        let specs = ["window:size=64", "window:size=32@heads=0", "expr:k<9", "window:size=16+lambda:sink=4,window=8"]
        let scenario = try Scenario(parsing: specs)
        var menu = MethodMenu(scenario: scenario)
        #expect(Set(try #require(menu.scenario).specs) == Set(scenario.specs))
        menu.select(try #require(menu.entries.firstIndex { $0.title == "expr:k<9" }))
        menu.choose()
        #expect(menu.scenario?.windows.count == 3)
        menu.choose()
        #expect(menu.scenario?.windows.count == 4)
    }

    @Test func listsAreEditedAsText() throws {
        var menu = MethodMenu(scenario: .plain)
        menu.select(try #require(menu.entries.firstIndex { $0.description.name == "document" }))
        let list = try #require(menu.entries[menu.selected].description.lists.first)
        menu.selectParameter(menu.entries[menu.selected].values.count)
        #expect(menu.currentList == 0)
        for character in "0/17,300" { menu.type(character) }
        // What is typed chooses what it was typed for.
        menu.choose()
        #expect(menu.refusal == nil)
        #expect(menu.scenario?.specs.first?.contains("\(list.name)=0/17/300") == true)
        menu.type("/")
        menu.choose()
        #expect(menu.refusal != nil, "an empty number is refused")
        #expect(menu.entries[menu.selected].lists == ["0/17/300"])
    }

    @Test func nothingIsChosenWhereNothingIsListed() throws {
        var state = try Samples.stateWithModel()
        let before = state.scenario
        try state.press("m / text:nosuch Enter Enter")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        #expect(menu.listed.isEmpty && menu.scenario == before)
        try state.press("Escape")
        #expect(state.scenario == before)
    }

    @Test func theFilterLeavesWhatHasTheLetters() throws {
        var state = try Samples.stateWithModel()
        try state.press("m / text:heavy")
        guard case .menu(let menu) = state.overlay else { throw AppError.loading("no menu") }
        let overlay = MenuOverlay(menu: menu, place: state.menuPlace)
        #expect(drawn(overlay, state.size).contains("Enter keeps these, then chooses"))
        #expect(menu.isFiltering && menu.entries[menu.selected].description.name == "h2o")
        #expect(
            menu.listed.allSatisfy {
                menu.entries[$0].description.summary.lowercased().contains("heavy")
                    || menu.entries[$0].title.lowercased().contains("heavy")
            })
        try state.press("Enter Enter Escape")
        #expect(state.scenario.specs.first?.hasPrefix("h2o") == true && state.overlay == nil)
    }

    @Test func entriesThatAModelCannotHaveSayWhy() throws {
        let model = try Samples.model.get()
        var menu = MethodMenu(scenario: .plain, check: MenuCheck(model: model, tokens: 100))
        menu.select(try #require(menu.entries.firstIndex { $0.description.name == "longrope" }))
        menu.selectParameter(menu.entries[menu.selected].values.count)
        for character in "1/2/3" { menu.type(character) }
        menu.choose()
        #expect(menu.refusal?.contains("16 rotary subspaces") == true)
        let fine = try #require(menu.entries.firstIndex { $0.description.name == "lambda" })
        #expect(menu.obstacle(fine) == nil)
    }

    @Test func everyFamilyIsOffered() throws {
        let menu = MethodMenu(scenario: .plain)
        #expect(Set(menu.entries.map(\.description.family)) == Set(MethodFamily.allCases))
        #expect(menu.entries.count == Catalogue.all.count)
    }

    @Test func aMaskOfTheMenuIsCompared() throws {
        var state = try Samples.stateWithModel()
        try state.press("m / text:Λ-shaped Enter d")
        #expect(state.overlay == nil && state.masks.comparison?.specs.first?.hasPrefix("lambda") == true)
        #expect(state.masks.page == .compare)
    }
}
