import RopewalkMethods
import Testing

/// What holds of every selection by states, whatever the sizes.
@Suite struct SelectionPropertyTests {
    /// Small parameters, so that short texts go beyond every window and budget.
    static let specs = [
        "fot:k=2,window=3", "fot:k=3,window=2,layers=1", "fot:k=0,window=1",
        "memorizing:k=2,window=3,memory=5,from-end=1", "memorizing:k=2,window=3,memory=0,from-end=2",
        "unlimiformer:k=4", "unlimiformer:k=1,first-layer=2", "quest:page=3,budget=7,dense-layers=0",
        "quest:page=4,budget=8,dense-layers=1,last-page=0", "moba:block=3,topk=2", "moba:block=5,topk=1,dense-layers=1",
        "infllm:init=2,local=3,block=2,topk=2,representatives=1",
        "infllm:init=0,local=1,block=3,topk=0,representatives=5", "landmark:block=3,topk=2", "landmark:block=1,topk=0",
        "nsa:length=4,stride=2,block=4,blocks=3,init=1,local=1,window=2",
        "nsa:length=2,stride=2,block=6,blocks=1,init=0,local=1,window=1", "longheads:chunk=3,budget=9",
        "retro:chunk=2,neighbours=2,window=3", "h2o:heavy=2,recent=3", "h2o:heavy=0,recent=1", "tova:capacity=3",
        "tova:capacity=1", "scissorhands:buffer=6,drop=3,recent=2,history=4",
        "scissorhands:buffer=2,drop=1,recent=1,history=1", "snapkv:prompt=9,capacity=5,window=2,kernel=3",
        "snapkv:prompt=6,capacity=4,window=3,kernel=5,max=1",
        "pqcache:prompt=8,sink=1,ratio=0.6,parts=2,bits=2", "pqcache:prompt=5,sink=0,ratio=1,parts=3,bits=8,rounds=0",
        "lazyllm:keep=0.6,dense-layers=0", "lazyllm:ratios=0.5/0", "lsh:rounds=2,buckets=4,window=2",
        "lsh:rounds=1,buckets=2", "lsh:rounds=3,buckets=2,form=rounds,shared=1,window=0",
        "lsh:rounds=2,buckets=4,split=2,window=0", "lsh:rounds=2,buckets=4,chunk=3,window=2",
        "lsh:rounds=2,buckets=2,chunk=4,shared=1,form=code,window=0",
        "lsh:rounds=1,buckets=4,chunk=2,back=2,form=code", "lsh:rounds=3,buckets=2,split=2,chunk=5,shared=1",
    ]

    static func method(_ spec: String) throws -> any StateSelection {
        try #require(try MethodSpec.parse(spec) as? any StateSelection)
    }

    static let places = [(0, 0), (1, 1), (1, 3)].map { HeadPlace(layer: $0, head: $1, layers: 2, heads: 4) }

    static func states(_ tokens: Int) -> PlainStates {
        .stack(2, tokens: tokens, heads: 4, keyHeads: 2, dimension: 4)
    }

    @Test(arguments: specs) func choicesAreWithinTheTextAndReasonsAgree(spec: String) throws {
        let method = try Self.method(spec)
        for tokens in [1, 2, 3, 5, 8, 13, 29] {
            let states = Self.states(tokens)
            for place in Self.places {
                for (query, choice) in method.choices(states, place: place).enumerated() {
                    let ranges = choice.keys.ranges
                    #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= query + 1 })
                    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
                    for key in 0..<tokens {
                        let reason = choice.reason(key)
                        #expect(
                            reason.isVisible == choice.keys.contains(key), "\(spec) \(query) \(key): \(reason.sentence)"
                        )
                        #expect((reason.rule == .future) == (key > query))
                        #expect(!reason.sentence.isEmpty && !reason.sentence.contains("nan"))
                    }
                }
            }
        }
    }

    /// One late query asked for by itself has the choice of the run; and a run repeats.
    @Test(arguments: specs) func aQueryByItselfIsChosenAsInARun(spec: String) throws {
        let method = try Self.method(spec)
        let states = Self.states(23)
        for place in Self.places {
            let run = method.choices(states, place: place)
            for query in [0, 4, 9, 17, 22] {
                let alone = try #require(method.choice(for: query, place: place, states: states))
                #expect(alone.keys == run[query].keys, "\(spec) \(query)")
                for key in 0..<23 { #expect(alone.reason(key) == run[query].reason(key)) }
            }
            #expect(method.choice(for: 23, place: place, states: states) == nil)
            #expect(method.choice(for: -1, place: place, states: states) == nil)
        }
    }

    /// No choice depends on what follows: a longer text has the same choices at its beginning. Those that read ahead say so.
    @Test(arguments: specs) func choicesDoNotLookAhead(spec: String) throws {
        let method = try Self.method(spec)
        guard !method.readsAhead else {
            #expect(method.table(for: Self.places[0], states: Self.states(9)) != nil)
            return
        }
        let long = Self.states(24)
        var short = Self.cut(long, 15)
        short.layers = long.layers.map { Self.cut($0, 15) }
        for place in Self.places {
            let all = method.choices(long, place: place)
            let first = method.choices(short, place: place)
            #expect(zip(first, all).allSatisfy { $0.keys == $1.keys })
        }
    }

    static func cut(_ states: PlainStates, _ tokens: Int) -> PlainStates {
        var states = states
        states.queries = states.queries.map { Array($0.prefix(tokens)) }
        states.keyRows = states.keyRows.map { Array($0.prefix(tokens)) }
        states.valueRows = states.valueRows.map { Array($0.prefix(tokens)) }
        return states
    }

    /// Heads that choose together choose the same.
    @Test(arguments: specs) func headsThatShareChooseAlike(spec: String) throws {
        let method = try Self.method(spec)
        let states = Self.states(19)
        func keys(_ head: Int) -> [KeyRanges] {
            method.choices(states, place: HeadPlace(layer: 1, head: head, layers: 2, heads: 4)).map(\.keys)
        }
        switch method.sharing {
        case .head: break
        case .group: #expect(keys(0) == keys(1) && keys(2) == keys(3))
        case .layer: #expect((1..<4).allSatisfy { keys($0) == keys(0) })
        }
    }

    /// What each method says it always keeps.
    static let protected: [String: @Sendable (Int) -> [Range<Int>]] = [
        "fot:k=2,window=3": { [max(0, $0 - 2)..<$0 + 1] },
        "memorizing:k=2,window=3,memory=5,from-end=1": { [max(0, $0 - 2)..<$0 + 1] },
        "unlimiformer:k=4": { [$0..<$0 + 1] },
        "quest:page=3,budget=7,dense-layers=0": { [$0 / 3 * 3..<$0 + 1] },
        "moba:block=3,topk=2": { [$0 / 3 * 3..<$0 + 1] },
        "infllm:init=2,local=3,block=2,topk=2,representatives=1": {
            [0..<min(2, $0 + 1), max(0, $0 - 2)..<$0 + 1]
        },
        "nsa:length=4,stride=2,block=4,blocks=3,init=1,local=1,window=2": {
            [0..<min(4, $0 + 1), $0 / 4 * 4..<$0 + 1, max(0, $0 - 1)..<$0 + 1]
        },
        "longheads:chunk=3,budget=9": { [0..<min(3, $0 + 1), max(0, $0 / 3 * 3 - 3)..<$0 + 1] },
        "retro:chunk=2,neighbours=2,window=3": { [max(0, $0 - 2)..<$0 + 1] },
        "h2o:heavy=2,recent=3": { [max(0, $0 - 3)..<$0 + 1] },
        "tova:capacity=3": { [$0..<$0 + 1] },
        "scissorhands:buffer=6,drop=3,recent=2,history=4": { [max(0, $0 - 1)..<$0 + 1] },
        "snapkv:prompt=9,capacity=5,window=2,kernel=3": { $0 < 9 ? [0..<$0 + 1] : [7..<$0 + 1] },
        "pqcache:prompt=8,sink=1,ratio=0.6,parts=2,bits=2": { $0 < 8 ? [0..<$0 + 1] : [0..<1, $0 - 2..<$0 + 1] },
        "lazyllm:keep=0.6,dense-layers=0": { [$0..<$0 + 1] },
    ]

    @Test(arguments: protected.keys.sorted()) func whatIsProtectedStays(spec: String) throws {
        let method = try Self.method(spec)
        let keeps = try #require(Self.protected[spec])
        for place in Self.places {
            for (query, choice) in method.choices(Self.states(29), place: place).enumerated() {
                #expect(KeyRanges(keeps(query)).subtracting(choice.keys).isEmpty, "\(spec) \(query)")
            }
        }
    }

    /// The most keys that a query may see.
    static let budgets = [
        "fot:k=2,window=3": 5, "memorizing:k=2,window=3,memory=5,from-end=1": 5, "unlimiformer:k=4": 4,
        "quest:page=3,budget=7,dense-layers=0": 6, "moba:block=3,topk=2": 6, "landmark:block=3,topk=2": 9,
        "infllm:init=2,local=3,block=2,topk=2,representatives=1": 11, "longheads:chunk=3,budget=9": 9,
        "retro:chunk=2,neighbours=2,window=3": 11, "h2o:heavy=2,recent=3": 6, "tova:capacity=3": 4,
        "scissorhands:buffer=6,drop=3,recent=2,history=4": 6,
    ]

    @Test(arguments: budgets.keys.sorted()) func noQuerySeesMoreThanTheBudget(spec: String) throws {
        let method = try Self.method(spec)
        let budget = try #require(Self.budgets[spec])
        var most = 0
        for place in Self.places {
            for choice in method.choices(Self.states(29), place: place) { most = max(most, choice.keys.count) }
        }
        // Reached, too: else the budget would be a smaller one.
        #expect(most == budget, "\(spec)")
    }

    /// Methods that read as many keys as they say whatever the states are; the others at most as many.
    static let counted = [
        "fot:k=2,window=3", "memorizing:k=2,window=3,memory=5,from-end=1", "unlimiformer:k=4",
        "quest:page=3,budget=7,dense-layers=0", "moba:block=3,topk=2", "landmark:block=3,topk=2",
        "infllm:init=2,local=3,block=2,topk=2,representatives=1", "longheads:chunk=3,budget=9",
        "h2o:heavy=2,recent=3", "tova:capacity=3", "scissorhands:buffer=6,drop=3,recent=2,history=4",
        "snapkv:prompt=9,capacity=5,window=2,kernel=3", "pqcache:prompt=8,sink=1,ratio=0.6,parts=2,bits=2",
        "lazyllm:keep=0.6,dense-layers=0",
    ]

    @Test(arguments: specs) func costsCountTheKeysThatAreRead(spec: String) throws {
        let method = try Self.method(spec)
        let costed = try #require(method as? any Costed)
        for place in Self.places {
            for (query, choice) in method.choices(Self.states(29), place: place).enumerated() {
                let count = costed.keysRead(query: query, tokens: 29, in: place)
                #expect(choice.keys.count <= count && count <= query + 1, "\(spec) \(query)")
                if Self.counted.contains(spec) { #expect(choice.keys.count == count, "\(spec) \(query)") }
            }
        }
    }
}
