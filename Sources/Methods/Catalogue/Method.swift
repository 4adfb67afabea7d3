/// One entry of the catalogue with its parameters: a value.
package protocol Method: Sendable {
    static var description: MethodDescription { get }
    /// Which line of the literature it belongs to.
    static var kind: MethodKind { get }
    /// Makes the method from checked values, in the order of `description.parameters`.
    init(values: [Double])
    /// The parameters' values, in the order of `description.parameters`.
    var values: [Double] { get }
    /// Makes the method from checked values and lists, in the order of `description.parameters` and `description.lists`.
    init(values: [Double], lists: [[Double]])
    /// The lists, in the order of `description.lists`; an empty one is one that was not given.
    var lists: [[Double]] { get }
    /// The method in the method grammar, `name:key=value,...`; parsing it gives the method back.
    var spec: String { get }
    /// The spec with what it leaves out: methods of one identity do the same to every pair.
    var identity: String { get }
    /// What makes it the whole method that its authors have, where it is the mask or the choice alone; nil for nothing.
    var companion: (any Method)? { get }
    /// What is wrong with the values together (a window smaller than its sink ...), nil where nothing is.
    var contradiction: String? { get }
}

extension Method {
    package var contradiction: String? { nil }
    package var companion: (any Method)? { nil }
    package var identity: String { spec }
    package var lists: [[Double]] { [] }
    package init(values: [Double], lists: [[Double]]) { self.init(values: values) }

    package var spec: String { parameterSpec }

    /// The name with all parameters and the lists that are not empty.
    var parameterSpec: String {
        let description = Self.description
        var pairs = zip(description.parameters, values).map { "\($0.name)=\($0.format($1))" }
        for (list, values) in zip(description.lists, lists) where !values.isEmpty {
            pairs.append("\(list.name)=" + values.map(MethodSpec.format).joined(separator: "/"))
        }
        guard !pairs.isEmpty else { return description.name }
        return description.name + ":" + pairs.joined(separator: ",")
    }
}

/// How a method changes the place of a token.
package protocol PositionMethod: Method {
    /// The angles and the temperature that this method gives a model on a text; of a method with several pieces, those
    /// of the first (the near keys).
    func rotation(in context: RotaryContext) -> Rotation
    /// All that is needed to score any pair.
    func encoding(in context: RotaryContext) -> PositionEncoding
    /// What makes the method impossible for a model and text (a list of the wrong length ...), nil where nothing does.
    /// To be asked before `rotation` and `encoding`.
    func problem(in context: RotaryContext) -> String?
    /// The angles that count as familiar; those of the model's training, unless the method stands for another one.
    func trainedRange(in context: RotaryContext) -> TrainedRange
}

extension PositionMethod {
    package func problem(in context: RotaryContext) -> String? { nil }
    package func trainedRange(in context: RotaryContext) -> TrainedRange { TrainedRange(context) }
    package func encoding(in context: RotaryContext) -> PositionEncoding { PositionEncoding(rotation(in: context)) }
}

/// Which keys a query may see, decided by places alone.
package protocol WindowMethod: Method {
    /// The keys that `query` may see in a text of `tokens` tokens; without the causal limit if the method has none.
    func visibleKeys(query: Int, tokens: Int) -> KeyRanges
    /// The same as bits.
    func visibleBits(query: Int, tokens: Int) -> KeyBits
    /// The mask of some queries as a sum of zones, by which overviews of long texts are drawn; nil where there is none.
    func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum?
    /// The method as it is in one head; nil where it restricts nothing there.
    func window(in place: HeadPlace) -> (any WindowMethod)?
    /// The tokens that it is given for, as a mask file is; nil for any number.
    var ownTokens: Int? { get }
    /// The queries that it is given for, by their places among these tokens; nil for any.
    var ownQueries: Range<Int>? { get }
    /// Why it cannot be applied to a text of so many tokens; nil where it can.
    func problem(tokens: Int) -> String?
    /// Why `key` is visible to `query` or not, as one short line with the numbers filled in.
    func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason
}

extension WindowMethod {
    package var ownTokens: Int? { nil }
    package var ownQueries: Range<Int>? { nil }
    package func problem(tokens: Int) -> String? { nil }
    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? { nil }
    package func window(in place: HeadPlace) -> (any WindowMethod)? { self }

    package func visibleBits(query: Int, tokens: Int) -> KeyBits {
        if let sum = zones(of: query..<query + 1, tokens: tokens), sum.zones.count <= 64 {
            return KeyBits(sum, query: query, tokens: tokens)
        }
        return KeyBits(visibleKeys(query: query, tokens: tokens), tokens: tokens)
    }
}

/// Which keys a query may see, decided by its scores.
package protocol SelectionMethod: Method {
    /// The keys that are kept whatever their score.
    func fixedKeys(query: Int, tokens: Int) -> KeyRanges
    /// How many keys outside of `fixedKeys` are kept: those with the highest score, of equal ones the first.
    var selectedCount: Int { get }
    /// Why a key that is always kept is kept: sink, local.
    func fixedReason(query: Int, key: Int) -> VisibilityReason
}

/// Why a query sees a key or does not.
public struct VisibilityReason: Equatable, Sendable {
    /// What decides about a pair; the first seven let a query see a key, the others hide it.
    public enum Rule: String, CaseIterable, Equatable, Sendable {
        /// Nothing hides the key.
        case visible
        /// One of the first tokens, which stay.
        case sink
        /// Near enough.
        case window
        /// A token that sees everything, or that all see.
        case global
        /// In a block that the query reads.
        case block
        /// Drawn at random, always the same.
        case random
        /// Among those with the highest scores, or chosen by what queries and keys hold.
        case selected
        /// After the query.
        case future
        /// Too far, padding, or in a block that the query does not read.
        case outside
        /// Not among those that a selection chose.
        case notSelected
    }
    /// What decides.
    public let rule: Rule
    /// One line for people, with the numbers: "1,204 − 87 = 1,117 ≥ window 256, and 87 ≥ sink 4".
    public let sentence: String
    /// Whether the query sees the key.
    public var isVisible: Bool { ![.future, .outside, .notSelected].contains(rule) }

    package init(_ rule: Rule, _ sentence: String) {
        self.rule = rule
        self.sentence = sentence
    }
}
