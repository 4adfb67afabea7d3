import RopewalkModels

/// The list of the models on this machine, open to choose one.
package struct ModelList: Equatable, Sendable {
    package internal(set) var models = Loading<[ModelSummary]>.loading
    package internal(set) var selected = 0

    package init() {}

    /// Nil while there is none.
    var chosen: ModelSummary? {
        guard let models = models.value, models.indices.contains(selected) else { return nil }
        return models[selected]
    }

    mutating func select(_ index: Int) {
        selected = min(max(0, index), max(0, (models.value?.count ?? 1) - 1))
    }
}
