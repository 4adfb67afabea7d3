import RopewalkLens
import RopewalkMethods
import RopewalkViews

/// Something that a reader chooses from a few names, as a session keeps it.
struct SavedChoice: Sendable {
    let name: String
    let values: [String]
    let value: @Sendable (AppState) -> String
    let take: @Sendable (inout AppState, String) -> Void

    private init(
        name: String, values: [String], value: @escaping @Sendable (AppState) -> String,
        take: @escaping @Sendable (inout AppState, String) -> Void
    ) {
        (self.name, self.values, self.value, self.take) = (name, values, value, take)
    }

    private init<Value: CaseIterable & Equatable & Sendable>(
        _ name: String, _ path: WritableKeyPath<AppState, Value> & Sendable
    ) {
        self.name = name
        values = Value.allCases.map { "\($0)" }
        value = { "\($0[keyPath: path])" }
        take = { state, text in
            if let chosen = Value.allCases.first(where: { "\($0)" == text }) { state[keyPath: path] = chosen }
        }
    }

    private init(flag name: String, _ path: WritableKeyPath<AppState, Bool> & Sendable) {
        self.name = name
        values = ["on", "off"]
        value = { $0[keyPath: path] ? "on" : "off" }
        take = { $0[keyPath: path] = $1 == "on" }
    }

    /// Shared by all texts. The theme is none of them: it belongs to the terminal.
    static let screen = [
        SavedChoice("preset", \.panels.preset), SavedChoice("scale", \.appearance.scale),
        SavedChoice(flag: "sinks", \.appearance.hasSinks), SavedChoice("colours", \.appearance.colourMap),
        SavedChoice("paint", \.appearance.painting), SavedChoice("heads", \.appearance.heads),
        SavedChoice("pooling", \.appearance.pooling), SavedChoice(flag: "experts", \.appearance.showsExperts),
        SavedChoice(flag: "blanks", \.appearance.showsBlanks), SavedChoice(flag: "lines", \.appearance.keepsLines),
        SavedChoice("step", \.appearance.step),
    ]

    /// Of what is kept beside.
    static let pin = screen.filter { ["paint", "heads"].contains($0.name) }

    /// Of one text.
    static let pages = [
        SavedChoice("answers", \.ask.page), SavedChoice("answers-order", \.ask.order),
        SavedChoice("word", \.word.step), SavedChoice("word-order", \.word.order), SavedChoice("io", \.io.page),
        SavedChoice("io-order", \.io.order), SavedChoice("experts-page", \.experts.page),
        SavedChoice("catalogue", \.catalogue.page), SavedChoice("catalogue-order", \.catalogue.column),
        SavedChoice("mask", \.masks.page),
        SavedChoice("map-layer", \.masks.mapLayer), SavedChoice("map-level", \.map.level),
        SavedChoice("rotation", \.positions.rotation),
        SavedChoice("distance", \.positions.distance), SavedChoice(flag: "loss-logarithmic", \.losses.isLogarithmic),
        SavedChoice(
            name: "heads-order", values: (HeadOrder.all + HeadOrder.numbers).map(\.name),
            value: { $0.heads.order.name },
            take: { state, text in
                if let order = (HeadOrder.all + HeadOrder.numbers).first(where: { $0.name == text }) {
                    state.heads.order = order
                }
            }),
    ]

    static func values(_ choices: [SavedChoice], of state: AppState) -> [String: String] {
        Dictionary(uniqueKeysWithValues: choices.map { ($0.name, $0.value(state)) })
    }

    static func take(_ values: [String: String], of choices: [SavedChoice], into state: inout AppState) {
        for choice in choices {
            if let value = values[choice.name] { choice.take(&state, value) }
        }
    }
}

extension HeadOrder {
    fileprivate var name: String {
        switch self {
        case .measure(let index): HeadScore.measures[index]
        case .weight: "weight"
        case .value: "value"
        case .moved(let measure): measure.rawValue
        case .ablation: "loss"
        case .copies: "copies"
        }
    }
}

extension Appearance {
    /// Whether the first token takes part in the scale.
    fileprivate var hasSinks: Bool {
        get { sinksLeftOut == 0 }
        set { sinksLeftOut = newValue ? 0 : 1 }
    }
}
