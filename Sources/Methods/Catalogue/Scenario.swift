import RopewalkPhrases

/// A position method, what restricts the keys, what takes the place of the softmax, and how the cache holds keys, applied
/// together.
public struct Scenario: Sendable, Hashable {
    package var position: any PositionMethod
    /// Several windows: a key must be in all of them. The causal limit always holds for a decoder.
    package var windows: [any WindowMethod]
    /// Besides this, a scenario has no `stateSelection`.
    package var selection: (any SelectionMethod)?
    /// Besides this, a scenario has no `selection`.
    package var stateSelection: (any StateSelection)?
    package var compression: (any CompressionMethod)?
    /// In place of the softmax; besides this, a scenario has no selection and no compression.
    package var kernel: (any KernelMethod)?
    /// What of the model is left out; several hold together.
    package var ablations: [Ablation]

    package static let plain = Scenario()

    package init(
        position: any PositionMethod = RoPE(), windows: [any WindowMethod] = [],
        selection: (any SelectionMethod)? = nil,
        stateSelection: (any StateSelection)? = nil, compression: (any CompressionMethod)? = nil,
        kernel: (any KernelMethod)? = nil, ablations: [Ablation] = []
    ) {
        self.position = position
        self.windows = windows
        self.selection = selection
        self.stateSelection = stateSelection
        self.compression = compression
        self.kernel = kernel
        self.ablations = ablations
    }

    /// All its methods, plain RoPE too.
    package var methods: [any Method] {
        let optional: [(any Method)?] = [selection, stateSelection, kernel, compression]
        return [position] + windows + optional.compactMap { $0 } + ablations
    }

    /// The specs of its methods in the method grammar; those of plain RoPE with full causal attention are left out.
    public var specs: [String] {
        methods.dropFirst(position is RoPE ? 1 : 0).map(\.spec)
    }

    /// What its methods do, word by word: scenarios with the same identities give the same numbers.
    package var identities: [String] { methods.map(\.identity) }

    /// The files that its masks were read from.
    package var maskFiles: [String] { windows.flatMap(\.maskFiles) }

    /// Whether nothing but the causal limit hides a key.
    public var isDense: Bool {
        selection == nil && stateSelection == nil && windows.allSatisfy { $0 is Causal || $0 is Full }
    }
    /// Whether it is plain RoPE with full causal attention, an exact cache and the whole model.
    public var isPlain: Bool {
        isDense && compression == nil && kernel == nil && ablations.isEmpty && position is RoPE
    }

    /// Whether two scenarios give the same numbers for every pair.
    public static func == (a: Scenario, b: Scenario) -> Bool { a.identities == b.identities }

    /// By what decides whether two are equal.
    public func hash(into hasher: inout Hasher) { hasher.combine(identities) }

    /// Why a window cannot be applied to a text of so many tokens; nil where all can.
    package func problem(tokens: Int) -> String? {
        windows.lazy.compactMap { $0.problem(tokens: tokens) }.first
            ?? (compression as? any PartedMethod)?.missingBorders
    }

    /// The same in a model of so many layers and heads, which masks in files may not fit.
    package func problem(tokens: Int, layers: Int, heads: Int) -> String? {
        let place = HeadPlace(layer: 0, head: 0, layers: layers, heads: heads)
        let problems = windows.lazy.compactMap {
            $0.problem(tokens: tokens) ?? $0.window(in: place)?.problem(tokens: tokens)
        }
        return problems.first ?? (compression as? any PartedMethod)?.missingBorders ?? scopeProblem(
            layers: layers, heads: heads)
            ?? windows.lazy.flatMap(\.fileWindows).first {
                $0.stack.queries.lowerBound < 0 || $0.stack.offset == .cross
            }
            .map { say("\($0.path): \($0.stack.sizeText): a run needs a query's place among the keys") }
    }

    /// Why a method that is limited to some layers and heads is in none of a model's; nil where all of them are there.
    package func scopeProblem(layers: Int, heads: Int) -> String? {
        let items = windows.flatMap(\.fileWindows).map { $0.itemCount(layers: layers, heads: heads) }.max() ?? 1
        let counts = HeadCounts(items: items, layers: layers, heads: heads)
        return windows.lazy.flatMap(\.scopes).compactMap { counts.problem(with: $0)?.description }.first
            ?? ablations.lazy.compactMap { $0.problem(layers: layers, heads: heads) }.first
    }

    /// The windows as they are in one head.
    package func windows(in place: HeadPlace) -> [any WindowMethod] { windows.compactMap { $0.window(in: place) } }

    /// The keys that `query` may see as far as places decide it, the causal limit included.
    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        windows.reduce(KeyRanges(0..<query + 1)) { $0.intersection($1.visibleKeys(query: query, tokens: tokens)) }
    }
}
