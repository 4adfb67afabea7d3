import RopewalkCellGrid

/// A key, what it does, and how the help says it.
package struct Binding: Equatable, Sendable {
    /// Where a binding holds: a focused panel's come before those that hold anywhere; an open overlay's stand alone.
    package enum Context: Equatable, Sendable {
        case anywhere
        case panel(Panel)
        case help, menu
    }

    package enum Group: String, CaseIterable, Sendable {
        case move = "Move in the text"
        case look = "What is looked at"
        case panels = "Panels"
        case map = "Map"
        case methods = "Methods"
        case positions = "Positions"
        case heads = "Heads, Mask and Rotation (focused)"
        case program = "Program"
        case menu = "Method menu"
    }

    package let keys: [Key]
    package let action: Action
    package let context: Context
    package let group: Group
    /// What it does; a binding without one is explained together with the one before it.
    package let help: String
    /// In one word, for the status line; nil where it is not shown there.
    package let hint: String?
}

/// All bindings; dispatch, the help screen and the hints of the status line are made from this one table.
package enum KeyMap {
    package static let bindings: [Binding] =
        movement + looking + panels + map + methods + positions + focused + program + overlays

    /// The action of a key where the focus is on `panel` and nothing is open.
    package static func action(for key: Key, focus panel: Panel) -> Action? {
        action(for: key, in: .panel(panel)) ?? action(for: key, in: .anywhere)
    }

    /// The action of a key in exactly one context.
    package static func action(for key: Key, in context: Binding.Context) -> Action? {
        bindings.first { $0.context == context && $0.keys.contains(key) }?.action
    }

    private static let movement: [Binding] = [
        row("h Left", .token(-1), .move, "previous token"),
        row("l Right", .token(1), .move, "next token"),
        row("j Down", .line(1), .move, "line down", hint: "move"),
        row("k Up", .line(-1), .move, "line up"),
        row("Space PageDown", .page(1), .move, "page down", hint: "page"),
        row("b PageUp", .page(-1), .move, "page up"),
        row("(", .sentence(-1), .move, "sentence back"),
        row(")", .sentence(1), .move, "sentence forward"),
        row("g Home", .textStart, .move, "start of the text"),
        row("G End", .textEnd, .move, "end of the text"),
        row(":", .promptForPlace, .move, "go to: 1204 a token, 50% a share", hint: "go to"),
        row("/", .promptForSearch(forwards: true), .move, "search forwards", hint: "search"),
        row("\\", .promptForSearch(forwards: false), .move, "search backwards"),
        row("n", .nextHit(sameDirection: true), .move, "next hit"),
        row("N", .nextHit(sameDirection: false), .move, "previous hit"),
    ]

    private static let looking: [Binding] = [
        row("a", .strongerKey(1), .look, "anchor: the cursor's next strongest key"),
        row("A", .strongerKey(-1), .look, "anchor: the one before"),
        row("Enter", .anchorHere, .look, "anchor: the cursor's token stays it"),
        row("o", .swap, .look, "swap cursor and anchor"),
        row("[", .layer(-1), .look, "previous layer", hint: "layer"),
        row("]", .layer(1), .look, "next layer"),
        row("{", .head(-1), .look, "previous head", hint: "head"),
        row("}", .head(1), .look, "next head"),
        row("K", .nextKind, .look, "encoder, decoder or cross attention", hint: "kind"),
        row("W", .toggleExperts, .look, "mixture of experts: who works on a token", hint: "experts"),
        row("s", .nextScale, .look, "scale: linear, logarithmic, quantile", hint: "scale"),
        row("S", .toggleSinks, .look, "first token in or out of the scale"),
        row("C", .nextColourMap, .look, "next colour map"),
    ]

    private static let panels: [Binding] = [
        row("Tab", .focus(1), .panels, "focus the next panel"),
        row("BackTab", .focus(-1), .panels, "focus the panel before"),
        row("1", .toggle(.text), .panels, "show or hide Text", hint: "panels"),
        row("2", .toggle(.map), .panels, "show or hide Map"),
        row("3", .toggle(.rotation), .panels, "show or hide Rotation"),
        row("4", .toggle(.mask), .panels, "show or hide Mask"),
        row("5", .toggle(.heads), .panels, "show or hide Heads"),
        row("6", .toggle(.loss), .panels, "show or hide Loss"),
        row("7", .toggle(.distance), .panels, "show or hide Distance"),
        row("p", .nextPreset, .panels, "next preset: explore, rotation, mask, all"),
        row("z", .zoomPanel, .panels, "focused panel fills the screen and back"),
    ]

    private static let map: [Binding] = [
        row("+ =", .zoomMap(1), .map, "zoom in around the cross-hair", hint: "zoom"),
        row("-", .zoomMap(-1), .map, "zoom out"),
        row("0", .wholeMap, .map, "whole document"),
        row("c", .centreMap, .map, "centre on the cursor"),
        row("h Left", .panMap(rows: 0, columns: -1), .map, "pan left (Map focused)", in: .panel(.map)),
        row("j Down", .panMap(rows: 1, columns: 0), .map, "pan down (Map focused)", hint: "pan", in: .panel(.map)),
        row("k Up", .panMap(rows: -1, columns: 0), .map, "pan up (Map focused)", in: .panel(.map)),
        row("l Right", .panMap(rows: 0, columns: 1), .map, "pan right (Map focused)", in: .panel(.map)),
        row("x", .togglePooling, .map, "cells show the highest or the mean weight"),
        row("v", .toggleMaskOverlay, .map, "on the map: what the scenario hides, what differs"),
    ]

    private static let methods: [Binding] = [
        row("m", .openMenu, .methods, "choose methods and their parameters", hint: "methods"),
        row("M", .promptForRule, .methods, "type a mask: a rule over q, k, n, layer, head, or file:PATH"),
        row("w", .why, .methods, "why the cursor sees the anchor, or does not", hint: "why"),
        row("d", .promptForComparison, .methods, "compare the mask with another method's"),
        row("t", .maskPage(1), .methods, "Mask: next page: cursor, check, compare, reach"),
        row("T", .maskPage(-1), .methods, "Mask: page before"),
        row("B", .nextBlock, .methods, "Mask: next size of the blocks that are counted"),
        row("e", .exactRun, .methods, "exact run of the chosen methods, at once"),
        row("y", .plainScenario, .methods, "back to the model's own attention"),
    ]

    private static let positions: [Binding] = [
        row("R", .nextRotationMode, .positions, "Rotation: pair, methods, distances"),
        row("i", .subspace(1), .positions, "next subspace", hint: "subspace"),
        row("I", .subspace(-1), .positions, "subspace before"),
        row("D", .nextDistanceMode, .positions, "Distance: curve, map, attention"),
        row("L", .toggleLossAxis, .positions, "Loss: linear or logarithmic positions"),
        row("E", .measureLosses, .positions, "Loss: measure again what was cancelled"),
        row(">", .parameter(1), .positions, "next parameter of the methods"),
        row("<", .parameter(-1), .positions, "parameter before"),
        row(".", .parameterValue(1), .positions, "more of it: preview, then exact run"),
        row(",", .parameterValue(-1), .positions, "less of it", hint: "less"),
    ]

    private static let focused: [Binding] = [
        row("r", .sortHeads, .heads, "Heads: sort by the next measure", hint: "sort", in: .panel(.heads)),
        row("h Left", .selectHead(layers: 0, heads: -1), .heads, "Heads: head before", in: .panel(.heads)),
        row("j Down", .selectHead(layers: 1, heads: 0), .heads, "Heads: layer below", in: .panel(.heads)),
        row("k Up", .selectHead(layers: -1, heads: 0), .heads, "Heads: layer above", in: .panel(.heads)),
        row("l Right", .selectHead(layers: 0, heads: 1), .heads, "Heads: next head", in: .panel(.heads)),
        row("Enter", .takeHead, .heads, "Heads: take the selected head", hint: "take", in: .panel(.heads)),
        row("j Down", .selectLoss(1), .heads, "Mask: next of the worst queries", in: .panel(.mask)),
        row("k Up", .selectLoss(-1), .heads, "Mask: the one before", in: .panel(.mask)),
        row("Enter", .goToLoss, .heads, "Mask: go to the selected query", hint: "go there", in: .panel(.mask)),
        row("j Down", .scrollRotation(1), .heads, "Rotation: next subspace or method", in: .panel(.rotation)),
        row("k Up", .scrollRotation(-1), .heads, "Rotation: the one before", in: .panel(.rotation)),
    ]

    private static let program: [Binding] = [
        row("? F1", .showHelp, .program, "these keys", hint: "help"),
        row("Escape", .close, .program, "close; cancel a run; anchor: strongest again"),
        row("Ctrl-Z", .suspend, .program, "suspend"),
        row("q Ctrl-C", .quit, .program, "quit", hint: "quit"),
    ]

    private static let overlays: [Binding] = [
        row("j Down", .menuEntry(1), .menu, "next method", in: .menu),
        row("k Up", .menuEntry(-1), .menu, "method before", in: .menu),
        row("Enter Space", .menuChoose, .menu, "choose or drop the method", hint: "choose", in: .menu),
        row("Tab", .menuParameter(1), .menu, "next parameter", hint: "next", in: .menu),
        row("BackTab", .menuParameter(-1), .menu, "parameter before", in: .menu),
        row("l Right", .menuValue(1), .menu, "more (or type a number)", hint: "value", in: .menu),
        row("h Left", .menuValue(-1), .menu, "less", in: .menu),
        row("K", .nextKind, .menu, "encoder, decoder or cross attention", in: .menu),
        row("/", .menuFilter, .menu, "list only methods with these letters", hint: "filter", in: .menu),
        row("M", .promptForRule, .menu, "type a mask: a rule or file:PATH", hint: "rule", in: .menu),
        row("d", .menuCompare, .menu, "compare the mask with the selected one", hint: "compare", in: .menu),
        row("Escape m q", .close, .menu, "close the menu; the exact run begins", hint: "close", in: .menu),
        row("Ctrl-C", .quit, .program, "", in: .menu), row("Ctrl-Z", .suspend, .program, "", in: .menu),
        row("j Down", .scrollHelp(1), .program, "", in: .help), row("k Up", .scrollHelp(-1), .program, "", in: .help),
        row("Space PageDown", .scrollHelp(10), .program, "", in: .help),
        row("b PageUp", .scrollHelp(-10), .program, "", in: .help),
        row("Escape q ? F1 Enter", .close, .program, "", in: .help),
        row("Ctrl-C", .quit, .program, "", in: .help), row("Ctrl-Z", .suspend, .program, "", in: .help),
    ]

    private static func row(
        _ names: String, _ action: Action, _ group: Binding.Group, _ help: String, hint: String? = nil,
        in context: Binding.Context = .anywhere
    ) -> Binding {
        let keys = names.split(separator: " ").compactMap { KeyNames.key(String($0)) }
        return Binding(keys: keys, action: action, context: context, group: group, help: help, hint: hint)
    }
}
