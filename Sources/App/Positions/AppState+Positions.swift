import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

extension AppState {
    /// What the preview of the scenario leaves out; nil where nothing.
    var previewRemark: String? {
        guard let context = rotaryLayer?.context, isExactMissing,
            scenario.position.encoding(in: context).embedding != nil
        else { return nil }
        let name = Swift.type(of: scenario.position).description.title.said
        return say("\(name) change the embeddings, which a preview cannot show: only the exact run does")
    }

    /// Which layers the scenario's position method changes; nil where all, or where it is the model's own.
    var scopeRemark: String? {
        guard scenario.position.spec != ownScenario.position.spec else { return nil }
        return sources.model.value?.traits.positionScope
    }

    /// The fastest subspace that made no full turn in training, where it breaks first; 0 where there is none.
    var firstCritical: Int {
        guard let trained = trainedRange else { return 0 }
        return trained.inverseFrequencies.indices.first(where: trained.isCritical) ?? 0
    }
}
