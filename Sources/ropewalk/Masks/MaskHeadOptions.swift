import ArgumentParser
import RopewalkMethods
import RopewalkPhrases

/// The items, layers and heads for which a mask is asked, without the model.
struct MaskHeadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say(
                """
                Layers and heads of the model, for masks that differ between them, such as 12x8. Default: those of a mask \
                file.
                """), valueName: "lxh"))
    var of: String?

    @Option(
        help: ArgumentHelp(say("These layers only, as in 0,2-3. Default: all."), valueName: "list"),
        transform: IndexList.parse)
    var layers: IndexList?

    @Option(help: ArgumentHelp(say("These heads only. Default: all."), valueName: "list"), transform: IndexList.parse)
    var heads: IndexList?

    @Option(
        help: ArgumentHelp(say("These items of a batch only. Default: all."), valueName: "list"),
        transform: IndexList.parse)
    var items: IndexList?

    private static let largestCount = 1024

    func validate() throws {
        if let of { _ = try Self.size(of) }
    }

    private static func size(_ text: String) throws(CommandError) -> (layers: Int, heads: Int) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let layers = parts[0], let heads = parts[1], (1...largestCount).contains(layers),
            (1...largestCount).contains(heads)
        else { throw .outOfRange(option: "--of", value: text, takes: say("layers x heads, 1x1 to 1024x1024")) }
        return (layers, heads)
    }

    /// The layers and heads of the model; nil where none is given.
    func modelSize() throws(CommandError) -> (layers: Int, heads: Int)? {
        guard let of else { return nil }
        return try Self.size(of)
    }

    /// How many items, layers and heads there are: those of the model and of the files.
    func counts(_ files: [FileWindow]) throws(CommandError) -> HeadCounts {
        let size = try modelSize()
        let layouts = files.map { $0.stack.layout(layers: size?.layers, heads: size?.heads) }
        // Of an axis of which a mask is chosen there is only this one.
        func most(_ axis: MaskStack.Axis) -> Int {
            zip(files, layouts).map { $0.chosen.index(axis) == nil ? $1.count(axis) : 1 }.max() ?? 1
        }
        return HeadCounts(
            items: most(.batch), layers: size?.layers ?? most(.layers), heads: size?.heads ?? most(.heads))
    }

    /// The places that are asked about, by items, layers and heads; empty where there is one mask for all.
    func places(_ files: [FileWindow]) throws(CommandError) -> [HeadPlace] {
        let counts = try counts(files)
        let (itemCount, layerCount, headCount) = (counts.items, counts.layers, counts.heads)
        guard of != nil || layerCount * headCount * itemCount > 1 else {
            guard layers == nil, heads == nil, items == nil else {
                throw .combination(
                    say("--items, --layers and --heads choose from a model or file: give its size with --of 12x8"))
            }
            return []
        }
        let chosenItems = try items?.indices(below: itemCount, option: "--items") ?? Array(0..<itemCount)
        let chosenLayers = try layers?.indices(below: layerCount, option: "--layers") ?? Array(0..<layerCount)
        let chosenHeads = try heads?.indices(below: headCount, option: "--heads") ?? Array(0..<headCount)
        return chosenItems.flatMap { item in
            chosenLayers.flatMap { layer in
                chosenHeads.map { HeadPlace(layer: layer, head: $0, layers: layerCount, heads: headCount, item: item) }
            }
        }
    }
}
