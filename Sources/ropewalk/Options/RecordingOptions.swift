import ArgumentParser
import RopewalkKernels
import RopewalkPhrases

/// How exactly what a run leaves behind is kept.
struct RecordingOptions: ParsableArguments {
    @Option(
        name: .customLong("recording"),
        help: ArgumentHelp(
            say(
                """
                f32, or f16: queries, keys and values in half precision, for half of their memory. All that is made of them \
                is near the exact value then, and said to be of an f16 recording.
                """),
            valueName: "precision"))
    var precision = RecordingPrecision.single
}

extension RecordingPrecision: ExpressibleByArgument {}
