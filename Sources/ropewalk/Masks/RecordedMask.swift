import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The masks that a recorded run had in its heads, as far as places decide them, without any weights.
struct RecordedMask {
    let heads: HeadMasks
    /// The folder.
    let folder: String
    /// Whether later keys are hidden whatever methods say.
    let isCausal: Bool

    /// The folder with a recording among the methods of a command; nil where there is none.
    static func folder(_ command: MaskCommand) -> String? { command.specs.first(where: Model.isRecording) }

    /// - Throws: what goes with no recording, a method that chooses keys by what they hold, and what was not recorded.
    init(_ folder: String, _ command: MaskCommand) throws {
        guard command.allSpecs.count == 1 else {
            throw CommandError.combination(
                say("\(folder) is a recording, whose masks are those of its run: compare others with --diff"))
        }
        guard command.tokens == nil, command.heads.of == nil, command.heads.items == nil else {
            throw CommandError.combination(
                say("\(folder) is a recording, whose size is known: leave --tokens, --of and --items out"))
        }
        let model = try Model(contentsOf: folder, needsTokenizer: false)
        guard model.kinds.count == 1 else {
            throw CommandError.combination(
                say(
                    "\(model.name) has \(model.kinds.count) kinds of attention over two texts: this question is about models with one"
                ))
        }
        guard let recording = model.stored?.recordings.main else {
            throw CommandError.combination(say("\(folder): nothing is recorded yet"))
        }
        let setup = recording.setup
        let chosen = setup.scenario.selection?.spec ?? setup.scenario.stateSelection?.spec
        let own = setup.layerTraits.lazy.compactMap(\.selection?.spec).first
        if let chosen = chosen ?? own {
            throw CommandError.combination(
                say(
                    "\(chosen) chooses keys by what they hold: ropewalk ask keys \(folder) --at Q --head L.H says which"
                ))
        }
        let shape = recording.shape
        let layers = try command.heads.layers?.indices(below: shape.layers, option: "--layers")
        let heads = try command.heads.heads?.indices(below: shape.heads, option: "--heads")
        var masks: [(place: HeadPlace, mask: Mask)] = []
        for layer in layers ?? Array(0..<shape.layers) {
            for head in heads ?? Array(0..<shape.heads) {
                let place = HeadPlace(layer: layer, head: head, layers: shape.layers, heads: shape.heads)
                masks.append((place, try setup.mask(layer: layer, head: head)))
            }
        }
        self.heads = HeadMasks(masks[0].mask, heads: masks, isModel: true)
        self.folder = folder
        isCausal = recording.kind.isCausal
    }

    /// Another mask over the same tokens, as the model would apply it.
    func other(_ methods: [any Method]) throws -> Mask {
        let published = try Mask(methods: methods, tokens: heads.mask.tokens)
        return try Mask(
            windows: published.windows, tokens: published.tokens, isCausal: isCausal, queries: published.queries)
    }
}
