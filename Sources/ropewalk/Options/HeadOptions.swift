import ArgumentParser
import RopewalkModels
import RopewalkPhrases

/// Which layers and heads.
struct HeadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(say("Layers, such as 0,2-3. Default: all."), valueName: "list"), transform: IndexList.parse)
    var layers: IndexList?

    @Option(help: ArgumentHelp(say("Heads, such as 1,4. Default: all."), valueName: "list"), transform: IndexList.parse)
    var heads: IndexList?

    func layers(of shape: ModelShape) throws(CommandError) -> [Int] {
        guard let layers else { return Array(0..<shape.layers) }
        return try layers.indices(below: shape.layers, option: "--layers")
    }

    func heads(of shape: ModelShape) throws(CommandError) -> [Int] {
        guard let heads else { return Array(0..<shape.heads) }
        return try heads.indices(below: shape.heads, option: "--heads")
    }
}
