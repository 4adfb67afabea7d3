import ArgumentParser
import RopewalkMethods

/// The layers and heads of a model for which a mask is asked, without the model.
struct MaskHeadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Layers and heads of the model, for masks that differ between them, such as 12x8.", valueName: "lxh"))
    var of: String?

    @Option(
        help: ArgumentHelp("Of --of: these layers, as in 0,2-3. Default: all.", valueName: "list"),
        transform: IndexList.parse)
    var layers: IndexList?

    @Option(help: ArgumentHelp("Of --of: these heads. Default: all.", valueName: "list"), transform: IndexList.parse)
    var heads: IndexList?

    private static let largestCount = 1024

    func validate() throws {
        guard let of else {
            if layers != nil || heads != nil {
                throw CommandError.combination("--layers and --heads choose from a model: give its size with --of 12x8")
            }
            return
        }
        _ = try Self.size(of)
    }

    private static func size(_ text: String) throws(CommandError) -> (layers: Int, heads: Int) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let layers = parts[0], let heads = parts[1], (1...largestCount).contains(layers),
            (1...largestCount).contains(heads)
        else { throw .outOfRange(option: "--of", value: text, takes: "layers x heads, 1x1 to 1024x1024") }
        return (layers, heads)
    }

    /// The heads that are asked about, layer by layer; empty where no model's size is given.
    func headPlaces() throws(CommandError) -> [[HeadPlace]] {
        guard let of else { return [] }
        let size = try Self.size(of)
        let chosenLayers = try layers?.indices(below: size.layers, option: "--layers") ?? Array(0..<size.layers)
        let chosenHeads = try heads?.indices(below: size.heads, option: "--heads") ?? Array(0..<size.heads)
        return chosenLayers.map { layer in
            chosenHeads.map { HeadPlace(layer: layer, head: $0, layers: size.layers, heads: size.heads) }
        }
    }
}
