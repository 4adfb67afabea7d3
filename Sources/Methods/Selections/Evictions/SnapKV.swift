import RopewalkPhrases

/// Of the prompt, the keys for which its last queries vote, and its last keys.
package struct SnapKV: StateSelection, DirectSelection, Equatable {
    package static let description = MethodDescription(
        name: "snapkv", family: .selection, title: "SnapKV",
        summary:
            "When the prompt has been read in full, its last queries vote for its keys, neighbours share their votes, and "
            + "each head keeps the winners and the last keys; later tokens are all kept. The first tokens of the text are "
            + "the prompt; a prompt under the capacity is kept whole. With max=1 neighbours of one winner have equal votes, "
            + "and of those at the last place the first are kept, where the code keeps any.",
        source: "Li et al., SnapKV, 2024 (arXiv 2404.14469), window 32, capacity 2,048, kernel 5 there; the prompt's "
            + "length is ours",
        parameters: [
            .count("prompt", "first tokens of the text, read in full and then compressed", default: 4096),
            .count("capacity", "keys of the prompt that are kept, the window included", default: 2048, from: 2),
            .count("window", "last tokens of the prompt, which vote and are kept", default: 32),
            ParameterDescription(
                "kernel", meaning: "neighbours that share their votes; odd", unit: "tokens", default: 5,
                range: 1...1023,
                isInteger: true),
            .flag("max", "the highest vote among neighbours counts, else their mean", default: false),
        ],
        flops: "2·prompt²·d + 4·(N − prompt)·(capacity + N − prompt)·d a head, at most",
        memory: "2·(capacity + N − prompt)·d numbers a head")

    package let prompt: Int
    package let capacity: Int
    package let window: Int
    package let kernel: Int
    package let takesMaximum: Bool

    package init(prompt: Int, capacity: Int, window: Int, kernel: Int, takesMaximum: Bool = false) {
        self.prompt = prompt
        self.capacity = capacity
        self.window = window
        self.kernel = kernel
        self.takesMaximum = takesMaximum
    }

    package init(values: [Double]) {
        self.init(
            prompt: Int(values[0]), capacity: Int(values[1]), window: Int(values[2]), kernel: Int(values[3]),
            takesMaximum: values[4] != 0)
    }
    package var values: [Double] {
        [Double(prompt), Double(capacity), Double(window), Double(kernel), takesMaximum ? 1 : 0]
    }

    package var evicts: Bool { true }

    package var contradiction: String? {
        if kernel % 2 == 0 { return say("kernel \(kernel.grouped) is even: give an odd number") }
        return window >= capacity
            ? say("window \(window.grouped) leaves no room in capacity \(capacity.grouped): give a smaller one") : nil
    }

    /// Votes after neighbours have shared them: their mean, with zeros beyond the ends, or their highest. [votes.count]
    package func pooled(_ votes: [Double]) -> [Double] {
        let half = kernel / 2
        return votes.indices.map { index in
            let near = votes[max(0, index - half)...min(votes.count - 1, index + half)]
            return takesMaximum ? near.max() ?? 0 : near.reduce(0, +) / Double(kernel)
        }
    }

    /// The keys of a prompt that are kept, ascending.
    ///
    /// - Parameter pooled: Of all keys before the window. [tokens − window]
    package func kept(pooled: [Double]) -> [Int] {
        HighestScores.indices(capacity - window, of: pooled) + Array(pooled.count..<pooled.count + window)
    }

    func chooser(for place: HeadPlace, states: any LayerStates) -> SnapKVChooser {
        SnapKVChooser(method: self, place: place, states: states)
    }
}

struct SnapKVChooser: QueryChooser {
    /// What was kept of the prompt, with the votes.
    private struct Snapshot {
        let pooled: [Double]
        let keys: KeyRanges
    }

    private let method: SnapKV
    private let place: HeadPlace
    private let states: any LayerStates
    private var snapshot: Snapshot?

    init(method: SnapKV, place: HeadPlace, states: any LayerStates) {
        self.method = method
        self.place = place
        self.states = states
    }

    mutating func choice(for query: Int) -> KeyChoice {
        let method = method
        guard query >= method.prompt else {
            return .dense(
                query: query, because: say("the prompt of \(method.prompt.grouped) tokens is read in full (prompt)"))
        }
        guard method.prompt >= method.capacity else {
            return .dense(
                query: query,
                because: say(
                    "the prompt of \(method.prompt.grouped) tokens is under capacity \(method.capacity.grouped)"))
        }
        let snapshot = snapshot ?? takeSnapshot()
        self.snapshot = snapshot
        let keys = snapshot.keys.union(KeyRanges(method.prompt..<query + 1))
        return KeyChoice(query: query, keys: keys) { key in
            if key >= method.prompt {
                return VisibilityReason(
                    .window, say("kept: \(key.grouped) ≥ prompt \(method.prompt.grouped), a later token"))
            }
            if key >= method.prompt - method.window {
                return VisibilityReason(
                    .window, say("kept: one of the last \(method.window.grouped) tokens of the prompt, which voted"))
            }
            let votes = say("\(snapshot.pooled[key].short) votes of the prompt's last \(method.window.grouped) tokens")
            return snapshot.keys.contains(key)
                ? VisibilityReason(.selected, say("selected: \(votes)"))
                : .evicted(at: method.prompt - 1, of: query, because: votes)
        }
    }

    private func takeSnapshot() -> Snapshot {
        let end = method.prompt - method.window
        var votes = [Double](repeating: 0, count: end)
        for query in end..<method.prompt {
            let weights = softmax(states.scores(query: query, head: place.head, keys: 0..<query + 1))
            for key in votes.indices { votes[key] += weights[key] }
        }
        let pooled = method.pooled(votes)
        return Snapshot(pooled: pooled, keys: KeyRanges(ascending: method.kept(pooled: pooled)))
    }
}
