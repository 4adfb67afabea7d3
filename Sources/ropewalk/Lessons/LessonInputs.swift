import ArgumentParser
import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods

/// What a lesson is played with.
struct LessonInputs {
    /// The options of `open` that a lesson names.
    private struct Options: ParsableArguments {
        @OptionGroup var text: TextOptions
        @OptionGroup var model: ModelOptions
        @OptionGroup var scenario: ScenarioOptions
        @OptionGroup var beside: BesideOptions
    }

    private let inputs: Inputs
    private let lesson: Lesson
    let program: ProgramInputs

    init(_ source: LessonSource, threads: Int?) throws {
        let options: Options
        do {
            options = try Options.parse(try source.arguments() + (threads.map { ["--threads", String($0)] } ?? []))
        } catch let error where !(error is CommandError) {
            throw CommandError.content(
                file: source.path, problem: String(Options.message(for: error).prefix { !$0.isNewline }))
        }
        lesson = source.lesson
        do {
            inputs = try Inputs(
                text: options.text, others: [], model: options.model, scenario: options.scenario,
                beside: options.beside, recording: .single)
        } catch let error as MethodError {
            throw AppError.lesson(
                file: source.path, line: lesson.methodLine ?? 1, problem: error.localizedDescription)
        }
        var program = inputs.program
        if let sentence = lesson.sentence {
            program.loadText = { try SourceText(sentence, name: "sentence") }
            program.name = "sentence"
            program.textFile = nil
        }
        self.program = program
    }

    func state(size: Size, depth: ColourDepth, ground: Ground = .dark, theme: ThemeChoice = .auto) -> AppState {
        var state = inputs.state(size: size, depth: depth, ground: ground, theme: theme)
        state.lesson = LessonPlay(lesson)
        return state
    }
}
