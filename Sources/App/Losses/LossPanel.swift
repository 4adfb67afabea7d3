import RopewalkCellGrid
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// What several ways of reading lose by position.
struct LossPanel: PanelContent {
    private let lines: [LossView.Line]
    private let tokens: Int
    private let texts: Int
    private let isLogarithmic: Bool
    private let unit: LossView.Unit
    private let remark: [String]
    /// What stands in place of losses; nil where they do.
    private let needles: NeedlesPart?
    private let chunks: ChunkMapsPart?
    private let longText: LongTextPart?
    private let benchmark: BenchmarkPart?
    /// Whether there is a token that another one could predict.
    private let hasPair: Bool

    init(_ state: AppState) {
        lines = state.lossLines
        let isByBytes = state.second?.ownTokens != nil
        unit = isByBytes ? .bytes : .tokens
        tokens = isByBytes ? lines.lazy.compactMap { $0.loss?.means.count }.first ?? 0 : state.excerptLength
        texts = state.excerptCount
        isLogarithmic = state.losses.isLogarithmic
        remark = state.lossRemark
        hasPair = state.tokenCount > 1
        needles = state.losses.page == .needles ? NeedlesPart(state) : nil
        chunks = state.losses.page == .retrieval ? ChunkMapsPart(state) : nil
        longText = state.losses.page == .data ? LongTextPart(state) : nil
        benchmark = state.losses.page == .evaluate ? BenchmarkPart(state) : nil
    }

    func picture(in inner: Rect, look: Look, asking answers: inout Answers) -> PanelPicture? {
        if let needles { return needles.picture(in: inner, look) }
        if let chunks { return chunks.picture(in: inner, look) }
        if let longText { return longText.picture(in: inner, look) }
        if let benchmark { return benchmark.picture(in: inner, look) }
        let view = view(look)
        return PanelPicture(facts: Panel.loss.facts([view.factWordings], in: inner), footer: view.footer) {
            view.draw(in: $0, on: &$1)
        }
    }

    func figure(_ look: Look, asking answers: inout Answers) throws(AppError) -> Figure {
        if let needles { return try needles.figure(look) }
        if let chunks { return try chunks.figure(look) }
        if let longText { return try longText.figure(look) }
        if let benchmark { return try benchmark.figure(look) }
        let view = view(look)
        guard var figure = view.figure else {
            guard hasPair else {
                throw .noFigure(say("a loss is that of the next token: two tokens or more are needed"))
            }
            let problem = lines.compactMap(\.problem).first ?? view.obstacle
            throw .noFigure(problem ?? say("no method is measured on this text yet"))
        }
        figure.facts = [say("exact runs")]
        return figure
    }

    func actions(of mouse: Mouse, in inner: Rect, look: Look, asking answers: inout Answers) -> [Action] {
        needles?.actions(of: mouse, in: inner, look: look) ?? chunks?.actions(of: mouse, in: inner, look: look)
            ?? longText?.actions(of: mouse) ?? benchmark?.actions(of: mouse, in: inner, look: look) ?? []
    }

    private func view(_ look: Look) -> LossView {
        LossView(
            lines: lines, tokens: tokens, texts: texts, isLogarithmic: isLogarithmic, unit: unit, remark: remark,
            look: look)
    }
}

extension AppState {
    /// Without it a reader would learn that interpolation does not work: the model has not learned its angles.
    fileprivate var lossRemark: [String] {
        let isUntuned = contenders.contains { contender in
            (contender.scenario.position as? PositionInterpolation).map { $0.factor > 1 } ?? false
        }
        guard isUntuned, second == nil else { return [] }
        return [
            say("pi needs fine-tuning; a model that had it beside: O, then b (books-4m-pi-2k)"),
            say("pi needs fine-tuning: O, then b sets books-4m-pi-2k beside"), say("pi needs fine-tuning: O, b"),
            say("pi: untuned"),
        ]
    }

    /// What is measured of each contender, or what stands in its place.
    fileprivate var lossLines: [LossView.Line] {
        contenders.map { contender in
            let question = question(contender)
            let answer = question.flatMap { losses.answer(to: $0) }
            let window = model(of: contender)?.shape.trainedWindow ?? 1
            return LossView.Line(
                title: title(of: contender),
                window: bytesPerToken(of: contender).map { Int(Double(window) * $0) } ?? window,
                loss: answer?.loss?.byBytes, note: losses.note(question, answer, tokens: excerptLength * excerptCount),
                problem: answer?.problem, isCurrent: isCurrent(contender))
        }
    }
}

extension Losses {
    /// What stands in place of numbers that are not there.
    fileprivate func note(_ question: LossQuestion?, _ answer: Measured?, tokens: Int) -> String {
        if answer?.problem != nil { return say("impossible") }
        if running == question, question != nil { return "\(100 * done / max(1, tokens)) %" }
        return isPaused ? say("stopped") : say("waiting")
    }
}
