import ArgumentParser
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk rope`.
struct RopeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rope", abstract: say("Angles of every rotary subspace under a position method."))

    @Option(
        help: ArgumentHelp(
            say(
                "A Hugging Face folder, a GGUF file, or a name that ropewalk models lists. Default: the bundled model."),
            valueName: "model"))
    var model: String?

    @OptionGroup var scenario: ScenarioOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Rotary dimensions of a head, in place of --model."), valueName: "d"),
        transform: WholeNumber.parser(2...65_536))
    var headDim: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp(say("RoPE base, with --head-dim."), valueName: "b"))
    var base: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Trained window in tokens, with --head-dim."), valueName: "w"),
        transform: WholeNumber.parser(1...1_073_741_824))
    var window: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Heads of a layer, with --head-dim. Default: 1."), valueName: "n"),
        transform: WholeNumber.parser(1...65_536))
    var heads: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Tokens of the text, for methods that depend on it. Default: the window."), valueName: "n"),
        transform: WholeNumber.parser(1...1_073_741_824))
    var tokens: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Positions of the angles, such as 0,1,511."), valueName: "list"),
        transform: Self.positions)
    var positions: [Int]?

    @Flag(help: .said("Every kind of layer of the model, with the angles of each."))
    var layers = false

    @Flag(help: .said("JSON in place of a table."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if layers, headDim != nil || base != nil || window != nil {
            throw CommandError.combination(
                say("--layers asks about a model, and --head-dim, --base, --window describe none"))
        }
        let given = [headDim != nil, base != nil, window != nil]
        guard given.contains(true) || heads != nil else { return }
        if model != nil {
            throw CommandError.combination(say("--model and --head-dim, --base, --window, --heads exclude each other"))
        }
        if given.contains(false) {
            throw CommandError.combination(say("--head-dim, --base and --window belong together: give all three"))
        }
    }

    func run() throws {
        if let headDim, let base, let window {
            let context = RotaryContext(
                dimensions: headDim, base: base, trainedWindow: window, tokens: tokens ?? window, heads: heads ?? 1)
            let table = try RopeTable(
                method: try scenario(position: RoPE()).position, in: context, positions: positions)
            return try StandardOutput.write(json ? table.json() : table.text)
        }
        let outline = try ModelOutline(contentsOf: ModelName.path(model))
        if let line = outline.unread.line { StandardError.write("\(outline.path): \(line)") }
        let scenario = try scenario(position: outline.position)
        if layers {
            let tables = try LayerTables(outline, scenario: scenario, tokens: tokens, positions: positions)
            return try StandardOutput.write(json ? JSONText.encode(tables) : tables.text)
        }
        let table = try table(outline, scenario)
        try StandardOutput.write(json ? table.json() : table.text + (note(outline).map { "\n\($0)\n" } ?? ""))
    }

    private func scenario(position: any PositionMethod) throws -> Scenario {
        let scenario = try scenario.scenario(position: position)
        if let other = scenario.windows.first?.spec ?? scenario.selection?.spec {
            throw CommandError.combination(say("\(other) is no position method: ropewalk mask shows it"))
        }
        let others: [(any Method)?] = [scenario.stateSelection, scenario.compression, scenario.ablations.first]
        if let other = others.compactMap({ $0?.spec }).first {
            throw CommandError.combination(say("\(other) is no position method: leave it out"))
        }
        return scenario
    }

    /// The layers that a position method is for.
    private func table(_ outline: ModelOutline, _ scenario: Scenario) throws -> RopeTable {
        let kind = outline.layerKinds.first { kind in
            kind.layers.first == outline.firstTurningLayer && kind.attention == outline.traits.kinds.first?.rawValue
        }
        return try RopeTable(
            model: outline.name, method: scenario.position,
            in: outline.shape.rotaryContext(tokens: tokens ?? outline.shape.trainedWindow), layers: kind?.layers,
            reach: kind?.reach, positions: positions)
    }

    /// What the table does not show; nil where all layers are alike.
    private func note(_ outline: ModelOutline) -> String? {
        outline.layerKinds.count > 1 ? say("other layers turn or reach otherwise: --layers shows every kind") : nil
    }

    private struct NotPositions: Error, CustomStringConvertible {
        var description: String {
            say("it takes at most 1,024 positions 0 to 1,073,741,824 joined by commas, such as 0,1,511")
        }
    }

    @Sendable private static func positions(_ text: String) throws -> [Int] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let positions = parts.compactMap { $0 }.filter { (0...1_073_741_824).contains($0) }
        guard positions.count == parts.count, positions.count <= 1024 else { throw NotPositions() }
        return positions
    }
}
