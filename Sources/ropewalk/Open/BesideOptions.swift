import ArgumentParser

/// A second model, to be set beside the first one.
struct BesideOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A second model with the same tokenizer, shown beside the first in Loss, Rotation and Distance.",
            valueName: "path"))
    var beside: String?
}
