import ArgumentParser
import Foundation
import RopewalkPeers
import RopewalkPhrases

/// Which other programs `bench --peers` runs beside this one, and how often.
struct PeerOptions: ParsableArguments {
    @Flag(
        name: .customLong("peers"),
        help: .said(
            """
            Measure the runs beside torch (transformers) and llama.cpp, where they are installed: the same weights, tokens \
            and outputs, taking turns.
            """))
    var isAsked = false

    @Option(
        help: ArgumentHelp(say("With --peers: turns that count of each, 1 to 1000."), valueName: "n"),
        transform: WholeNumber.parser(1...1000))
    var rounds = 5

    @Option(
        help: ArgumentHelp(
            say("With --peers: the Python that has torch. Default: ROPEWALK_PYTHON, else python3 in PATH."),
            valueName: "path"))
    var python: String?

    @Option(
        help: ArgumentHelp(
            say("With --peers: the Python that has xllamacpp. Default: that of --python."), valueName: "path"))
    var llamaPython: String?

    @Option(
        help: ArgumentHelp(
            say(
                "With --peers: llama-bench in place of xllamacpp. Default: the one in PATH where xllamacpp is not installed."
            ),
            valueName: "path"))
    var llama: String?

    @Option(
        help: ArgumentHelp(
            say("With --peers: seconds that one answer of another program may take, 1 to 86,400."), valueName: "seconds"
        ),
        transform: WholeNumber.parser(1...86_400))
    var patience = 600

    /// Answers questions on standard input instead: the side of this program in such a measurement.
    @Flag(name: .customLong("peer-worker"), help: .private)
    var isWorker = false

    /// What torch is looked for in.
    var interpreter: String {
        if let python { return python }
        let named = ProcessInfo.processInfo.environment["ROPEWALK_PYTHON"] ?? ""
        return named.isEmpty ? "python3" : named
    }

    var llamaInterpreter: String { llamaPython ?? interpreter }
}
