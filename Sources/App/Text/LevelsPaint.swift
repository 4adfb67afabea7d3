import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What the text is painted by where it is read in two levels: the share of a part, times that of a token within it.
struct LevelsPaint: Sendable {
    private let question: LevelProductQuestion

    /// Nil before anything is read.
    init?(_ lens: Lens?, _ head: HeadIndex, query: Int, isSecond: Bool) {
        guard let lens else { return nil }
        question = LevelProductQuestion(
            basis: Basis(lens, ofSecond: isSecond), layer: head.layer, head: head.head, query: query)
    }

    func paint(_ appearance: Appearance, _ answers: inout Answers) -> TextPaint {
        guard let product = answers.answer(deepening: question), !product.isMissing else {
            return TextPaint(.levels, values: [], scale: Scale(kind: appearance.scale, weights: []))
        }
        let known = product.weights.map { $0.isNaN ? 0 : $0 }
        let given = product.shares.count { $0 > 0 }
        return TextPaint(
            .levels, values: product.done > 0 ? product.weights : [],
            scale: Scale(kind: appearance.scale, weights: known, leavingOutFirst: appearance.sinksLeftOut),
            heads: "L\(product.joining) × L\(product.reading) H\(question.head)",
            part: product.isComplete
                ? []
                : [
                    say("\(product.done.grouped) of \(given.grouped) parts so far"),
                    say("\(product.done.grouped) parts"),
                ])
    }
}

/// Two levels of attention as one number a token, for the part that the cursor stands in.
struct LevelProductQuestion: DeepeningQuestion {
    let basis: Basis
    let layer: Int
    let head: Int
    let query: Int

    func answer(_ witness: Witness, _ answers: inout Answers) -> LevelProduct? {
        witness.lens(basis)?.levelProduct(layer: layer, head: head, query: query)
    }

    func isComplete(_ answer: LevelProduct?) -> Bool { answer?.isComplete ?? true }

    func deepen(_ answer: inout LevelProduct?, _ witness: Witness) {
        guard var product = answer, let lens = witness.lens(basis) else { return answer = nil }
        lens.extend(&product, head: head)
        answer = product
    }
}

extension AppState {
    /// Why the layer on the screen is none of two levels; nil where it is.
    var levelsObstacle: String? {
        guard let levels = scenario.levels else {
            return say("the text is read in one level: hibert, chunk-join and hat have two")
        }
        guard focus.kind != .cross else { return say("across, queries and keys are parts of two texts") }
        guard let lens, levels.layers(around: focus.layer, of: lens.setup.layers) == nil else { return nil }
        return say("layer \(focus.layer) has no layer of the other level beside it: \(levels.spec)")
    }
}
