import RopewalkCellGrid
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews
import Testing

@testable import RopewalkApp

/// Everything on the screen is Chinese where Chinese is spoken: what stays English are names.
@Suite struct ChineseScreenTests {
    private static let prose = """
        从前有座山，山上有座庙，庙里有个老和尚，在给小和尚讲故事。

        他讲的是：从前有座山，山上有座庙。学而时习之，不亦说乎？有朋自远方来，不亦乐乎？
        """

    /// Keys, each from the beginning.
    private static let views = [
        "", "?", "? j j j j j j j j", "m", "m j j j Enter", "m / w", "Ctrl-P", "Ctrl-P z", ":", "/", ";", "M", "d", "`",
        "J",
        "J Tab", "J Tab Tab", "J Tab Tab Tab", "O", "r", "Ctrl-O", "Y", "\"", "'", "t", "p", "p p", "p p p", "p p p p",
        "p p p p p p", "2 p Tab z", "3 p Tab z", "H", "@", "$", "*", "Ctrl-S", "Ctrl-W", "w", "Q", "Enter w",
        "a a w",
        "; text:window:size=8 Enter w", "; text:window:size=8 Enter M Escape", "; text:yarn:factor=4 Enter p", "R",
        "R R",
        "D", "D D", "~", "~ ~", "~ ~ ~", "% %", "| l l l |", "Ctrl-K", "_", "C", "s", "S", "x", "X", "Ctrl-T", "Ctrl-U",
        "Ctrl-L", "V", "Z", "y", "e", "i",
    ]

    @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
    func noEnglishIsOnTheScreen(_ size: Size) throws {
        var found: [String: String] = [:]
        try Language.with(.chinese) {
            let start = try ScreenPlayer(state: AppState(size: size), inputs: Samples.inputs(text: Self.prose))
            for keys in Self.views {
                var player = start
                player.play(try KeyScript(parsing: keys))
                let frame = player.frame()
                // Names of actions and of what rules are about stand where it is said how they are typed.
                let isList = [":", "Ctrl-P", "Ctrl-P z", "Ctrl-S", "\"", "?"].contains(keys)
                #expect(frame.lines.allSatisfy { !$0.contains("\u{FFFD}") })
                for line in frame.lines {
                    for word in Self.words(of: line) where found[word] == nil {
                        if Self.names.contains(word) || line.contains(word + "…") { continue }
                        if isList, Self.actionNames.contains(word) { continue }
                        found[word] = "\(keys): \(line)"
                    }
                }
            }
        }
        for (word, place) in found.sorted(by: { $0.key < $1.key }) { Issue.record("\(word): \(place)") }
    }

    /// Axes, legends, captions and remarks of every figure.
    @Test func noEnglishIsInAFigure() throws {
        var found: [String: String] = [:]
        try Language.with(.chinese) {
            for keys in ["", "; text:window:size=8 Enter", "; text:yarn:factor=4 Enter D D", "R", "x"] {
                var player = try ScreenPlayer(
                    state: AppState(size: Size(width: 120, height: 40)), inputs: Samples.inputs(text: Self.prose))
                player.play(try KeyScript(parsing: keys))
                for panel in Panel.allCases {
                    guard let figure = try? player.figure(of: panel, on: .light) else { continue }
                    for text in Self.texts(of: figure) {
                        for word in Self.words(of: text) where !Self.names.contains(word) && found[word] == nil {
                            found[word] = "\(panel) after \(keys): \(text)"
                        }
                    }
                }
            }
        }
        for (word, place) in found.sorted(by: { $0.key < $1.key }) { Issue.record("\(word): \(place)") }
    }

    private static func texts(of figure: Figure) -> [String] {
        var texts = [figure.caption] + figure.swatches.map(\.title)
        for plot in figure.plots {
            texts += [plot.title, plot.x.title, plot.y.title]
            texts += (plot.x.ticks + plot.y.ticks).map(\.text)
            if let bar = plot.bar { texts.append(bar.title) }
            for case .word(_, let text, _, endsThere: _) in plot.marks { texts.append(text) }
        }
        return texts
    }

    /// What is called so in every language.
    private static let names = Language.with(.chinese) { everyName() }

    private static func everyName() -> Set<String> {
        var texts = [
            "ropewalk", "alice", "txt", "books", "RoPE", "NoPE", "ALiBi", "PI", "NTK", "YaRN", "NTK-aware", "exp",
            "softmax", "logit", "lens", "KL", "MB", "MiB", "kB", "Oh", "ms", "bos", "eos", "unk", "VISUAL", "EDITOR",
            "OSC", "books-", "hjkl", "e-", "Esc", "PgUp", "PgDn", "word", "id", "re", "ch", "from", "expr", "file",
        ]
        for binding in KeyMap.bindings {
            for key in binding.keys { texts.append(KeyNames.name(key)) }
        }
        for form in Catalogue.all {
            // The names of papers stay, and those of methods that have no other.
            texts += [form.description.name, form.description.title.said, form.description.source.said]
            for parameter in form.description.parameters { texts.append(parameter.name) }
        }
        return words(ofAll: texts)
    }

    private static let actionNames: Set<String> = {
        var texts = ["off", "PageDo", "layer", "head"] + KeptThing.allCases.map(\.rawValue)
        for form in ActionForm.all { texts += [form.name, form.takes, form.example.text] }
        return words(ofAll: texts)
    }()

    private static func words(ofAll texts: [String]) -> Set<String> {
        var words: Set<String> = []
        for text in texts { words.formUnion(Self.words(of: text)) }
        return words
    }

    /// Words of two and more Latin letters.
    private static func words(of text: String) -> [String] {
        text.split { !($0.isASCII && ($0.isLetter || $0 == "-" || $0 == "'")) }
            .map(String.init).filter { $0.first?.isLetter == true && $0.count > 1 }
    }

    /// The tables that are said where they are shown.
    @Test func everyTableHasItsChinese() {
        var texts = ActionForm.all.map(\.meaning) + KeyMap.bindings.map(\.help) + KeyMap.bindings.compactMap(\.hint)
        texts += Binding.Group.allCases.map(\.rawValue) + Panel.allCases.map(\.name) + Preset.allCases.map(\.rawValue)
        texts += HeadScore.measures + MaskPage.allCases.map(\.rawValue) + AskPage.allCases.map(\.title)
        texts += AskOrder.allCases.map(\.rawValue) + WordOrder.allCases.map(\.rawValue)
        let missing = Language.with(.chinese) { texts.filter { !Self.words(of: $0).isEmpty && $0.said == $0 } }
        #expect(missing == [])
    }
}
