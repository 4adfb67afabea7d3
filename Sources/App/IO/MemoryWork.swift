import RopewalkDocuments
import RopewalkFormats
import RopewalkModels
import RopewalkPhrases

/// Work that brings another text into the memory.
package enum MemoryWork: Sendable {
    /// Reads a file with the model, in place of one that is being read.
    case read(String, Model, number: Int)
}

/// What came of it.
package enum MemoryReport: Sendable {
    case read(MemoryText, number: Int)
    case failed(String, number: Int)
}

extension EffectRunner {
    /// Behind the run of the text itself, so that not both take what memory is left.
    func job(for work: MemoryWork) -> Job {
        switch work {
        case .read(let path, let model, let number):
            let flag = memoryRun.take()
            return Job(on: runs) {
                do {
                    let text = try self.memory(path, model, until: flag)
                    self.post(.memory(.read(text, number: number)))
                } catch {
                    self.post(.memory(.failed("\(error)", number: number)))
                }
            }
        }
    }

    private func memory(_ path: String, _ model: Model, until flag: CancelFlag) throws -> MemoryText {
        let bytes = [UInt8](try RegularFile.map(path, sizeLimit: MemoryText.sizeLimit))
        let whole = try inputs.tokenise(SourceText(bytes, name: path), model)
        guard whole.tokenCount > 0 else { throw AppError.loading("\(path): " + say("there is no text in it")) }
        var document = whole.prefix(tokens: MemoryText.tokenLimit)
        let run = BackgroundRun(
            model: model, scenario: model.defaultScenario, threads: inputs.threads, flag: flag)
        let recordings = try run.record(document.ids, limited: { document = document.prefix(tokens: $0) }) { _, _ in }
        guard let recording = recordings.decoder else {
            throw AppError.loading("\(path): " + say("only a decoder has keys to look for"))
        }
        return MemoryText(document: document, recording: recording, wanted: whole.tokenCount)
    }
}

extension AppState {
    /// Begins to read another text.
    mutating func readMemory(_ path: String) -> [Effect] {
        guard let model = sources.model.value else { return [] }
        memory.number += 1
        memory.reading = path
        return [.memory(.read(path, model, number: memory.number))]
    }

    mutating func take(_ report: MemoryReport) -> [Effect] {
        switch report {
        case .read(let text, let number):
            guard number == memory.number else { return [] }
            (memory.text, memory.reading) = (text, nil)
            notice = Notice(
                .information, say("\(text.name): \(text.recording.tokens.grouped) tokens are in the memory"))
        case .failed(let why, let number):
            guard number == memory.number else { return [] }
            memory.reading = nil
            refuse(why)
        }
        return []
    }
}
