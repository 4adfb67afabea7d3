import RopewalkDocuments
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// What was read of a text, on its way to a folder.
package struct RecordingToWrite: Sendable {
    let path: String
    let model: Model
    let recordings: Recordings
    let request: RecordingWriter.Request

    /// - Returns: tokens that are written.
    func write() throws(ModelError) -> Int {
        var writer = try RecordingWriter(request, of: model, in: path)
        try writer.append(recordings)
        return writer.tokens
    }
}

extension AppState {
    /// Why what is read cannot be written as a recording; nil where it can.
    var recordingObstacle: String? {
        if let obstacle = tokenObstacle { return obstacle }
        if sources.model.value?.given != nil {
            return say("given maps are weights alone: a recording has queries, keys and values too")
        }
        if sources.model.value?.hasWeights == false {
            return say("this is a recording already: copy its folder")
        }
        guard let kept = keptToWrite, kept.main?.isBeginning == false else {
            return say("nothing is read yet: wait for the first part")
        }
        if kept.main?.isRounded == true {
            return say(
                "an f16 recording has no exact numbers left to write: ropewalk record --precision f16 writes such")
        }
        return nil
    }

    /// The run under the methods that are chosen, else the model's own.
    private var keptToWrite: Recordings? {
        runs.kept.exact?.scenario == scenario ? runs.kept.exact : runs.kept.plain
    }

    func recordingToWrite(to path: String) -> RecordingToWrite? {
        guard let model = sources.model.value, let document = sources.document.value, let kept = keptToWrite,
            let scenario = kept.scenario
        else { return nil }
        return RecordingToWrite(
            path: path, model: model, recordings: kept,
            request: RecordingWriter.Request(
                scenario: scenario, inputs: ModelInputs(ids: document.ids), encoding: document.encoding,
                text: document.text.bytes, writer: "ropewalk"))
    }
}
