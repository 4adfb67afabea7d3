import RopewalkPhrases

/// Tokens that see everything and are seen by all, chosen by hand.
extension WindowMethod {
    /// Those of it or its parts, ascending; empty where it has none.
    package var globals: [Int] {
        switch self {
        case let window as Longformer: Set(window.globals).sorted()
        case let window as GlobalTokens: Set(window.globals).sorted()
        case let scoped as ScopedWindow: scoped.window.globals
        case let union as UnionWindow: Set(union.parts.flatMap(\.globals)).sorted()
        default: []
        }
    }

    /// The same with these tokens as its global ones: its own list where it has one, else joined with such a mask.
    package func with(globals: [Int]) -> any WindowMethod {
        switch self {
        case let window as Longformer:
            return Longformer(
                window: window.window, globals: globals, dilation: window.dilation, isCausal: window.isCausal)
        case is GlobalTokens: return GlobalTokens(globals)
        case let scoped as ScopedWindow: return ScopedWindow(scoped.window.with(globals: globals), scope: scoped.scope)
        case let union as UnionWindow: return union.with(theseGlobals: globals)
        default: return globals.isEmpty ? self : UnionWindow([self, GlobalTokens(globals)])
        }
    }
}

extension UnionWindow {
    /// In the first part that has a list of them; a part that is nothing else goes with the last of them.
    fileprivate func with(theseGlobals globals: [Int]) -> any WindowMethod {
        var parts = parts
        if let index = parts.firstIndex(where: { $0 is Longformer || $0 is GlobalTokens }) {
            parts = parts.enumerated().map { place, part in
                place == index ? part.with(globals: globals) : part.globals.isEmpty ? part : part.with(globals: [])
            }
            let others = parts.filter { ($0 as? GlobalTokens)?.globals.isEmpty != true }
            if !others.isEmpty { parts = others }
        } else if !globals.isEmpty {
            parts.append(GlobalTokens(globals))
        }
        return parts.count == 1 ? parts[0] : UnionWindow(parts)
    }
}

extension Scenario {
    /// The tokens that all its masks have as global ones; empty where it hides nothing.
    package var globals: [Int] {
        guard var all = windows.first.map({ Set($0.globals) }) else { return [] }
        for window in windows.dropFirst() { all.formIntersection(window.globals) }
        return all.sorted()
    }

    /// The same with tokens made global in all its masks, or no longer global.
    package func with(globals tokens: some Sequence<Int>, isGlobal: Bool) -> Scenario {
        var scenario = self
        scenario.windows = windows.map { window in
            let all = Set(window.globals)
            return window.with(globals: (isGlobal ? all.union(tokens) : all.subtracting(tokens)).sorted())
        }
        return scenario
    }
}
