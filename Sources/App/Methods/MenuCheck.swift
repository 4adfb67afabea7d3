import RopewalkMethods
import RopewalkModels

/// What decides whether a method can be applied: the model and the text; without them nothing is refused.
struct MenuCheck: Equatable, Sendable {
    private let model: Model?
    private let tokens: Int
    /// Whether there are sentences, not tokens alone.
    private let hasText: Bool

    init(model: Model? = nil, tokens: Int = 0, hasText: Bool = true) {
        self.model = model
        self.tokens = tokens
        self.hasText = hasText
    }

    /// Why a method cannot be applied; nil where it can.
    func problem(with method: any Method) -> String? {
        guard let model, tokens > 0 else { return nil }
        do {
            // Where sentences begin does not matter here.
            let borders = hasText ? PartBorders(starts: []) : nil
            try model.check(try Scenario([method]).over { _ in borders }, tokens: tokens)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// There is one model.
    static func == (a: Self, b: Self) -> Bool { a.tokens == b.tokens && (a.model == nil) == (b.model == nil) }
}
