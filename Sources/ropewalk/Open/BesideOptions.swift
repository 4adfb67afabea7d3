import ArgumentParser
import RopewalkPhrases

/// A second model, to be set beside the first one.
struct BesideOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say(
                """
                A second model, shown beside the first in Map, Loss, Rotation and Distance; with another tokenizer in Loss \
                alone, byte by byte.
                """),
            valueName: "model"))
    var beside: String?

    @Flag(
        help: .said(
            "The model without its --adapter and --weights-like, shown beside it as --beside shows another one."))
    var besideBase = false

    func validate() throws {
        if beside != nil, besideBase {
            throw CommandError.combination(say("--beside and --beside-base both name what is shown beside: give one"))
        }
    }

    /// The second model; nil where none is asked for.
    func path(_ model: ModelOptions) throws -> String? {
        guard besideBase else { return try beside.map { try ModelName.path($0) } }
        guard model.adapter != nil || model.weightsLike != nil else {
            throw CommandError.combination(
                say("--beside-base shows a model as its files have it: give --adapter or --weights-like too"))
        }
        return try model.path()
    }
}
