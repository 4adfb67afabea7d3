import ArgumentParser
import RopewalkApp
import RopewalkExport
import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// What a session is opened with.
enum SessionInputs {
    static let help = ArgumentHelp(
        say("A session that :save FILE wrote, in place of TEXT: its texts, models, methods and places."),
        valueName: "file")

    /// The options of `open` that a session names.
    private struct Options: ParsableArguments {
        @OptionGroup var text: TextOptions
        @OptionGroup var model: ModelOptions
        @OptionGroup var scenario: ScenarioOptions
        @OptionGroup var beside: BesideOptions
    }

    /// Refuses what a session says itself.
    static func check(
        _ text: TextOptions, _ others: [String], _ scenario: ScenarioOptions, _ beside: BesideOptions,
        _ attention: AttentionOptions
    ) throws(CommandError) {
        let isFree =
            text.text == nil && text.ids == nil && text.tokens == nil && text.from == 0 && others.isEmpty
            && scenario.methods.isEmpty && attention.attention == nil && beside.beside == nil && !beside.besideBase
        guard !isFree else { return }
        throw .combination(say("--session names its own texts, methods and second model: leave them out"))
    }

    /// - Parameter model: in place of those that the session names
    static func read(_ path: String, model: ModelOptions, recording: RecordingPrecision) throws -> Inputs {
        let session = try SessionPaths(file: path).read(SavedSession(contentsOf: path))
        var all: [Inputs] = []
        for (index, text) in session.texts.enumerated() {
            do {
                all.append(try inputs(text, model: model, recording: recording))
            } catch let error where !(error is ExitCode) {
                let place = session.texts.count == 1 ? "" : say("text \(index + 1): ")
                throw CommandError.content(file: path, problem: place + message(error))
            }
        }
        let starts = try session.texts.enumerated().map { index, text in
            SessionStart(
                text, scenario: all[index].scenario, comparison: try comparison(text, path: path),
                kept: try kept(text, path: path), screen: index == session.shown ? session.screen : nil,
                origin: .session(path))
        }
        for index in all.indices { all[index].goOn(starts[index], place: 0, others: []) }
        let others = all.indices.filter { $0 != session.shown }.map { all[$0].program }
        all[session.shown].goOn(starts[session.shown], place: session.shown, others: others)
        return all[session.shown]
    }

    /// What the mask of a text is compared with; nil where it is with nothing.
    private static func comparison(_ text: SavedText, path: String) throws(CommandError) -> Scenario? {
        guard let specs = text.compare else { return nil }
        do throws(MethodError) {
            return try Scenario(parsing: AppState.specs(specs), loader: MaskFile.loader)
        } catch {
            throw .content(file: path, problem: "compare: " + error.description)
        }
    }

    /// The methods of what is kept beside a text; nil where nothing is.
    private static func kept(_ text: SavedText, path: String) throws(CommandError) -> Scenario? {
        guard let kept = text.kept else { return nil }
        do throws(MethodError) {
            return try Scenario(parsing: kept.methods, loader: MaskFile.loader)
        } catch {
            throw .content(file: path, problem: "kept: " + error.description)
        }
    }

    private static func inputs(
        _ text: SavedText, model: ModelOptions, recording: RecordingPrecision
    ) throws -> Inputs {
        let options = try Options.parse(arguments(text, model: model))
        return try Inputs(
            text: options.text, others: [], model: options.model, scenario: options.scenario, beside: options.beside,
            recording: recording)
    }

    /// Where reading begins and ends is no option here: it is known when there are tokens.
    private static func arguments(_ text: SavedText, model: ModelOptions) -> [String] {
        var words = text.text.ids.map { ["--ids", $0] } ?? text.text.file.map { [$0] } ?? []
        if let special = text.text.special { words += ["--special", special] }
        if let other = model.model {
            words += ["--model", other] + (model.adapter.map { ["--adapter", $0] } ?? [])
            words += model.weightsLike.map { ["--weights-like", $0.spec] } ?? []
        } else if let own = text.model {
            words += ["--model", own.path] + (own.adapter.map { ["--adapter", $0] } ?? [])
            words += own.weightsLike.map { ["--weights-like", $0] } ?? []
        }
        if let beside = text.beside {
            let isChanged = text.model?.adapter != nil || text.model?.weightsLike != nil
            let isBase = beside.path == text.model?.path && isChanged && beside.adapter == nil
            words += isBase && model.model == nil ? ["--beside-base"] : ["--beside", beside.path]
        }
        if let threads = model.threads { words += ["--threads", String(threads)] }
        return words + text.methods.flatMap { ["--method", $0] }
    }

    private static func message(_ error: any Error) -> String {
        error is CommandError || error is ModelError
            ? "\(error)" : String(Options.message(for: error).prefix { !$0.isNewline })
    }
}
