/// One layer's queries, keys and values, as a selection may look at them.
///
/// Queries and keys are turned as the scenario turns them, so that their products are the model's scores.
public protocol LayerStates {
    /// Tokens that are there: keys and queries 0..<tokens.
    var tokens: Int { get }
    var heads: Int { get }
    /// Query head h reads key head h / (heads / keyHeads).
    var keyHeads: Int { get }
    var dimension: Int { get }
    /// [dimension]
    func query(_ token: Int, head: Int) -> [Float]
    /// [dimension]
    func key(_ token: Int, keyHead: Int) -> [Float]
    /// [dimension]
    func value(_ token: Int, keyHead: Int) -> [Float]
    /// q·k/√d of a query with a stretch of keys. [keys.count]
    func scores(query: Int, head: Int, keys: Range<Int>) -> [Float]
}

/// Which keys a query sees, decided by what queries and keys hold; the selection may depend on earlier queries, as
/// that of an evicting cache does.
public protocol StateSelection: Method {
    /// Whether all heads of a layer choose together; then one selector serves them all, made for head 0.
    var isJoint: Bool { get }
    /// A selector for one head, to be asked for queries 0, 1, 2 ... in this order.
    func selector(for place: HeadPlace, states: any LayerStates) -> any KeySelector
}

extension StateSelection {
    public var isJoint: Bool { false }
}

/// Chooses the keys of one query after the other.
public protocol KeySelector {
    /// The keys that the next query sees; the first call is for query 0.
    mutating func next() -> KeyChoice
}

/// The keys that one query sees, and why.
public struct KeyChoice: Sendable {
    /// Within 0...query.
    public let keys: KeyRanges
    /// Why a key is visible or not, as one short line with the numbers.
    public let reason: @Sendable (_ key: Int) -> VisibilityReason

    public init(keys: KeyRanges, reason: @escaping @Sendable (Int) -> VisibilityReason) {
        self.keys = keys
        self.reason = reason
    }
}
