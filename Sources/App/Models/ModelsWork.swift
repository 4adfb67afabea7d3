import RopewalkDocuments
import RopewalkModels

/// Work for the list of models.
package enum ModelsWork: Sendable {
    case list
}

/// What came of it.
package enum ModelsReport: Sendable {
    case listed([ModelSummary])
}

extension EffectRunner {
    func job(for work: ModelsWork) -> Job {
        switch work {
        case .list: Job(on: texts) { self.post(.models(.listed(self.inputs.listModels()))) }
        }
    }
}

extension ProgramInputs {
    /// The same for a text that is there already, and another model.
    func opening(_ path: String, with text: Loading<SourceText>) -> ProgramInputs {
        var inputs = self
        inputs.loadBeside = nil
        inputs.others = []
        inputs.modelName = path.split(separator: "/").last.map(String.init) ?? path
        (inputs.modelPath, inputs.adapterPath, inputs.weightChange) = (path, nil, nil)
        let open = openModel
        inputs.loadModel = { try open(path) }
        if let text = text.value { inputs.loadText = { text } }
        return inputs
    }
}
