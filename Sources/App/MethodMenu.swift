import Methods

/// The catalogue as a menu: what is chosen, and the numbers of the parameters.
public struct MethodMenu: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public let description: MethodDescription
        public var values: [Double]
        public var isChosen: Bool
    }

    /// What of the model decides which methods change something.
    public struct Reader: Equatable, Sendable {
        /// Whether no token sees later ones anyway.
        public var isCausal = true
        /// Why no position method can be applied; nil where the model turns its queries and keys.
        public var positionObstacle: String?

        public init() {}
    }

    public private(set) var entries: [Entry]
    private let reader: Reader
    public private(set) var selected = 0
    /// Index of the parameter that Left, Right and numbers change.
    public private(set) var parameter = 0
    /// A number that is being typed; nil where none is.
    public private(set) var typed: String?
    /// Why the last thing was not done.
    public private(set) var refusal: String?

    /// The whole catalogue with the methods of `scenario` chosen.
    public init(scenario: Scenario, reader: Reader = Reader()) {
        self.reader = reader
        let methods = scenario.methods
        entries = Catalogue.all.map { type in
            let description = type.description
            let method = methods.first { Swift.type(of: $0).description.name == description.name }
            return Entry(
                description: description, values: method?.values ?? description.parameters.map(\.defaultValue),
                isChosen: method != nil)
        }
        selected = entries.lastIndex(where: \.isChosen) ?? 0
    }

    /// The scenario that the chosen entries make; nil where they contradict themselves (`refusal` then says why).
    public var scenario: Scenario? { try? Scenario(parsing: chosenSpecs) }

    private var chosenSpecs: [String] { entries.filter(\.isChosen).map(Self.spec) }

    /// Why an entry cannot be applied together with what is chosen; nil where it can.
    public func obstacle(_ index: Int) -> String? {
        let description = entries[index].description
        if description.family == .position, description.name != RoPE.description.name,
            let obstacle = reader.positionObstacle
        {
            return obstacle
        }
        do {
            _ = try MethodSpec.parse(Self.spec(entries[index]))
            return nil
        } catch {
            return error.description
        }
    }

    /// Why an entry changes nothing although it can be applied; nil where it changes something.
    public func futility(_ index: Int) -> String? {
        switch entries[index].description.name {
        case Causal.description.name where !reader.isCausal: nil
        case Full.description.name where !reader.isCausal:
            "changes nothing here: every token sees every token anyway"
        case Causal.description.name:
            "changes nothing here: in a decoder no token sees later ones, and each sees all earlier ones anyway"
        case Full.description.name:
            "changes nothing here: a decoder cuts the future off, and its tokens see all earlier ones anyway"
        default: nil
        }
    }

    /// What the choice of an entry takes back: a scenario has one position method and one selection.
    public func replaced(by index: Int) -> String? {
        let entry = entries[index]
        guard !entry.isChosen, entry.description.family != .window else { return nil }
        return entries.first { $0.isChosen && $0.description.family == entry.description.family }?.description.name
    }

    /// Takes the typed number first; where that is refused, nothing else happens, so that the reason is seen.
    public mutating func select(_ index: Int) {
        guard endTyping() else { return }
        refusal = nil
        selected = min(max(0, index), entries.count - 1)
        parameter = 0
    }

    public mutating func move(_ steps: Int) { select(selected + steps) }

    public mutating func selectParameter(_ steps: Int) {
        guard endTyping() else { return }
        let count = entries[selected].values.count
        guard count > 0 else { return }
        parameter = (parameter + steps % count + count) % count
    }

    /// Takes the typed number; without one chooses the selected entry or drops it.
    public mutating func choose() {
        if typed != nil {
            endTyping()
            return
        }
        refusal = nil
        let family = entries[selected].description.family
        if entries[selected].isChosen {
            if family == .position {
                dropPosition()
            } else {
                entries[selected].isChosen = false
            }
            return
        }
        if let obstacle = obstacle(selected) ?? futility(selected) {
            refusal = obstacle
            return
        }
        if family != .window { drop(family) }
        entries[selected].isChosen = true
    }

    /// One step more or less, as far as the range goes.
    public mutating func step(_ direction: Int) {
        guard endTyping(), let description = currentParameter else { return }
        let value = entries[selected].values[parameter]
        let next = description.stepped(value, direction)
        set(next)
        if next == value, refusal == nil { refusal = "\(description.name) takes \(description.rangeText)" }
    }

    /// Takes a character of a number.
    public mutating func type(_ character: Character) {
        guard currentParameter != nil, character.isASCII, character.isNumber || character == "." else { return }
        refusal = nil
        if (typed ?? "").count < 12 { typed = (typed ?? "") + String(character) }
    }

    public mutating func eraseTyped() {
        guard let text = typed else { return }
        typed = text.isEmpty ? nil : String(text.dropLast())
    }

    private var currentParameter: ParameterDescription? {
        let parameters = entries[selected].description.parameters
        return parameters.indices.contains(parameter) ? parameters[parameter] : nil
    }

    /// Takes the typed number; false where it cannot be taken, which `refusal` explains.
    @discardableResult
    mutating func endTyping() -> Bool {
        defer { typed = nil }
        guard let text = typed, !text.isEmpty, let parameter = currentParameter else { return true }
        do {
            set(try MethodSpec.number(text, for: parameter, of: entries[selected].description.name))
        } catch {
            refusal = error.description
        }
        return refusal == nil
    }

    /// Sets the current parameter, unless the values would contradict each other.
    private mutating func set(_ value: Double) {
        let before = entries[selected].values[parameter]
        refusal = nil
        entries[selected].values[parameter] = value
        if let obstacle = obstacle(selected) {
            refusal = obstacle
            entries[selected].values[parameter] = before
        }
    }

    private mutating func drop(_ family: MethodFamily) {
        for index in entries.indices where entries[index].description.family == family {
            entries[index].isChosen = false
        }
    }

    /// Without a position method the model has its own.
    private mutating func dropPosition() {
        drop(.position)
        if let own = entries.firstIndex(where: { $0.description.name == RoPE.description.name }) {
            entries[own].isChosen = true
        }
    }

    private static func spec(_ entry: Entry) -> String {
        let pairs = zip(entry.description.parameters, entry.values).map { "\($0.name)=\(MethodSpec.format($1))" }
        return entry.description.name + (pairs.isEmpty ? "" : ":" + pairs.joined(separator: ","))
    }
}
