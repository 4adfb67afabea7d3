import RopewalkPhrases

/// A window whose own code lets some keys enter the softmax several times: a bias of ln times that no mask shows.
package protocol CountingWindow: WindowMethod {
    /// How often a query's softmax counts a key; 0 for keys that it does not see.
    func times(query: Int, key: Int, tokens: Int) -> Int
}

extension VisibilityReason {
    /// With how often the key counts, where that is more than once.
    func counted(_ times: Int) -> VisibilityReason {
        guard isVisible, times > 1 else { return self }
        return VisibilityReason(rule, say("\(sentence); its authors' softmax counts it \(times) times"))
    }
}

extension WindowMethod {
    /// Those of its parts that count keys several times.
    package var counting: [any CountingWindow] {
        switch self {
        case let window as any CountingWindow: [window]
        case let scoped as ScopedWindow: scoped.window.counting
        case let union as UnionWindow: union.parts.flatMap(\.counting)
        default: []
        }
    }
}

/// Keys that count several times for one query, as runs in order.
package struct KeyTimes: Equatable, Sendable {
    package struct Run: Equatable, Sendable {
        package let keys: Range<Int>
        package let times: Int
    }

    package let runs: [Run]

    /// None.
    package init() { runs = [] }

    /// - Parameter visible: the keys that are asked about
    package init(_ windows: [any WindowMethod], query: Int, visible: KeyRanges, tokens: Int) {
        let counting = windows.flatMap(\.counting)
        var runs: [Run] = []
        for key in (counting.isEmpty ? KeyRanges() : visible).ranges.joined() {
            let times = counting.reduce(1) { max($0, $1.times(query: query, key: key, tokens: tokens)) }
            guard times > 1 else { continue }
            if let last = runs.last, last.keys.upperBound == key, last.times == times {
                runs[runs.count - 1] = Run(keys: last.keys.lowerBound..<key + 1, times: times)
            } else {
                runs.append(Run(keys: key..<key + 1, times: times))
            }
        }
        self.runs = runs
    }

    package func times(of key: Int) -> Int { runs.first { $0.keys.contains(key) }?.times ?? 1 }
}

extension Mask {
    /// Which keys count several times for the first query that has such keys, among some that are evenly spread; nil for
    /// none.
    var countedText: String? {
        guard windows.contains(where: { !$0.counting.isEmpty }) else { return nil }
        let step = max(1, tokens / Self.queriesLookedAt)
        for query in stride(from: 0, to: tokens, by: step) {
            let times = KeyTimes(windows, query: query, visible: row(query), tokens: tokens)
            guard let run = times.runs.first else { continue }
            let keys =
                run.keys.count == 1
                ? say("key \(run.keys.lowerBound.grouped)")
                : say("keys \(run.keys.lowerBound.grouped) to \((run.keys.upperBound - 1).grouped)")
            return say(
                "; no mask shows that its authors' softmax counts some keys several times: query \(query.grouped) \(keys), \(run.times) times"
            )
        }
        return nil
    }

    private static let queriesLookedAt = 256
}
