import RopewalkDocuments
import RopewalkGeneration
import RopewalkModels
import RopewalkPhrases

/// What continues a text.
package enum GenerateAction: Hashable, Sendable {
    /// Behind the cursor, in a text beside this one; at the end of a text that was continued, in this one.
    case start
    /// The same with one token as the first that follows.
    case saying(Int)
    /// The same with the candidate on the selected line of what the model expects.
    case candidate
    /// How tokens are drawn, and how many.
    case with(String)
}

extension GenerateAction: ActionConcern {
    private static let settings = ActionParameter.text("SETTINGS", example: "temperature=0.8 top-k=40 count=200")

    static let forms: [ActionForm] = [
        ActionForm("generate", "continues the text behind the cursor, in a text beside this one", .generate(.start)),
        ActionForm("generate.saying", .index("ID"), "the same, as if the model had said the token with this id") {
            .generate(.saying($0))
        },
        ActionForm(
            "generate.candidate", "the same with the selected line of what the model expects", .generate(.candidate)),
        ActionForm(
            "generate.with", settings, "how tokens are drawn: temperature, top-k, top-p, min-p, seed, and their count"
        ) {
            .generate(.with($0))
        },
    ]

    var text: String {
        switch self {
        case .start: "generate"
        case .saying(let id): "generate.saying \(id)"
        case .candidate: "generate.candidate"
        case .with(let settings): "generate.with " + Self.settings.write(settings)
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .with: return nil
        case .candidate where state.ask.page != .next:
            let key = state.keyName(of: .ask(.page(.next)))
            return say("a candidate is a line of what the model expects next: \(key) shows that page of Answers")
        case .start, .saying, .candidate: return state.generationObstacle
        }
    }

    func standing(in state: AppState) -> String? {
        if case .with = self { return state.generation.settingsText }
        return nil
    }
}

extension AppState {
    /// Why no text can be continued now; nil where one can.
    var generationObstacle: String? {
        if let obstacle = tokenObstacle ?? readingMoveObstacle { return obstacle }
        guard let model = sources.model.value else { return say("the model is being loaded") }
        if generation.running != nil {
            return say("a text is being continued: \(keyName(of: .program(.stop))) stops that")
        }
        if let predictionObstacle {
            return kinds.contains(.cross)
                ? say("\(model.name) answers from a decoder of its own: ropewalk generate writes what that says")
                : predictionObstacle
        }
        if model.tokenizer == nil { return say("\(model.name) has no tokenizer, so that nobody knows what it says") }
        if model.traits.isRounded, scenario.stateSelection != nil || scenario.compression != nil {
            return say("an f16 recording has no exact keys to choose from")
        }
        return nil
    }

    mutating func perform(_ action: GenerateAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .start: return continueText(saying: nil)
        case .saying(let id):
            let size = sources.model.value?.shape.vocabulary ?? 0
            guard let id = Int32(exactly: id), id < size else {
                refuse(say("the model has tokens 0 to \((size - 1).grouped)"))
                return []
            }
            return continueText(saying: id)
        case .candidate: return [.find(.asked(.say))]
        case .with(let text):
            do throws(GenerationError) { try generation.take(text) } catch {
                refuse(error.description)
                return []
            }
            notice = Notice(.information, say("texts are continued with \(generation.settingsText)"))
        }
        return []
    }
}

extension GenerateChoices {
    private static let names = ["temperature", "top-k", "top-p", "min-p", "seed", "count"]

    /// "temperature=0.8 top-k=40 seed=0 count=100".
    var settingsText: String {
        func number(_ value: Double) -> String {
            value == value.rounded() && value < 1e9 ? "\(Int(value))" : "\(value)"
        }
        var parts = ["temperature=" + number(sampling.temperature)]
        if let topK = sampling.topK { parts.append("top-k=\(topK)") }
        if let topP = sampling.topP { parts.append("top-p=" + number(topP)) }
        if let minP = sampling.minP { parts.append("min-p=" + number(minP)) }
        if !sampling.isGreedy { parts.append("seed=\(sampling.seed)") }
        return (parts + ["count=\(count)"]).joined(separator: " ")
    }

    private static let mostTokens = 100_000

    /// What a setting can be.
    private static func takes(_ name: String) -> String {
        switch name {
        case "top-k": say("a whole number from 1 to \(SamplingSettings.topKs.upperBound)")
        case "count": say("a whole number from 1 to \(mostTokens)")
        case "seed": say("a whole number from 0 on")
        case "temperature": say("a number from 0 to 100")
        default: say("a number from 0 to 1")
        }
    }

    /// Takes settings; those that are not named are as at first, but for the count.
    /// - Throws: for a name that is none, or a value that it does not take.
    mutating func take(_ text: String) throws(GenerationError) {
        var (settings, count) = (SamplingSettings(), self.count)
        var hasTemperature = false
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let (name, value) = (pair[0], pair.count > 1 ? pair[1] : "")
            guard Self.names.contains(name) else {
                throw .setting(name: "generate", value: name, takes: Self.names.joined(separator: ", "))
            }
            let isWhole = ["top-k", "seed", "count"].contains(name)
            guard let number = Double(value), !isWhole || (number == number.rounded() && abs(number) < 1e15) else {
                throw .setting(name: name, value: value, takes: Self.takes(name))
            }
            switch name {
            case "temperature": (settings.temperature, hasTemperature) = (number, true)
            case "top-k": settings.topK = Int(number)
            case "top-p": settings.topP = number
            case "min-p": settings.minP = number
            case "seed": settings.seed = UInt64(max(0, number))
            default: count = Int(number)
            }
        }
        let draws = settings.topK != nil || settings.topP != nil || settings.minP != nil
        if draws, !hasTemperature { settings.temperature = 1 }
        try settings.check()
        guard (1...Self.mostTokens).contains(count) else {
            throw .setting(name: "count", value: "\(count)", takes: Self.takes("count"))
        }
        (sampling, self.count) = (settings, count)
    }
}
