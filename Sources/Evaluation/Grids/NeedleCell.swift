/// One prompt of a grid under one method.
package struct NeedleCell: Hashable, Sendable {
    /// The task's spec.
    package let task: String
    /// The methods as a line.
    package let method: String
    package let place: NeedlePrompt.Place

    package init(task: String, method: String, place: NeedlePrompt.Place) {
        (self.task, self.method, self.place) = (task, method, place)
    }
}

/// What is to be read: every task under every method at every length, depth and seed.
package struct NeedlePlan: Equatable, Sendable {
    package let tasks: [NeedleTask]
    /// As lines.
    package let methods: [String]
    /// Ascending.
    package let lengths: [Int]
    package let depths: [Int]
    package let seeds: [Int]

    package init(tasks: [NeedleTask], methods: [String], lengths: [Int], depths: [Int], seeds: [Int]) {
        self.tasks = tasks
        self.methods = methods
        self.lengths = lengths.sorted()
        self.depths = depths.sorted()
        self.seeds = seeds
    }

    /// Of a task: lists have no depth that could be chosen.
    package func depths(of task: NeedleTask) -> [Int] { task.hasDepth ? depths : [0] }

    /// In the order in which they are read: seed after seed, so that every place of a grid has a first answer soon.
    package var cells: [(task: NeedleTask, cell: NeedleCell)] {
        seeds.flatMap { seed in
            methods.flatMap { method in
                tasks.flatMap { task in
                    lengths.flatMap { length in
                        depths(of: task).map { depth in
                            (
                                task,
                                NeedleCell(
                                    task: task.spec, method: method,
                                    place: .init(length: length, depth: depth, seed: seed))
                            )
                        }
                    }
                }
            }
        }
    }

    /// How many that are.
    package var count: Int {
        methods.count * seeds.count * lengths.count * tasks.reduce(0) { $0 + depths(of: $1).count }
    }
}

/// What came of one prompt: numbers, or why there are none.
package enum NeedleOutcome: Equatable, Sendable {
    case read(NeedleResult)
    /// The prompt does not fit, or the model cannot read it.
    case failed(String)
}

/// What several prompts of one place came to.
package struct NeedleTally: Equatable, Sendable {
    package private(set) var count = 0
    package private(set) var found = 0
    private var shares = 0.0
    private var losses = 0.0
    private var answerTokens = 0
    private var ranks: [(rank: Int, count: Int)] = []
    private var masses: [Double] = []
    private var seen: [Double] = []
    private var depths = 0.0
    /// Of the prompts that could not be read; nil where all could.
    package private(set) var problem: String?

    package init() {}

    package mutating func add(_ outcome: NeedleOutcome) {
        switch outcome {
        case .failed(let why): problem = problem ?? why
        case .read(let result):
            count += 1
            found += result.isFound ? 1 : 0
            shares += result.share
            losses += result.loss
            answerTokens += result.answerTokens
            depths += result.depth
            if let choice = result.choice { ranks.append((choice.rank, choice.count)) }
            if let strongest = result.strongest { masses.append(Double(strongest.mass)) }
            if let mean = result.meanSeen { seen.append(mean) }
        }
    }

    /// What is shown of it; nil where nothing was read, or the measure was not asked for.
    package func value(_ measure: NeedleMeasure) -> Double? {
        guard count > 0 else { return nil }
        switch measure {
        case .score: return 100 * shares / Double(count)
        case .found: return 100 * Double(found) / Double(count)
        case .loss: return answerTokens > 0 ? losses / Double(answerTokens) : nil
        case .choice: return ranks.isEmpty ? nil : 100 * Double(ranks.count { $0.rank == 1 }) / Double(ranks.count)
        case .mass: return masses.isEmpty ? nil : 100 * masses.reduce(0, +) / Double(masses.count)
        case .seen: return seen.isEmpty ? nil : 100 * seen.reduce(0, +) / Double(seen.count)
        }
    }

    /// Where needles came to lie in the mean, per cent.
    package var depth: Double? { count > 0 ? depths / Double(count) : nil }

    /// How often choosing by chance among the answers is right, per cent; nil where there was no choice.
    package var chance: Double? {
        ranks.isEmpty ? nil : ranks.reduce(0) { $0 + 100 / Double($1.count) } / Double(ranks.count)
    }

    package static func == (a: NeedleTally, b: NeedleTally) -> Bool {
        a.count == b.count && a.problem == b.problem && NeedleMeasure.allCases.allSatisfy { a.value($0) == b.value($0) }
    }
}

/// What a grid can show of its places.
package enum NeedleMeasure: String, CaseIterable, Sendable {
    /// Share of what had to be named, per cent.
    case score
    /// Prompts whose whole answer greedy generation begins with, per cent.
    case found
    /// −ln p of the answer, nats a token.
    case loss
    /// Prompts whose answer is the most likely of several, per cent.
    case choice
    /// Attention that the strongest head gives the needles where the answer begins, per cent.
    case mass
    /// Share of the needles that heads see there, in the mean, per cent.
    case seen
}

/// One task under one method, by length and depth.
package struct NeedleMap: Equatable, Sendable {
    package let task: NeedleTask
    package let method: String
    package let lengths: [Int]
    package let depths: [Int]
    /// [depth][length]
    package private(set) var tallies: [[NeedleTally]]
    /// Whether every prompt of the plan has been read, or could not be: else means may still change.
    package let isWhole: Bool

    /// - Parameter outcomes: of all cells that have been read
    package init(
        _ task: NeedleTask, method: String, plan: NeedlePlan, outcome: (NeedleCell) -> NeedleOutcome?
    ) {
        self.task = task
        self.method = method
        lengths = plan.lengths
        let depths = plan.depths(of: task)
        self.depths = depths
        var missing = 0
        tallies = depths.map { depth in
            plan.lengths.map { length in
                var tally = NeedleTally()
                for seed in plan.seeds {
                    let cell = NeedleCell(
                        task: task.spec, method: method, place: .init(length: length, depth: depth, seed: seed))
                    if let outcome = outcome(cell) { tally.add(outcome) } else { missing += 1 }
                }
                return tally
            }
        }
        isWhole = missing == 0
    }

    /// The mean over all places that were read; nil where none was.
    package func mean(_ measure: NeedleMeasure) -> Double? {
        let values = tallies.joined().compactMap { $0.value(measure) }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The mean over the depths of a length; nil where none was read.
    package func mean(_ measure: NeedleMeasure, length: Int) -> Double? {
        let values = tallies.compactMap { $0[length].value(measure) }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The longest length up to which every length has at least that score, as RULER says how far a model carries; nil for none. Of what
    /// has been read: where the map is not whole it may still change.
    package func carries(atLeast score: Double = RulerThreshold.score) -> Int? {
        var longest: Int?
        for (index, length) in lengths.enumerated() {
            guard let mean = mean(.score, length: index), mean >= score else { break }
            longest = length
        }
        return longest
    }
}

/// What RULER holds an average to: that of Llama-2-7B at 4,096 tokens.
package enum RulerThreshold {
    package static let score = 85.6
}
