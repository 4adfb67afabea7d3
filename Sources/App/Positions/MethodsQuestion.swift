import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The position methods of contenders, side by side.
struct MethodsQuestion: Question {
    private let contenders: [Contender]
    /// The scenario on the screen.
    private let scenario: Scenario
    /// The folder of the model.
    private let model: String
    private let focus: Place
    private let tokens: Int
    private let reader: MethodMenu.Reader

    /// The layer on the screen: methods turn layers differently.
    private struct Place: Hashable, Sendable {
        let kind: AttentionKind
        let layer: Int
    }

    /// Nil without a model.
    init?(_ state: AppState) {
        guard let model = state.sources.model.value else { return nil }
        // Distances in a second model's own tokens are none of these tokens.
        contenders = state.contenders.filter { !$0.isSecond || state.second?.tokenByToken != nil }
        scenario = state.scenario
        self.model = model.path
        focus = Place(kind: state.focus.kind, layer: state.focus.layer)
        tokens = state.tokenCount
        reader = state.menuReader
    }

    func answer(_ witness: Witness, _ answers: inout Answers) -> [EncodedMethod] {
        contenders.filter { isShown($0, witness) }.compactMap { encoded($0, title: witness.title(of: $0), witness) }
    }

    /// A layer with a setting of its own is changed by no method, and is one line.
    private func isShown(_ contender: Contender, _ witness: Witness) -> Bool {
        contender.isSecond || contender.scenario == scenario || witness.model.map(followsScenario) ?? true
    }

    private func followsScenario(_ model: Model) -> Bool {
        rotation(scenario, model, layer: focus.layer)?.followsScenario ?? true
    }

    private func rotation(_ scenario: Scenario, _ model: Model, layer: Int) -> LayerRotation? {
        model.outline.rotation(layer: layer, kind: focus.kind, scenario: scenario, tokens: tokens)
    }

    /// How a contender turns the layer on the screen; a second model without such a layer stands there with its first one
    /// that turns.
    private func rotation(_ contender: Contender, _ model: Model) -> (layer: Int, turns: LayerRotation)? {
        let layers = [focus.layer] + (contender.isSecond ? [model.outline.firstTurningLayer].compactMap { $0 } : [])
        return layers.lazy.compactMap { layer in
            rotation(contender.scenario, model, layer: layer).map { (layer: layer, turns: $0) }
        }.first
    }

    private func name(_ title: String, _ turns: LayerRotation, layer: Int, isSecond: Bool) -> String {
        if isSecond { return layer == focus.layer ? title : "\(title) L\(layer)" }
        return turns.followsScenario ? title : say("\(turns.position.shortSpec) (this layer's own)")
    }

    fileprivate func encodedOthers(_ witness: Witness) -> [EncodedMethod] {
        others.filter { isShown($0, witness) }.compactMap {
            encoded($0, title: $0.scenario.position.shortSpec, witness)
        }
    }

    /// How many methods the whole catalogue has for the model.
    func count(_ witness: Witness) -> Int {
        (contenders + others).count { isShown($0, witness) && model(of: $0, witness) != nil }
    }

    /// Every position method of the catalogue that no contender has, with its published parameters, or those that fit the
    /// model where they are another model's: a method that avoids unseen angles would have them.
    private var others: [Contender] {
        let types = Catalogue.all.compactMap { $0 as? any PositionMethod.Type }
        let scenarios = types.map { Scenario(position: $0.init(values: reader.values(of: $0))) }
        return scenarios.filter { other in
            !contenders.contains { !$0.isSecond && Self.isSame($0.scenario.position, other.position) }
        }.map { Contender(isSecond: false, scenario: $0) }
    }

    private static func isSame(_ a: any PositionMethod, _ b: any PositionMethod) -> Bool {
        Swift.type(of: a).description.name == Swift.type(of: b).description.name
    }

    /// The contender's model; nil for a method that it cannot have.
    private func model(of contender: Contender, _ witness: Witness) -> Model? {
        guard let model = witness.model(of: contender), model.shape.subspaces > 0,
            (try? model.check(contender.scenario, tokens: tokens)) != nil
        else { return nil }
        return model
    }

    private func encoded(_ contender: Contender, title: String, _ witness: Witness) -> EncodedMethod? {
        guard let model = model(of: contender, witness), let (layer, turns) = rotation(contender, model) else {
            return nil
        }
        return EncodedMethod(
            title: name(title, turns, layer: layer, isSecond: contender.isSecond),
            encoding: turns.position.encoding(in: turns.context), trained: turns.trained,
            isCurrent: !contender.isSecond && contender.scenario == scenario)
    }
}

/// The position methods of the contenders, and after them all others of the catalogue.
struct CatalogueQuestion: Question {
    let methods: MethodsQuestion

    func answer(_ witness: Witness, _ answers: inout Answers) -> [EncodedMethod] {
        answers.answer(to: methods) + methods.encodedOthers(witness)
    }
}

extension Witness {
    func model(of contender: Contender) -> Model? { contender.isSecond ? second?.model.value : model }

    func title(of contender: Contender) -> String {
        let line = contender.scenario.shortLine
        guard contender.isSecond, let name = second?.model.value?.name else { return line }
        return "\(name) \(line)"
    }
}
