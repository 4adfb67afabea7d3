/// A position method and what restricts the keys, applied together.
public struct Scenario: Sendable, Equatable {
    public var position: any PositionMethod
    /// Several windows: a key must be in all of them. The causal limit always holds for a decoder.
    public var windows: [any WindowMethod]
    public var selection: (any SelectionMethod)?

    public static let plain = Scenario()

    public init(
        position: any PositionMethod = RoPE(), windows: [any WindowMethod] = [], selection: (any SelectionMethod)? = nil
    ) {
        self.position = position
        self.windows = windows
        self.selection = selection
    }

    /// The specs of its methods, what `--method` takes; those of plain RoPE with full causal attention are left out.
    public var specs: [String] {
        var specs = position is RoPE ? [] : [position.spec]
        specs += windows.map(\.spec)
        if let selection { specs.append(selection.spec) }
        return specs
    }

    /// Whether nothing but the causal limit hides a key.
    public var isDense: Bool { selection == nil && windows.allSatisfy { $0 is Causal || $0 is Full } }
    public var isPlain: Bool { isDense && position is RoPE }

    public static func == (a: Scenario, b: Scenario) -> Bool {
        a.position.spec == b.position.spec && a.windows.map(\.spec) == b.windows.map(\.spec)
            && a.selection?.spec == b.selection?.spec
    }

    /// The windows as they are in one head.
    public func windows(in place: HeadPlace) -> [any WindowMethod] { windows.compactMap { $0.window(in: place) } }

    /// The keys that `query` may see as far as places decide it, the causal limit included.
    public func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        windows.reduce(KeyRanges(0..<query + 1)) { $0.intersection($1.visibleKeys(query: query, tokens: tokens)) }
    }
}
