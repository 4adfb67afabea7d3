import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkPhrases

/// `ropewalk lesson [NAME]`.
struct LessonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lesson",
        abstract: say("Lists the lessons, or plays one: Space goes on, b back, Backspace to the step."),
        discussion: say(
            """
            A lesson is a text file (docs/LESSONS.md). --check plays it without a terminal and sees whether every step shows \
            what it says: exit status 1 where one does not; without a name, all that come with the program.
            """))

    @Argument(help: .said("A lesson by its name, or a file. Default: they are listed."))
    var name: String?

    @Flag(help: .said("Checks what the lesson says of itself, at 80x24 and 120x40."))
    var check = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Processors to use, 1 to 1024. Default: all."), valueName: "count"),
        transform: WholeNumber.parser(1...1024))
    var threads: Int?

    @Option(help: ThemeChoice.help)
    var theme: ThemeChoice?

    @OptionGroup var language: LanguageOption

    func run() throws {
        // What must stand on the screen is written in English; captions are checked in every language.
        if check {
            let told = Language.current
            return try Language.with(.english) { try checkAll(telling: told) }
        }
        guard let name else { return try list() }
        let source = try LessonSource(name)
        let inputs = try LessonInputs(source, threads: threads)
        let settings = try Settings.stored().forLessons
        try MainActor.assumeIsolated {
            _ = try OpenCommand.interact(inputs.program, try ActionScript(parsing: "lesson.step 0")) { size, depth in
                var state = inputs.state(size: size, depth: depth, ground: OpenCommand.ground)
                state.begin(with: settings.actions, keys: settings.keys)
                if let theme { state.appearance.theme = theme }
                return state
            }
        }
    }

    private func list() throws {
        let lessons = try LessonSource.shipped()
        let width = lessons.map(\.name.count).max() ?? 0
        for source in lessons {
            let steps = source.lesson.steps.count
            let title = source.lesson.title.text()
            let name = source.name + String(repeating: " ", count: width - source.name.count)
            try StandardOutput.write("\(name)  \(steps < 10 ? " " : "")\(steps) steps  \(title)\n")
        }
    }

    private static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40)]

    private func checkAll(telling language: Language) throws {
        let sources = try name.map { [try LessonSource($0)] } ?? LessonSource.shipped()
        var failures = 0
        for source in sources {
            let inputs = try LessonInputs(source, threads: threads)
            for size in Self.sizes {
                var player = try ScreenPlayer(
                    state: inputs.state(size: size, depth: .indexed256),
                    inputs: inputs.program)
                for failure in player.checkLesson(telling: language) {
                    failures += 1
                    let description = Language.with(language) { failure.description }
                    try StandardOutput.write("\(source.path): \(description)\n")
                }
            }
            let claims = source.lesson.steps.reduce(0) { $0 + $1.claims.count }
            let summary = Language.with(language) {
                say("\(source.name): \(source.lesson.steps.count) steps, \(claims) claims\n")
            }
            try StandardOutput.write(summary)
        }
        if failures > 0 { throw ExitCode(1) }
    }
}
