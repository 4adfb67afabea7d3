import RopewalkCellGrid

/// All bindings; dispatch, the help screen and the hints of the status line are made from this one table.
package enum KeyMap {
    package static let bindings: [Binding] =
        movement + looking + panels + map + methods + positions + focused + needles + passages + longTexts + benchmarks
        + program
        + overlays

    /// The action of a key where the focus is on `panel` and nothing is open.
    package static func action(for key: Key, focus panel: Panel) -> Action? {
        action(for: key, in: .panel(panel)) ?? action(for: key, in: .anywhere)
    }

    /// The action of a key in exactly one context.
    package static func action(for key: Key, in context: Binding.Context) -> Action? {
        bindings.first { $0.context == context && $0.keys.contains(key) }?.action
    }

    private static let movement: [Binding] = [
        row("h Left", .move(.token(-1)), .move, "token or character back; Ctrl-N: which"),
        row("l Right", .move(.token(1)), .move, "next token or character"),
        row("j Down", .move(.line(1)), .move, "line down", hint: "move", as: "hjkl"),
        row("k Up", .move(.line(-1)), .move, "line up"),
        row("Space PageDown", .move(.page(1)), .move, "page down", hint: "page"),
        row("b PageUp", .move(.page(-1)), .move, "page up"),
        row("(", .move(.sentence(-1)), .move, "sentence back, ) forward"),
        row(")", .move(.sentence(1)), .move, ""),
        row("F", .move(.paragraph(-1)), .move, "paragraph back"),
        row("f", .move(.paragraph(1)), .move, "paragraph forward"),
        row("Ctrl-F", .move(.section(1)), .move, "heading or definition forward, Ctrl-B back"),
        row("Ctrl-B", .move(.section(-1)), .move, ""),
        row("g Home", .move(.start), .move, "start of the text"),
        row("G End", .move(.end), .move, "end of the text; 120 G: line 120"),
        row(":", .move(.promptForPlace), .move, "go to: 1204, +100, 50%, L120, ch 3; or any action", hint: "go to"),
        row("/", .search(.prompt(forwards: true)), .move, "search: letters, re: word: id:", hint: "search"),
        row("\\", .search(.prompt(forwards: false)), .move, "search backwards"),
        row("n", .search(.again(sameDirection: true)), .move, "next hit"),
        row("N", .search(.again(sameDirection: false)), .move, "previous hit"),
        row("u Backspace", .places(.back(1)), .move, "back to where the cursor was", hint: "back"),
        row("U", .places(.back(-1)), .move, "forward again"),
        row("\"", .places(.promptForMark), .move, "mark the place with the letter that follows"),
        row("'", .places(.promptToGo), .move, "to the mark of the letter that follows; '' back"),
        row("J", .places(.list(.outline)), .move, "lists: outline, hits, marks; r: read another part", hint: "outline"),
        row("r", .reading(.list), .move, "", hint: "read here"),
    ]

    private static let looking: [Binding] = [
        row("a", .focus(.weakerKey(1)), .look, "anchor: the cursor's next strongest key"),
        row("A", .focus(.weakerKey(-1)), .look, "anchor: the one before"),
        row("Enter", .focus(.anchorHere), .look, "anchor: the cursor's token stays it, or the selection"),
        row("|", .spans(.start), .look, "select from here as the cursor moves; again: it stays", hint: "select"),
        row("%", .spans(.more), .look, "select the word, its sentence, paragraph, the hits"),
        row("o", .focus(.swap), .look, "swap cursor and anchor"),
        row("[", .focus(.layer(-1)), .look, "previous layer", hint: "layer", as: "[ ]"),
        row("]", .focus(.layer(1)), .look, "next layer"),
        row("{", .focus(.head(-1)), .look, "previous head", hint: "head", as: "{ }"),
        row("}", .focus(.head(1)), .look, "next head"),
        row("H", .heads(.here), .look, "heads that look from cursor to anchor", hint: "heads"),
        row("Q", .ask(.page(.keys)), .look, "Answers: what the cursor reads, in a table", hint: "reads"),
        row("@", .ask(.page(.readers)), .look, "Answers: who reads the cursor's token"),
        row("P", .ask(.page(.next)), .look, "Answers: expected next; c, Insert go on", hint: "expects"),
        row("Insert", .generate(.start), .look, ""),
        row("^", .ask(.page(.layers)), .look, "Answers: what each layer expects next (logit lens)"),
        row("$", .ask(.page(.received)), .look, "Answers: which tokens get attention, from all"),
        row("!", .ask(.page(.surprises)), .look, "Answers: what it expected least, the worst first"),
        row("*", .ask(.surprise(1)), .look, "next surprise: one in fifty tokens"),
        row("#", .ask(.surprise(-1)), .look, "surprise before"),
        row("K", .focus(.kind(.next)), .look, "encoder, decoder or cross attention", hint: "kind"),
        row("W", .appearance(.toggleExperts), .look, "mixture of experts: who works on a token", hint: "experts"),
        row("s", .appearance(.scale(.next)), .look, "scale: linear, logarithmic, quantile", hint: "scale"),
        row("S", .appearance(.toggleSinks), .look, "first token in or out of the scale"),
        row("V", .second(.text(.next)), .look, "attention on the text: of the other model", hint: "other"),
        row("Z", .second(.keep), .look, "keep this text beside: for another head, layer, method, model", hint: "keep"),
        row("C", .appearance(.colourMap(.next)), .look, "next colour map; Ctrl-T light, dark"),
        row("Ctrl-T", .appearance(.theme(.next)), .look, ""),
        row(
            "~", .appearance(.painting(.next)), .look, "text by: cursor reads, read by, loss, entropy, received, ...",
            hint: "paint"),
        row("&", .appearance(.heads(.next)), .look, "text by one head; mean, highest of its layer; of all"),
        row("_", .appearance(.toggleBlanks), .look, "signs for blanks, tabs, line ends; Ctrl-K whole lines"),
        row("Ctrl-K", .appearance(.toggleLines), .look, ""),
        row("Ctrl-N", .appearance(.step(.next)), .look, ""),
    ]

    private static let panels: [Binding] = [
        row("Tab", .panels(.step(1)), .panels, "focus the next panel"),
        row("BackTab", .panels(.step(-1)), .panels, "focus the panel before"),
        row("F2", .panels(.toggle(.text)), .panels, "show or hide Text; also 1 p", hint: "panels", as: "F2-F10"),
        row("F3", .panels(.toggle(.map)), .panels, "show or hide Map; also 2 p"),
        row("F4", .panels(.toggle(.rotation)), .panels, "show or hide Rotation; also 3 p"),
        row("F5", .panels(.toggle(.mask)), .panels, "show or hide Mask; also 4 p"),
        row("F6", .panels(.toggle(.heads)), .panels, "show or hide Heads; also 5 p"),
        row("F7", .panels(.toggle(.loss)), .panels, "show or hide Loss; also 6 p"),
        row("F8", .panels(.toggle(.distance)), .panels, "show or hide Distance; also 7 p"),
        row("F9", .panels(.toggle(.answers)), .panels, "show or hide Answers; also 8 p"),
        row("F10", .panels(.toggle(.word)), .panels, "show or hide Word; also 9 p; Ctrl-D IO, 10 p"),
        row("Ctrl-D", .panels(.toggle(.io)), .panels, ""),
        row("Ctrl-Q", .catalogue(.toggle), .panels, "all methods: what each costs here, and its paper"),
        row("p", .panels(.preset(.next)), .panels, "next preset, or its next page on a small screen", hint: "preset"),
        row("z", .panels(.zoom), .panels, "focused panel fills the screen and back"),
    ]

    private static let map: [Binding] = [
        row("+ =", .map(.zoom(1)), .map, "zoom in around the cross-hair", hint: "zoom", as: "+ -"),
        row("-", .map(.zoom(-1)), .map, "zoom out"),
        row("0", .map(.whole), .map, "whole document"),
        row("c", .map(.centre), .map, "centre on the cursor"),
        row(
            "h Left", .map(.pan(Steps(rows: 0, columns: -1))), .map, "Map focused: h j k l pan, t by sentences",
            in: .panel(.map)),
        row(
            "j Down", .map(.pan(Steps(rows: 1, columns: 0))), .map, "", hint: "pan", as: "hjkl",
            in: .panel(.map)),
        row("k Up", .map(.pan(Steps(rows: -1, columns: 0))), .map, "", in: .panel(.map)),
        row("l Right", .map(.pan(Steps(rows: 0, columns: 1))), .map, "", in: .panel(.map)),
        row("t", .map(.level(.next)), .map, "", hint: "sentences", in: .panel(.map)),
        row("Enter", .map(.open), .map, "", in: .panel(.map)),
        row("x", .appearance(.pooling(.next)), .map, "cells show the highest or the mean weight"),
        row("v", .map(.overlay(.next)), .map, "on the map: what the scenario hides, what differs"),
    ]

    private static let methods: [Binding] = [
        row("m", .methods(.menu), .methods, "choose methods and their parameters", hint: "methods"),
        row(";", .methods(.prompt), .methods, "type methods: yarn:factor=4 window:size=512 (Tab completes)"),
        row("M", .masks(.promptForRule), .methods, "type a mask: a rule over q, k, n, layer, head, or file:PATH"),
        row("w", .masks(.why), .methods, "why the cursor sees the anchor, or does not", hint: "why"),
        row("d", .masks(.promptForComparison), .methods, "compare the mask with another method's"),
        row("t", .masks(.turn(1)), .methods, "Mask: next page: cursor, check, compare, reach, explain"),
        row("T", .masks(.turn(-1)), .methods, "Mask: page before"),
        row("B", .masks(.blocks(.next)), .methods, "Mask: next size of the blocks that are counted"),
        row("e", .methods(.run), .methods, "exact run of the chosen methods, at once"),
        row("y", .methods(.plain), .methods, "back to the model's own attention"),
        row(
            "Ctrl-V", .methods(.global), .methods,
            "mask: cursor or selection global, or not"),
    ]

    private static let positions: [Binding] = [
        row("R", .positions(.rotation(.next)), .positions, "Rotation: pair, methods, distances"),
        row("i", .positions(.step(1)), .positions, "next subspace", hint: "subspace"),
        row("I", .positions(.step(-1)), .positions, "subspace before"),
        row("D", .positions(.distance(.next)), .positions, "Distance: curve, map, attention"),
        row("L", .losses(.toggleAxis), .positions, "Loss: linear or log positions; t: pages"),
        row("t", .losses(.turn(1)), .positions, "", hint: "page", in: .panel(.loss)),
        row("T", .losses(.turn(-1)), .positions, "", in: .panel(.loss)),
        row("Ctrl-E", .losses(.measure), .positions, "Loss: measure again what was cancelled"),
        row(">", .methods(.parameter(1)), .positions, "next parameter of the methods"),
        row("<", .methods(.parameter(-1)), .positions, "parameter before"),
        row(".", .methods(.value(1)), .positions, "more of it: preview, then exact run"),
        row(",", .methods(.value(-1)), .positions, "less of it", hint: "less"),
    ]

    private static let focused: [Binding] = [
        row("a", .heads(.rank(1)), .heads, "Heads: next of the list, A the one before", in: .panel(.heads)),
        row("A", .heads(.rank(-1)), .heads, "", in: .panel(.heads)),
        row("r", .heads(.sort), .heads, "Heads: sort by the next measure", hint: "sort", in: .panel(.heads)),
        row(
            "h Left", .heads(.select(Steps(rows: 0, columns: -1))), .heads, "Heads: heads with h l, layers with j k",
            in: .panel(.heads)),
        row("j Down", .heads(.select(Steps(rows: 1, columns: 0))), .heads, "", in: .panel(.heads)),
        row("k Up", .heads(.select(Steps(rows: -1, columns: 0))), .heads, "", in: .panel(.heads)),
        row("l Right", .heads(.select(Steps(rows: 0, columns: 1))), .heads, "", in: .panel(.heads)),
        row("Enter", .heads(.take), .heads, "Heads: take the selected head", hint: "take", in: .panel(.heads)),
        row(
            "t", .heads(.by(nil)), .heads, "Heads: by how far they move, by the loss without", hint: "moved",
            in: .panel(.heads)),
        row("j Down", .ask(.line(1)), .heads, "Answers: next line; its key becomes the anchor", in: .panel(.answers)),
        row("k Up", .ask(.line(-1)), .heads, "Answers: line before", in: .panel(.answers)),
        row("Space PageDown", .ask(.line(10)), .heads, "Answers: ten lines down, b up", in: .panel(.answers)),
        row("b PageUp", .ask(.line(-10)), .heads, "", in: .panel(.answers)),
        row("Enter", .ask(.go), .heads, "Answers: go to the token (u: back)", hint: "go there", in: .panel(.answers)),
        row("r", .ask(.sort), .heads, "Answers: sort by the next measure", hint: "sort", in: .panel(.answers)),
        row("c", .generate(.candidate), .heads, "", in: .panel(.answers)),
        row("t", .ask(.turn(1)), .heads, "Answers: next page, T the one before", hint: "page", in: .panel(.answers)),
        row("T", .ask(.turn(-1)), .heads, "", in: .panel(.answers)),
        row("t", .word(.turn(1)), .heads, "Word: next step of it, T the one before", hint: "step", in: .panel(.word)),
        row("T", .word(.turn(-1)), .heads, "", in: .panel(.word)),
        row("j Down", .word(.line(1)), .heads, "Word: next key, which becomes the anchor", in: .panel(.word)),
        row("k Up", .word(.line(-1)), .heads, "", in: .panel(.word)),
        row("Space PageDown", .word(.line(10)), .heads, "", in: .panel(.word)),
        row("b PageUp", .word(.line(-10)), .heads, "", in: .panel(.word)),
        row("r", .word(.sort), .heads, "Word: keys by weight or by place", hint: "sort", in: .panel(.word)),
        row("l Right", .masks(.plane(nil, 1)), .heads, "Mask: next mask of the file (h back)", in: .panel(.mask)),
        row("h Left", .masks(.plane(nil, -1)), .heads, "", in: .panel(.mask)),
        row("j Down", .masks(.select(1)), .heads, "Mask: next of the worst queries", in: .panel(.mask)),
        row("k Up", .masks(.select(-1)), .heads, "Mask: the one before", in: .panel(.mask)),
        row("Space PageDown", .masks(.stretches(8)), .heads, "", in: .panel(.mask)),
        row("b PageUp", .masks(.stretches(-8)), .heads, "", in: .panel(.mask)),
        row(
            "c", .masks(.promptForClaims), .heads, "Mask: claims, as window=16; r: redraw", in: .panel(.mask)
        ),
        row("r", .masks(.redraw), .heads, "", in: .panel(.mask)),
        row("Enter", .masks(.go), .heads, "Mask: go to the selected query", hint: "go there", in: .panel(.mask)),
        row("j Down", .positions(.scroll(1)), .heads, "Rotation: next subspace or method (k)", in: .panel(.rotation)),
        row("k Up", .positions(.scroll(-1)), .heads, "", in: .panel(.rotation)),
        row("j Down", .io(.step(1)), .heads, "IO: tile on, l in its row; + - r Enter t", in: .panel(.io)),
        row("k Up", .io(.step(-1)), .heads, "", in: .panel(.io)),
        row("Space PageDown", .io(.step(10)), .heads, "", in: .panel(.io)),
        row("b PageUp", .io(.step(-10)), .heads, "", in: .panel(.io)),
        row("l Right", .io(.row(1)), .heads, "", in: .panel(.io)),
        row("h Left", .io(.row(-1)), .heads, "", in: .panel(.io)),
        row("+ =", .io(.size(1)), .heads, "", hint: "size", as: "+ -", in: .panel(.io)),
        row("-", .io(.size(-1)), .heads, "", in: .panel(.io)),
        row("r", .io(.order), .heads, "", hint: "order", in: .panel(.io)),
        row("Enter", .io(.fork), .heads, "", hint: "fork", in: .panel(.io)),
        row("t", .io(.turn(1)), .heads, "", hint: "page", in: .panel(.io)),
        row("T", .io(.turn(-1)), .heads, "", in: .panel(.io)),
        row(
            "+ =", .experts(.capacity(1)), .heads, "Experts: room + -, r the run's; t page", hint: "room", as: "+ -",
            in: .panel(.experts)),
        row("-", .experts(.capacity(-1)), .heads, "", in: .panel(.experts)),
        row("r", .experts(.own), .heads, "", hint: "own room", in: .panel(.experts)),
        row("t", .experts(.turn(1)), .heads, "", hint: "page", in: .panel(.experts)),
        row("T", .experts(.turn(-1)), .heads, "", in: .panel(.experts)),
        row("j Down", .catalogue(.line(1)), .heads, "Methods: a take, c compare, r sort, t tree", in: .panel(.methods)),
        row("k Up", .catalogue(.line(-1)), .heads, "", in: .panel(.methods)),
        row("Space PageDown", .catalogue(.line(10)), .heads, "", in: .panel(.methods)),
        row("b PageUp", .catalogue(.line(-10)), .heads, "", in: .panel(.methods)),
        row("g Home", .catalogue(.line(-1_000_000)), .heads, "", in: .panel(.methods)),
        row("G End", .catalogue(.line(1_000_000)), .heads, "", in: .panel(.methods)),
        row("Enter", .catalogue(.open), .heads, "", hint: "page", in: .panel(.methods)),
        row("a", .catalogue(.take), .heads, "", hint: "apply", in: .panel(.methods)),
        row("c", .catalogue(.compare), .heads, "", hint: "compare", in: .panel(.methods)),
        row("r", .catalogue(.sort(.next)), .heads, "", hint: "sort", in: .panel(.methods)),
        row("R", .catalogue(.reverse), .heads, "", in: .panel(.methods)),
        row("/", .catalogue(.promptForFilter), .heads, "", hint: "filter", in: .panel(.methods)),
        row("t", .catalogue(.turn(1)), .heads, "", hint: "tree", in: .panel(.methods)),
        row("T", .catalogue(.turn(-1)), .heads, "", in: .panel(.methods)),
        row("Escape", .catalogue(.back), .heads, "", hint: "back", in: .panel(.methods)),
    ]

    private static let needles: [Binding] = [
        row("h Left", .needles(.move(Steps(rows: 0, columns: -1))), .positions, "", in: .needles),
        row(
            "j Down", .needles(.move(Steps(rows: 1, columns: 0))), .positions, "", hint: "place", as: "hjkl",
            in: .needles
        ),
        row("k Up", .needles(.move(Steps(rows: -1, columns: 0))), .positions, "", in: .needles),
        row("l Right", .needles(.move(Steps(rows: 0, columns: 1))), .positions, "", in: .needles),
        row("Enter", .needles(.open), .positions, "", hint: "open", in: .needles),
        row("r", .needles(.measure(.next)), .positions, "", hint: "measure", in: .needles),
        row("+ =", .needles(.turn(1)), .positions, "", hint: "task", as: "+ -", in: .needles),
        row("-", .needles(.turn(-1)), .positions, "", in: .needles),
    ]

    private static let passages: [Binding] = [
        row("h Left", .passages(.move(Steps(rows: 0, columns: -1))), .positions, "", in: .passages),
        row(
            "j Down", .passages(.move(Steps(rows: 1, columns: 0))), .positions, "", hint: "chunk", as: "hjkl",
            in: .passages),
        row("k Up", .passages(.move(Steps(rows: -1, columns: 0))), .positions, "", in: .passages),
        row("l Right", .passages(.move(Steps(rows: 0, columns: 1))), .positions, "", in: .passages),
        row("Enter", .passages(.open), .positions, "", hint: "go there", in: .passages),
    ]

    private static let longTexts: [Binding] = [
        row("j Down", .longTexts(.scroll(1)), .positions, "", hint: "metrics", as: "j k", in: .longTexts),
        row("k Up", .longTexts(.scroll(-1)), .positions, "", in: .longTexts),
        row("Space PageDown", .longTexts(.scroll(10)), .positions, "", in: .longTexts),
        row("b PageUp", .longTexts(.scroll(-10)), .positions, "", in: .longTexts),
    ]

    private static let benchmarks: [Binding] = [
        row("j Down", .benchmarks(.move(1)), .positions, "", hint: "question", as: "j k", in: .benchmarks),
        row("k Up", .benchmarks(.move(-1)), .positions, "", in: .benchmarks),
        row("Space PageDown", .benchmarks(.move(10)), .positions, "", in: .benchmarks),
        row("b PageUp", .benchmarks(.move(-10)), .positions, "", in: .benchmarks),
        row("Enter", .benchmarks(.open), .positions, "", hint: "open", in: .benchmarks),
        row("r", .benchmarks(.choose), .positions, "", hint: "choose", in: .benchmarks),
        row("+ =", .benchmarks(.turn(1)), .positions, "", hint: "file", as: "+ -", in: .benchmarks),
        row("-", .benchmarks(.turn(-1)), .positions, "", in: .benchmarks),
    ]

    private static let program: [Binding] = [
        row("Ctrl-W", .edit(.promptForWord), .program, "change a word beside the text: Ctrl-X original, Ctrl-L list"),
        row("Ctrl-X", .edit(.original), .program, ""),
        row("Ctrl-L", .edit(.changes), .program, ""),
        row("E", .edit(.editor), .program, "edit the file of the text; Ctrl-R reads it anew"),
        row("Ctrl-R", .edit(.reload), .program, ""),
        row("Ctrl-O", .session(.list), .program, "texts and models that are open; F12, F11 go through them"),
        row("F12", .session(.step(1)), .program, ""),
        row("F11", .session(.step(-1)), .program, ""),
        row("`", .kept(.promptForNote), .program, "note here; Y copies (t w s p r); Ctrl-S, Ctrl-A write"),
        row("Y", .kept(.promptToCopy), .program, ""),
        row("Ctrl-S", .kept(.promptToSave), .program, ""),
        row("Ctrl-A", .kept(.promptForFigure), .program, ""),
        row("O", .models(.list), .program, "models on this machine: open, set beside"),
        row("Ctrl-P", .finder(.open), .program, "finds anything that can be done, and does it", hint: "actions"),
        row("? F1", .program(.help), .program, "these keys", hint: "help"),
        row("Escape", .program(.close), .program, "close: notice, hits, anchor that stays"),
        row("X", .program(.stop), .program, "stop reading or measuring; e, Ctrl-E go on", hint: "stop"),
        row("Ctrl-U", .program(.undo), .program, "undo what changed the view, Ctrl-Y redo; Ctrl-Z suspend"),
        row("Ctrl-Y", .program(.redo), .program, ""),
        row("Ctrl-Z", .program(.suspend), .program, ""),
        row("q Ctrl-C", .program(.quit), .program, "quit; Ctrl-G: how long the screen took", hint: "quit"),
        row("Ctrl-G", .program(.timings), .program, ""),
    ]

    private static let overlays: [Binding] = [
        row("Space", .lesson(.turn(1)), .lessons, "next step; the answer to a question first", in: .lesson),
        row("b", .lesson(.turn(-1)), .lessons, "step before", in: .lesson),
        row("Backspace", .lesson(.here), .lessons, "where was I: back to the step, after a look around", in: .lesson),
        row("j Down", .menu(.entry(1)), .menu, "next method", in: .menu),
        row("k Up", .menu(.entry(-1)), .menu, "method before", in: .menu),
        row("Enter Space", .menu(.choose), .menu, "choose or drop the method", hint: "choose", in: .menu),
        row("c", .menu(.whole), .menu, "choose it with what makes it whole", in: .menu),
        row("Tab", .menu(.parameter(1)), .menu, "next parameter; BackTab one before", hint: "next", in: .menu),
        row("BackTab", .menu(.parameter(-1)), .menu, "", in: .menu),
        row("l Right", .menu(.value(1)), .menu, "more (or type a number)", hint: "value", as: "← →", in: .menu),
        row("h Left", .menu(.value(-1)), .menu, "less", in: .menu),
        row("K", .focus(.kind(.next)), .menu, "encoder, decoder or cross attention", in: .menu),
        row("/", .menu(.filter), .menu, "list only methods with these letters", hint: "filter", in: .menu),
        row("M", .masks(.promptForRule), .menu, "type a mask: a rule or file:PATH", hint: "rule", in: .menu),
        row("d", .menu(.compare), .menu, "compare the mask with the selected one", hint: "compare", in: .menu),
        row(
            "Escape m q", .program(.close), .menu, "close the menu; the exact run begins", hint: "close", as: "Esc",
            in: .menu),
        row("Ctrl-C", .program(.quit), .program, "", in: .menu),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .menu),
        row("j Down", .program(.scrollHelp(1)), .program, "", in: .help),
        row("k Up", .program(.scrollHelp(-1)), .program, "", in: .help),
        row("Space PageDown", .program(.scrollHelp(10)), .program, "", in: .help),
        row("b PageUp", .program(.scrollHelp(-10)), .program, "", in: .help),
        row("Escape q ? F1", .program(.close), .program, "", in: .help),
        row("/ Enter Ctrl-P", .finder(.open), .program, "", in: .help),
        row("Down Ctrl-N Tab", .finder(.entry(1)), .program, "", in: .finder),
        row("Up Ctrl-P BackTab", .finder(.entry(-1)), .program, "", in: .finder),
        row("PageDown", .finder(.entry(10)), .program, "", in: .finder),
        row("PageUp", .finder(.entry(-10)), .program, "", in: .finder),
        row("Enter", .finder(.take), .program, "", in: .finder),
        row("Escape", .program(.close), .program, "", in: .finder),
        row("Ctrl-C", .program(.quit), .program, "", in: .finder),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .finder),
        row("j Down", .places(.entry(1)), .program, "", in: .places),
        row("k Up", .places(.entry(-1)), .program, "", in: .places),
        row("Space PageDown", .places(.entry(10)), .program, "", in: .places),
        row("b PageUp", .places(.entry(-10)), .program, "", in: .places),
        row("g Home", .places(.entry(-1_000_000)), .program, "", in: .places),
        row("G End", .places(.entry(1_000_000)), .program, "", in: .places),
        row("Tab", .places(.nextList), .program, "", in: .places),
        row("Enter", .places(.take), .program, "", in: .places),
        row("Escape q J", .program(.close), .program, "", in: .places),
        row("Ctrl-C", .program(.quit), .program, "", in: .places),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .places),
        row("j Down", .edit(.changesEntry(1)), .program, "", in: .changes),
        row("k Up", .edit(.changesEntry(-1)), .program, "", in: .changes),
        row("Space PageDown", .edit(.changesEntry(10)), .program, "", in: .changes),
        row("b PageUp", .edit(.changesEntry(-10)), .program, "", in: .changes),
        row("Enter", .edit(.changesTake), .program, "", in: .changes),
        row("Escape q Ctrl-L", .program(.close), .program, "", in: .changes),
        row("Ctrl-C", .program(.quit), .program, "", in: .changes),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .changes),
        row("j Down", .session(.entry(1)), .program, "", in: .sessions),
        row("k Up", .session(.entry(-1)), .program, "", in: .sessions),
        row("Enter", .session(.take), .program, "", in: .sessions),
        row("x", .session(.close), .program, "", in: .sessions),
        row("Escape q Ctrl-O", .program(.close), .program, "", in: .sessions),
        row("Ctrl-C", .program(.quit), .program, "", in: .sessions),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .sessions),
        row("j Down", .reading(.entry(1)), .program, "", in: .parts),
        row("k Up", .reading(.entry(-1)), .program, "", in: .parts),
        row("Enter r", .reading(.take), .program, "", in: .parts),
        row("n", .reading(.chapter(1)), .program, "", in: .parts),
        row("p", .reading(.chapter(-1)), .program, "", in: .parts),
        row("Escape q", .program(.close), .program, "", in: .parts),
        row("Ctrl-C", .program(.quit), .program, "", in: .parts),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .parts),
        row("j Down", .models(.entry(1)), .program, "", in: .models),
        row("k Up", .models(.entry(-1)), .program, "", in: .models),
        row("Space PageDown", .models(.entry(10)), .program, "", in: .models),
        row("PageUp", .models(.entry(-10)), .program, "", in: .models),
        row("Enter", .models(.open), .program, "", in: .models),
        row("b", .models(.beside), .program, "", in: .models),
        row("y", .program(.readPasted), .program, "", in: .pasted),
        row("n Escape q", .program(.close), .program, "", in: .pasted),
        row("Ctrl-C", .program(.quit), .program, "", in: .pasted),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .pasted),
        row("Escape q O", .program(.close), .program, "", in: .models),
        row("Ctrl-C", .program(.quit), .program, "", in: .models),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .models),
        row("Ctrl-C", .program(.quit), .program, "", in: .help),
        row("Ctrl-Z", .program(.suspend), .program, "", in: .help),
    ]

    private static func row(
        _ names: String, _ action: Action, _ group: Binding.Group, _ help: String, hint: String? = nil,
        as hintKeys: String? = nil, in context: Binding.Context = .anywhere
    ) -> Binding {
        let keys = names.split(separator: " ").compactMap { KeyNames.key(String($0)) }
        return Binding(
            keys: keys, action: action, context: context, group: group, help: help, hint: hint,
            hintKeys: hintKeys ?? keys.first.map(KeyNames.name) ?? "")
    }
}
