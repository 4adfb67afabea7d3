import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkKernels
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// `ropewalk record TEXT --model M --out DIR`.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: say("Writes what a model leaves behind of a text into a folder, to be opened later."),
        discussion: say(
            """
            The folder holds queries, keys, values and measures of every layer and head, the text and its tokens, and no weights: \
            ropewalk DIR opens it on any machine, and previews of all methods stand on it. Parts are written while the model reads; \
            Ctrl-C, a full disk or the end of the machine leave what was complete, and the same command goes on from there \
            (of f16, bf16 and q8 it begins anew, as their keys are rounded). docs/RECORDING.md is the format.
            """))

    @OptionGroup var text: TextOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions

    @Option(
        help: ArgumentHelp(
            say("How queries, keys and values are kept: f32, f16, bf16 or q8 (a byte a number)."),
            valueName: "precision"))
    var precision = StoredPrecision.single

    @OptionGroup var selection: HeadOptions

    @Option(help: ArgumentHelp(say("The folder: a new one, or one whose recording goes on."), valueName: "folder"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                Many recordings, an object of JSON a line: "out", and "text", "ids", "model", "method" (one or a list), "tokens", \
                "from", "precision", "layers", "heads" as the options of these names. What is complete is passed over.
                """), valueName: "file"))
    var list: String?

    @OptionGroup var language: LanguageOption

    func validate() throws {
        guard list != nil else {
            if out == nil { throw CommandError.combination(say("--out names the folder that is written: give it")) }
            return
        }
        if out != nil || text.text != nil || text.ids != nil {
            throw CommandError.combination(
                say("--list names texts and folders itself: leave TEXT, --ids and --out out"))
        }
    }

    func run() throws {
        if let list { return try RecordList(contentsOf: list).run() }
        guard try recorded() else { throw ExitCode(1) }
    }

    /// Whether all of it is recorded; else it was interrupted.
    func recorded() throws -> Bool {
        guard let out else { return true }
        let path = try model.path()
        guard !Model.isRecording(path) else {
            throw CommandError.combination(say("\(path) is a recording: give the model that it was made of"))
        }
        var model = try model.load(needsTokenizer: text.ids == nil)
        let document = try document(model)
        guard document.tokenCount > 0 else { throw CommandError.emptyText(document.text.name) }
        let scenario = try scenario.scenario(for: model).over(document)
        var request = RecordingWriter.Request(
            scenario: scenario, inputs: ModelInputs(ids: document.ids), encoding: document.encoding,
            text: document.text.bytes,
            writer: "ropewalk \(Ropewalk.version), \(InstructionSet.name)")
        request.precision = precision
        if selection.layers != nil { request.layers = try selection.layers(of: model.shape) }
        if selection.heads != nil { request.heads = try selection.heads(of: model.shape) }
        let folder = out.count > 1 && out.hasSuffix("/") ? String(out.dropLast()) : out
        if Model.isRecording(folder) { model = try model.opening(recordingAt: folder) }
        var writer = try RecordingWriter(request, of: model, in: folder)
        let isDone = try record(request, model, into: &writer)
        let count = "\(writer.tokens.grouped) of \(document.tokenCount.grouped)"
        StandardError.write(
            isDone
                ? say("\(folder.onOneLine): \(count) tokens are recorded: ropewalk \(folder.onOneLine) opens it")
                : say("\(folder.onOneLine): stopped: \(count) tokens are recorded; the same command goes on"))
        return isDone
    }

    private func document(_ model: Model) throws -> Document {
        let document: Document
        if text.ids != nil || model.tokenizer == nil {
            document = try Document(
                ids: text.tokenIDs(model.tokenizer, vocabulary: model.shape.vocabulary), tokenizer: model.tokenizer)
        } else if let tokenizer = model.tokenizer {
            document = try text.document(tokenizer, vocabulary: model.shape.vocabulary)
        } else {
            throw CommandError.noTokenizer(model.path)
        }
        return document
    }

    /// Whether it came to the end; else it was interrupted.
    private func record(
        _ request: RecordingWriter.Request, _ model: Model, into writer: inout RecordingWriter
    ) throws -> Bool {
        if writer.index.isComplete {
            StandardError.write(say("it is complete: nothing is left to record"))
            return true
        }
        if writer.tokens > 0 {
            StandardError.write(say("goes on after token \(writer.tokens.grouped)"))
        }
        Interrupt.listen()
        let progress = ProgressLine(say("recording"))
        defer { progress.clear() }
        MemoryReport.note("running the model over \(request.inputs.ids.count.grouped) tokens")
        var recorder = Recorder(model: model, scenario: request.scenario, threads: self.model.threadCount)
        recorder.isCancelled = { Interrupt.isAsked }
        // They lie in the folder: a text may be longer than memory is.
        recorder.keepsChunks = false
        var failure: ModelError?
        do {
            _ = try recorder.record(request.inputs, after: nil) { recordings in
                do throws(ModelError) { try writer.append(recordings) } catch {
                    failure = error
                    return false
                }
                if let main = recordings.main { progress.show(main.tokens, of: main.ids.count) }
                return !Interrupt.isAsked
            }
        } catch {
            if let failure { throw failure }
            guard case .cancelled = error, Interrupt.isAsked else { throw error }
            return false
        }
        if let failure { throw failure }
        return true
    }
}

extension StoredPrecision: ExpressibleByArgument {}
