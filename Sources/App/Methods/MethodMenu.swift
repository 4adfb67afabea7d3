import RopewalkMethods
import RopewalkPhrases

/// The catalogue as a menu: what is chosen, and the numbers of the parameters.
package struct MethodMenu: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let description: MethodDescription
        package var values: [Double]
        /// Numbers with slashes between them, in the order of `description.lists`.
        package var lists: [String] = []
        package var isChosen: Bool
        /// What the numbers were when the menu was opened, where the method was not chosen: those that fit the model.
        var fitting: [Double] = []
        /// The same of the lists.
        var fittingLists: [String] = []
        /// A mask that the catalogue does not have: a rule, a file, a union, one of some heads, a second one of a kind.
        var own: OwnMask?

        package var title: String { own?.method.spec ?? description.title.said }
    }

    /// A method as it is; equal to those that do the same.
    struct OwnMask: Equatable, Sendable {
        let method: any Method
        static func == (a: Self, b: Self) -> Bool { a.method.identity == b.method.identity }
    }

    /// What of the model decides which methods change something.
    package struct Reader: Hashable, Sendable {
        /// Whether no token sees later ones anyway.
        package var isCausal = true
        /// Why no position method can be applied; nil where the model turns its queries and keys.
        package var positionObstacle: String?
        /// Tokens that it was trained on; nil without a model.
        package var trainedWindow: Int?

        package init() {}

        /// The numbers that a method begins with: its published ones, or those that fit the model where they are another model's.
        func values(of type: any Method.Type) -> [Double] {
            guard let window = trainedWindow, let fitted = type as? any FittedMethod.Type else {
                return type.description.parameters.map(\.defaultValue)
            }
            return fitted.values(trainedOn: window)
        }
    }

    package private(set) var entries: [Entry]
    /// What was applied when it was opened.
    let before: Scenario
    private let reader: Reader
    package private(set) var selected = 0
    /// Index of the parameter that Left, Right and numbers change.
    package private(set) var parameter = 0
    /// What entries must have in their name, title or sentence to be listed.
    package internal(set) var filter = ""
    /// Whether keys go into the filter.
    package internal(set) var isFiltering = false
    let check: MenuCheck
    /// A number that is being typed; nil where none is.
    package private(set) var typed: String?
    /// Why the last thing was not done.
    package private(set) var refusal: String?

    /// The whole catalogue with the methods of `scenario` chosen.
    /// - Parameter place: the head that an ablation leaves out where nothing else is written; nil for all
    init(
        scenario: Scenario, reader: Reader = Reader(), check: MenuCheck = MenuCheck(),
        place: (layer: Int, head: Int)? = nil
    ) {
        self.reader = reader
        self.check = check
        before = scenario
        var methods = scenario.methods
        entries = Catalogue.all.map { type in
            let description = type.description
            let index = methods.firstIndex { Swift.type(of: $0) == type }
            let method = index.map { methods.remove(at: $0) }
            let fitting = reader.values(of: type)
            var lists = description.lists.map { _ in "" }
            if type == Ablation.self, let place {
                lists = Self.listTexts(Ablation(layers: [place.layer], heads: [place.head]))
            }
            return Entry(
                description: description, values: method?.values ?? fitting,
                lists: method.map(Self.listTexts) ?? lists, isChosen: method != nil, fitting: fitting,
                fittingLists: lists)
        }
        let own = methods.map { method in
            Entry(
                description: Swift.type(of: method).description, values: [], isChosen: true,
                own: OwnMask(method: method))
        }
        let place = entries.lastIndex { $0.description.family == .window }.map { $0 + 1 } ?? entries.count
        entries.insert(contentsOf: own.filter { $0.description.family != .ablation }, at: place)
        // A second ablation follows the first.
        entries += own.filter { $0.description.family == .ablation }
        selected = entries.lastIndex(where: \.isChosen) ?? 0
    }

    private static func listTexts(_ method: any Method) -> [String] {
        let count = Swift.type(of: method).description.lists.count
        let texts = method.lists.map { $0.map(MethodSpec.format).joined(separator: "/") }
        return texts + Array(repeating: "", count: max(0, count - texts.count))
    }

    /// The scenario that the chosen entries make; nil where they contradict themselves (`refusal` then says why).
    package var scenario: Scenario? {
        try? Scenario(entries.filter(\.isChosen).map { try Self.method($0) })
    }

    private static func method(_ entry: Entry) throws(MethodError) -> any Method {
        if let own = entry.own { return own.method }
        return try MethodSpec.parse(spec(entry))
    }

    /// What was changed of entries that are not chosen: nobody sees anything of it.
    var lost: [String] {
        entries.filter { entry in
            guard !entry.isChosen, entry.own == nil else { return false }
            return entry.values != entry.fitting || entry.lists != entry.fittingLists
        }.map(\.description.name)
    }

    /// The method of the selected entry; nil where its numbers contradict each other.
    var selectedMethod: (any Method)? { try? Self.method(entries[selected]) }

    /// Whether the scenario has it; a model that does not turn its queries and keys has no position method.
    package func isChosen(_ index: Int) -> Bool {
        entries[index].isChosen
            && !(entries[index].description.family == .position && reader.positionObstacle != nil)
    }

    /// Why an entry cannot be applied; nil where it can.
    package func obstacle(_ index: Int) -> String? {
        let description = entries[index].description
        if description.family == .position, description.name != RoPE.description.name,
            let obstacle = reader.positionObstacle
        {
            return obstacle
        }
        do throws(MethodError) {
            return check.problem(with: try Self.method(entries[index]))
        } catch {
            return error.description
        }
    }

    /// Why an entry changes nothing although it can be applied; nil where it changes something.
    package func futility(_ index: Int) -> String? {
        switch entries[index].description.name {
        case Causal.description.name where !reader.isCausal: nil
        case Full.description.name where !reader.isCausal:
            say("changes nothing here: every token sees every token anyway")
        case Causal.description.name:
            say("changes nothing here: in a decoder no token sees later ones, and each sees all earlier ones anyway")
        case Full.description.name:
            say("changes nothing here: a decoder cuts the future off, and its tokens see all earlier ones anyway")
        default: nil
        }
    }

    /// What the choice of an entry takes back: a scenario has one position method and one selection.
    package func replaced(by index: Int) -> String? {
        let entry = entries[index]
        guard !entry.isChosen, entry.description.family.isSingle else { return nil }
        let rivals = entry.description.family.rivals
        return entries.first { $0.isChosen && rivals.contains($0.description.family) }?.description.name
    }

    /// Takes the typed number first; where that is refused, nothing else happens, so that the reason is seen.
    package mutating func select(_ index: Int) {
        guard endTyping() else { return }
        refusal = nil
        selected = min(max(0, index), entries.count - 1)
        parameter = 0
    }

    package mutating func move(_ steps: Int) {
        let listed = listed
        guard let place = listed.firstIndex(of: selected) ?? (listed.isEmpty ? nil : 0) else { return }
        select(listed[min(max(0, place + steps), listed.count - 1)])
    }

    package mutating func selectParameter(_ steps: Int) {
        guard endTyping() else { return }
        let count = entries[selected].values.count + entries[selected].lists.count
        guard count > 0 else { return }
        parameter = (parameter + steps % count + count) % count
    }

    /// Takes the typed number, which chooses the entry; without one chooses the selected entry or drops it.
    package mutating func choose() {
        if typed != nil {
            let isTaken = endTyping()
            if isTaken, !entries[selected].isChosen { choose() }
            return
        }
        // Nobody chooses what is not seen.
        guard listed.contains(selected) else { return }
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
        if family.isSingle { family.rivals.forEach { drop($0) } }
        entries[selected].isChosen = true
    }

    /// Chooses an entry with the values of a method of its kind, unless something stands in the way.
    mutating func take(_ method: any Method, at index: Int) {
        let before = entries[index]
        entries[index].values = method.values
        entries[index].lists = Self.listTexts(method)
        if let obstacle = obstacle(index) {
            refusal = obstacle
            entries[index] = before
            return
        }
        if before.description.family.isSingle { before.description.family.rivals.forEach { drop($0) } }
        entries[index].isChosen = true
    }

    /// One step more or less, as far as the range goes.
    package mutating func step(_ direction: Int) {
        guard endTyping() else { return }
        guard let description = currentParameter else {
            if currentList != nil { refusal = say("a list is typed: numbers with / between them, such as 0/17") }
            return
        }
        let value = entries[selected].values[parameter]
        let next = description.stepped(value, direction)
        set(next)
        if next == value, refusal == nil { refusal = say("\(description.name) takes \(description.rangeText)") }
    }

    /// Takes a character of a number.
    package mutating func type(_ character: Character) {
        if let list = currentList {
            guard character.isASCII, character.isNumber || "./-,".contains(character) else { return }
            refusal = nil
            let text = typed ?? entries[selected].lists[list]
            if text.count < 400 { typed = text + (character == "," ? "/" : String(character)) }
            return
        }
        guard currentParameter != nil, character.isASCII, character.isNumber || character == "." else { return }
        refusal = nil
        if (typed ?? "").count < 12 { typed = (typed ?? "") + String(character) }
    }

    package mutating func eraseTyped() {
        guard let text = typed ?? currentList.map({ entries[selected].lists[$0] }) else { return }
        if currentList != nil {
            typed = String(text.dropLast())
            return
        }
        typed = text.isEmpty ? nil : String(text.dropLast())
    }

    /// The index of the list that is edited, after all numbers.
    var currentList: Int? {
        let index = parameter - entries[selected].values.count
        return entries[selected].lists.indices.contains(index) ? index : nil
    }

    /// A second mask of a kind has no numbers here: it stays as it was written.
    private var currentParameter: ParameterDescription? {
        let entry = entries[selected]
        return entry.values.indices.contains(parameter) ? entry.description.parameters[parameter] : nil
    }

    /// Takes the typed number; false where it cannot be taken, which `refusal` explains.
    @discardableResult
    mutating func endTyping() -> Bool {
        defer { typed = nil }
        if let text = typed, let list = currentList {
            let before = entries[selected].lists[list]
            refusal = nil
            entries[selected].lists[list] = text
            if let obstacle = obstacle(selected) {
                refusal = obstacle
                entries[selected].lists[list] = before
            }
            return refusal == nil
        }
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
        var pairs = zip(entry.description.parameters, entry.values).map { "\($0.name)=\($0.format($1))" }
        for (list, text) in zip(entry.description.lists, entry.lists) where !text.isEmpty {
            pairs.append("\(list.name)=\(text)")
        }
        return entry.description.name + (pairs.isEmpty ? "" : ":" + pairs.joined(separator: ","))
    }
}

extension MethodFamily {
    /// The families of which a scenario has one method together.
    fileprivate var rivals: [MethodFamily] {
        switch self {
        case .position, .window, .ablation: [self]
        case .selection, .compression: [self, .kernel]
        case .kernel: [.kernel, .selection, .compression]
        }
    }
}
