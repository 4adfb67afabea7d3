import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkViews

/// What every method of the catalogue costs on the model, and what stands in its way: a method a step.
struct MethodFactsQuestion: DeepeningQuestion {
    /// The folder of the model with all that makes it another one.
    let model: String
    let tokens: Int
    let reader: MethodMenu.Reader
    let place: HeadIndex

    /// Tokens that costs are counted for at most: every query of every head is gone through.
    static let costedTokens = 32_768

    struct Fact: Sendable {
        let method: any Method.Type
        /// Nil without a model.
        let cost: CataloguedCost?
        let hindrance: String?
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> [Fact] { [] }

    func isComplete(_ answer: [Fact]) -> Bool { answer.count >= Catalogue.all.count }

    func deepen(_ answer: inout [Fact], _ witness: Witness) {
        let type = Catalogue.all[answer.count]
        guard let model = witness.model else {
            return answer.append(Fact(method: type, cost: nil, hindrance: nil))
        }
        let cost = CataloguedCost(
            type, model: model.shape, tokens: min(tokens, Self.costedTokens), values: reader.values(of: type))
        let menu = MethodMenu(
            scenario: .plain, reader: reader, check: MenuCheck(model: model, tokens: tokens),
            place: (place.layer, place.head))
        let index = menu.entries.firstIndex { $0.own == nil && $0.description.name == cost.name }
        answer.append(Fact(method: type, cost: cost, hindrance: index.flatMap { menu.obstacle($0) } ?? cost.problem))
    }
}

extension MethodFactsQuestion {
    /// Nil without a model.
    init?(_ state: AppState) {
        guard let model = state.sources.model.value else { return nil }
        self.init(
            model: "\(model.path) \(model.adapterPath ?? "") \(model.name)", tokens: state.tokenCount,
            reader: state.menuReader, place: state.head)
    }
}
