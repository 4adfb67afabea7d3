import ArgumentParser
import RopewalkPhrases

/// A step of a lesson in place of a text.
struct LessonOptions: ParsableArguments {
    @Option(help: ArgumentHelp(say("A lesson by its name, or a file, in place of TEXT."), valueName: "name"))
    var lesson: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp(say("The step of the lesson, counted from 1."), valueName: "n"),
        transform: WholeNumber.parser(1...200))
    var step: Int?

    func validate() throws {
        if step != nil, lesson == nil {
            throw CommandError.combination(say("--step is a step of a lesson: give --lesson too"))
        }
    }

    /// Nil where no lesson is asked for.
    func source() throws -> LessonSource? {
        guard let lesson else { return nil }
        let source = try LessonSource(lesson)
        let count = source.lesson.steps.count
        guard (step ?? 1) <= count else {
            throw CommandError.outOfRange(
                option: "--step", value: "\(step ?? 1)", takes: say("a step of the lesson, 1 to \(count)"))
        }
        return source
    }

    /// The step, from 0; nil without a lesson.
    var index: Int? { lesson == nil ? nil : (step ?? 1) - 1 }
}
