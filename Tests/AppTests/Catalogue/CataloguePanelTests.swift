import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews
import Testing

@testable import RopewalkApp

@Suite struct CataloguePanelTests {
    private func text(_ player: ScreenPlayer) -> String {
        var player = player
        return player.frame().lines.joined(separator: "\n")
    }

    /// A key shows all methods over the whole screen, and takes them back.
    @Test func aKeyShowsAllMethods() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "Ctrl-Q"))
        #expect(player.state.panels.focused == .methods && player.state.panels.isZoomed)
        let shown = text(player)
        #expect(shown.contains(Panel.methods.title) && shown.contains("cost on") && shown.contains("in its way"))
        // The model's own positions at N tokens in 4 layers and 8 heads of 32 dimensions.
        let n = player.state.tokenCount
        let flops = MethodCost.short(4 * 32 * Double(n * (n + 1) / 2) * 32)
        #expect(shown.split(separator: "\n").contains { $0.contains(" rope ") && $0.contains(flops) })
        player.play(try KeyScript(parsing: "Ctrl-Q"))
        #expect(!player.state.panels.shown.contains(.methods) && !player.state.panels.isZoomed)
    }

    @Test func linesSortAndPagesTurn() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "catalogue list; catalogue.sort name; catalogue.line -1000000"))
        #expect(player.state.catalogue.selected == Catalogue.names.min())
        player.play(try KeyScript(parsing: "j j k"))
        #expect(player.state.catalogue.selected == Catalogue.names.sorted()[1])
        player.play(try KeyScript(parsing: "G"))
        #expect(player.state.catalogue.selected == Catalogue.names.max())
        player.play(try KeyScript(parsing: "R"))
        #expect(player.state.catalogue.isDescending)
        player.play(try ActionScript(parsing: "catalogue.sort name"))
        #expect(!player.state.catalogue.isDescending, "the same column again turns the order")
        player.play(try KeyScript(parsing: "t"))
        #expect(player.state.catalogue.page == .tree && text(player).contains("year of the paper"))
    }

    @Test func enterShowsThePageOfAMethod() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "catalogue list; panel.zoom; catalogue.method yarn; catalogue.open"))
        let shown = text(player)
        #expect(shown.contains("YaRN (yarn, position)") && shown.contains("beta-fast") && shown.contains("2309.00071"))
        player.play(try KeyScript(parsing: "Escape"))
        #expect(player.state.catalogue.firstLine == nil && player.state.panels.shown.contains(.methods))
    }

    /// Letters are followed while they are typed; Escape lists all.
    @Test func typingListsFewer() throws {
        var player = try Samples.player()
        player.play(try KeyScript(parsing: "Ctrl-Q / h 2 o"))
        #expect(player.state.catalogue.filter == "h2o" && player.state.catalogue.selected == "h2o")
        #expect(!text(player).contains("yarn"))
        player.play(try KeyScript(parsing: "Enter"))
        #expect(player.state.overlay == nil && player.state.catalogue.filter == "h2o")
        player.play(try KeyScript(parsing: "/ Escape"))
        #expect(player.state.catalogue.filter.isEmpty)
    }

    /// A method that is put into force takes the place of its rivals, with the numbers that fit the model; again: it is dropped.
    @Test func aMethodIsPutIntoForce() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "catalogue list; catalogue.method self-extend; catalogue.take"))
        #expect(player.state.scenario.methodNames == ["self-extend"])
        player.play(try ActionScript(parsing: "catalogue.method window; catalogue.take"))
        #expect(player.state.scenario.methodNames == ["self-extend", "window"])
        player.play(try ActionScript(parsing: "catalogue.take; catalogue.method self-extend; catalogue.take"))
        #expect(player.state.scenario.isPlain)
    }

    /// What is compared is measured while the list is on the screen, and stands beside its cost.
    @Test func whatIsComparedIsMeasured() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "catalogue list; catalogue.method lambda; catalogue.compare; wait"))
        #expect(player.state.losses.added.map(\.methodNames) == [["lambda"]])
        let measured = try #require(player.state.measuredMethods["lambda"])
        #expect(try #require(measured.loss) > 0 && measured.spec.hasPrefix("lambda"))
        let kept = try #require(measured.massKept)
        #expect(kept > 0 && kept <= 1 + 1e-6)
        #expect(try #require(measured.outputError) >= 0)
        #expect(player.state.contenders.contains { $0.scenario.methodNames == ["lambda"] })
        player.play(try ActionScript(parsing: "catalogue.compare"))
        #expect(player.state.losses.added.isEmpty)
    }

    @Test func theMouseSortsAndSelects() throws {
        var player = try Samples.player()
        player.play(try ActionScript(parsing: "catalogue list; panel.zoom; catalogue.sort name"))
        let rect = try #require(player.state.layout.panels[.methods]).inset()
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 4),\(rect.y + 1)"))
        #expect(player.state.catalogue.column == .name && player.state.catalogue.isDescending)
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 4),\(rect.y + 2)"))
        let selected = player.state.catalogue.selected
        #expect(Catalogue.names.contains(selected))
        player.play(try KeyScript(parsing: "mouse:\(rect.x + 9),\(rect.y)"))
        #expect(player.state.catalogue.page == .tree)
    }

    /// At 80 x 24, without colours, and in both languages.
    @Test(arguments: CataloguePage.allCases, [ColourDepth.none, .indexed256]) func bothPagesAreReadable(
        page: CataloguePage, depth: ColourDepth
    ) throws {
        for language in [Language.english, .chinese] {
            var state = AppState(size: Size(width: 80, height: 24), depth: depth)
            state.appearance.language = language
            var player = try ScreenPlayer(state: state, inputs: Samples.inputs())
            player.play(try ActionScript(parsing: "catalogue \(page.rawValue); panel.zoom; catalogue.method yarn"))
            let shown = text(player)
            #expect(shown.contains("yarn") && shown.contains("[\(Panel.methods.rawValue)]"), "\(language)")
            if language == .chinese { #expect(shown.contains("位置")) }
        }
    }

    @Test func itHasAFigure() throws {
        var player = try Samples.player()
        let state = player.state
        _ = player.frame()
        var answers = Answers()
        let figure = try answers.figure(of: .methods, in: state, on: .dark)
        #expect(figure.title == "The catalogue of methods" && figure.plots.count == 1)
    }
}
