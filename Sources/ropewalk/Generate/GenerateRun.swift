import Foundation
import RopewalkGeneration
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// Reads a text and continues it.
struct GenerateRun {
    let model: Model
    let scenario: Scenario
    let request: GenerationRequest
    let threads: Int

    /// Tokens that memory is taken for at first: who asks for a million may stop after ten.
    private static let room = 1024

    func write(_ ids: [Int32], to output: GenerateOutput) throws {
        let defaults = try GenerationDefaults(contentsOf: model.path)
        guard let continuation = try read(ids) else { return try output.end("cancelled", generator: nil, seconds: 0) }
        if let reason = continuation.recomputes {
            StandardError.write(say("every token runs the whole text again: \(reason)"))
        }
        let generator = try Generator(
            continuation, request: request, model: model, tokenizer: model.tokenizer, defaults: defaults)
        let start = DispatchTime.now().uptimeNanoseconds
        var isCancelled = false
        do {
            while !Interrupt.isAsked {
                let best = output.candidates > 0 ? generator.candidates(output.candidates) : []
                guard let step = try generator.next() else { break }
                try output.write(step, candidates: best, tokenizer: model.tokenizer)
            }
            isCancelled = Interrupt.isAsked && generator.ending == nil
        } catch ModelError.cancelled where Interrupt.isAsked {
            isCancelled = true
        }
        if isCancelled { generator.finish() }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        try output.end(ending(generator, isCancelled: isCancelled), generator: generator, seconds: seconds)
    }

    /// Nil where it was interrupted.
    func read(_ ids: [Int32]) throws -> Continuation? {
        let isPair = model.kinds.contains(.cross)
        let window = model.shape.trainedWindow
        if !isPair, window > 0, ids.count > window, model.traits.limit == nil {
            StandardError.write(
                say(
                    "the text has \(ids.count.grouped) tokens, more than the \(window.grouped) that \(model.name) was trained with"
                ))
        }
        let inputs = ModelInputs(ids: ids, decoderIDs: isPair ? [model.traits.decoderStart ?? 0] : nil)
        var recorder = Recorder(model: model, scenario: scenario, threads: threads)
        recorder.isCancelled = { Interrupt.isAsked }
        let progress = ProgressLine(say("reading"))
        defer { progress.clear() }
        MemoryReport.note("running the model over \(ids.count.grouped) tokens")
        do {
            return try Continuation(recorder, inputs: inputs, room: min(request.count, Self.room)) { recordings in
                if let main = recordings.main { progress.show(main.tokens, of: main.ids.count) }
                return !Interrupt.isAsked
            }
        } catch {
            // A pattern with a condition in place of this brings the compiler (6.3.1) down.
            guard case .cancelled = error, Interrupt.isAsked else { throw error }
            return nil
        }
    }

    /// As the last line of JSON has it.
    private func ending(_ generator: Generator, isCancelled: Bool) -> String {
        if isCancelled { return "cancelled" }
        return switch generator.ending {
        case .count, nil: "count"
        case .endToken: "end"
        case .stop: "stop"
        case .window: "window"
        }
    }
}
