import ArgumentParser
import RopewalkEvaluation
import RopewalkPhrases

/// What is hidden and asked for.
struct NeedleTaskOptions: ParsableArguments {
    @Option(
        name: .customLong("task"),
        help: ArgumentHelp(
            say(
                "A task such as passkey or vt:hops=2; may be repeated; ruler and needlebench are all of theirs (--tasks)."
            ),
            valueName: "task"))
    var tasks: [String] = []

    @Option(help: ArgumentHelp(say("A sentence of one's own to hide."), valueName: "sentence"))
    var needle: String?

    @Option(help: ArgumentHelp(say("What is asked for it, up to where the answer begins."), valueName: "text"))
    var question: String?

    @Option(help: ArgumentHelp(say("The answer that follows."), valueName: "text"))
    var answer: String?

    func validate() throws {
        let own = [needle, question, answer]
        guard own.allSatisfy({ $0 == nil }) || own.allSatisfy({ $0?.isEmpty == false }) else {
            throw CommandError.combination(say("--needle, --question and --answer belong together: give all three"))
        }
    }

    /// Passkey where none is named.
    func parsedTasks() throws(NeedleError) -> [NeedleTask] {
        var found: [NeedleTask] = []
        for text in tasks { found += try NeedleTask.tasks(parsing: text) }
        if let needle, let question, let answer {
            found.append(NeedleTask(.own, own: OwnNeedle(needle: needle, question: question, answer: answer)))
        }
        if found.isEmpty { found = [NeedleTask(.passkey)] }
        var seen: Set<NeedleTask> = []
        return found.filter { seen.insert($0).inserted }
    }
}
