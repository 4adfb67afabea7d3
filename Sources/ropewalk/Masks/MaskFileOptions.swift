import ArgumentParser
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// How mask files are taken, where their bytes do not say.
struct MaskFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say("A mask file, or - for standard input; the same as file:PATH. May be repeated: masks are combined."),
            valueName: "path"))
    var file: [String] = []

    @Option(
        help: ArgumentHelp(
            say(
                """
                Of files: their axes, such as batch,heads,queries,keys or layers,queries,keys. Default: a guess, which is \
                said.
                """), valueName: "names"), transform: MaskReading.axes)
    var axes: [MaskStack.Axis]?

    @Option(
        help: ArgumentHelp(
            say(
                """
                Of files with fewer queries than keys: where the first query stands among the keys, bottom-right (the last \
                query sees the last key; the default), top-left, or cross for queries of another text.
                """),
            valueName: "n"), transform: MaskReading.offset)
    var offset: MaskStack.Offset?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say(
                """
                Of files: values below X are hidden. Default: 0 of 0 and 1; −∞, the least number of the type and what is \
                below −5000 of an additive mask.
                """), valueName: "x"))
    var hiddenBelow: Double?

    @Flag(help: .said("Of files: swap visible and hidden. Without it 1 and white are visible, 0 and black hidden."))
    var invert = false

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            say(
                """
                Of files: what they hold, mask, padding ([batch, keys] of 0 and 1), cu-seqlens, position-ids or documents \
                (of packed batches).
                """), valueName: "kind"))
    var content: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            say(
                """
                An array that rules look things up in, as in doc[q] == doc[k]: a name and a file (.npy, .npz#NAME, \
                .safetensors, .pt, text). May be repeated.
                """), valueName: "name=path"))
    var array: [String] = []

    func validate() throws {
        _ = try reading()
        _ = try arrays()
        if let hiddenBelow, !hiddenBelow.isFinite {
            throw CommandError.outOfRange(option: "--hidden-below", value: "\(hiddenBelow)", takes: say("a number"))
        }
    }

    func reading() throws(CommandError) -> MaskReading {
        var reading = MaskReading()
        reading.axes = axes
        reading.offset = offset ?? .bottomRight
        reading.hiddenBelow = hiddenBelow
        reading.isInverted = invert
        if let content {
            guard let kind = MaskReading.Content(rawValue: content) else {
                let known = MaskReading.Content.allCases.map(\.rawValue).joined(separator: ", ")
                throw .outOfRange(option: "--as", value: content, takes: known)
            }
            reading.content = kind
        }
        return reading
    }

    func loader() throws(CommandError) -> MaskLoader {
        var loader = MaskFile.loader(try reading())
        loader.given = try arrays()
        return loader
    }

    /// The paths of arrays by their names.
    private func arrays() throws(CommandError) -> [String: String] {
        var paths: [String: String] = [:]
        for text in array {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, MaskExpression.isName(parts[0]), paths[parts[0]] == nil else {
                throw .outOfRange(
                    option: "--array", value: text, takes: say("a name and a file, such as doc=ids.npy, once"))
            }
            paths[parts[0]] = parts[1]
        }
        return paths
    }
}
