import Foundation

/// Plays random events in processes of their own until the time is over, and makes a list that fails as short as it can.
struct Soak {
    let seed: UInt64
    let minutes: Double
    /// What a process is given besides the list.
    let arguments: [String]
    /// What the program is started with in a pseudo-terminal.
    let opening: [String]
    /// What is played in place of this program, always in a pseudo-terminal: one with a known fault shows that a list is
    /// shortened.
    let substitute: String?

    /// Events of one process.
    private static let round = 1000
    /// Processes that shortening may take.
    private static let attempts = 60
    /// One round in so many is played in a pseudo-terminal.
    private static let terminalRounds: UInt64 = 4

    /// Whether all went well; tells on standard output what was done and found.
    func run() throws -> Bool {
        let end = ContinuousClock.now + .seconds(minutes * 60)
        // A terminal that is known everywhere, whatever this one is.
        setenv("TERM", "xterm-256color", 1)
        // An editor that ends at once: what comes next is no input for it.
        setenv("VISUAL", "true", 1)
        // Where a round leaves a text is no place to go on at.
        setenv("XDG_STATE_HOME", "/dev/null", 1)
        var (played, inTerminal, round) = (0, 0, UInt64(0))
        var memory = SoakMemory()
        while ContinuousClock.now < end {
            let seed = seed &+ round
            let events = Array(0..<Self.round)
            if substitute != nil || round % Self.terminalRounds == Self.terminalRounds - 1 {
                let terminal = SoakTerminal(
                    events: SoakEvents(seed: seed), program: substitute ?? "/proc/self/exe", arguments: opening)
                let (fault, megabytes) = try terminal.play(events)
                memory.add(terminal: megabytes)
                if let fault {
                    try tell(fault, at: "in a terminal: ", events, seed: seed) { try terminal.play($0).fault }
                    return false
                }
                inTerminal += events.count
            } else if let fault = try fault(events, seed: seed, &memory) {
                var others = SoakMemory()
                try tell(fault, events, seed: seed) { try self.fault($0, seed: seed, &others) }
                return false
            } else {
                played += events.count
            }
            round += 1
        }
        try StandardOutput.write(
            "\(played.grouped) events in memory and \(inTerminal.grouped) in a terminal from seed \(seed), "
                + "\(round) processes: no fault\n\(memory.text)")
        return true
    }

    private func tell(
        _ fault: String, at place: String = "", _ events: [Int], seed: UInt64, again: ([Int]) throws -> String?
    ) throws {
        try StandardOutput.write("seed \(seed): \(place)\(fault)\n")
        let (list, why) = try shortened(events, fault: fault, again: again)
        let shown = list.map { "  \(SoakEvents(seed: seed).event($0, mask: "MASK"))\n" }.joined()
        try StandardOutput.write("the shortest list that fails (\(list.count) events): \(why)\n\(shown)")
    }

    /// Leaves out what came after the fault, then halves, quarters ... for as long as the rest still fails in the same way.
    private func shortened(
        _ events: [Int], fault: String, again: ([Int]) throws -> String?
    ) throws -> ([Int], String) {
        var (list, why) = (events, fault)
        func take(_ rest: [Int]) throws -> Bool {
            guard !rest.isEmpty, let other = try again(rest), Self.kind(other) == Self.kind(fault) else { return false }
            (list, why) = (rest, other)
            return true
        }
        if let last = Self.event(fault) { _ = try take(events.filter { $0 <= last }) }
        var size = list.count / 2
        var attempts = 0
        while size > 0, attempts < Self.attempts {
            var start = 0
            while start < list.count, attempts < Self.attempts {
                attempts += 1
                let rest = Array(list[..<start] + list[min(start + size, list.count)...])
                if try !take(rest) { start += size }
            }
            size /= 2
        }
        return (list, why)
    }

    /// The event at which a fault was seen; nil where it is not known.
    private static func event(_ fault: String) -> Int? {
        fault.hasPrefix("event ") ? Int(fault.dropFirst(6).prefix { $0.isNumber }) : nil
    }

    /// What a fault is, without its event and its numbers.
    private static func kind(_ fault: String) -> String {
        let what = fault.hasPrefix("event") ? fault.range(of: ": ").map { fault[$0.upperBound...] } : nil
        return (what ?? fault[...]).prefix { $0 != ":" && $0 != "(" }.filter { !$0.isNumber }
    }

    /// How a process with these events ended; nil where it ended well.
    private func fault(_ events: [Int], seed: UInt64, _ memory: inout SoakMemory) throws -> String? {
        let list = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: list) }
        try Data(events.map { "\($0)\n" }.joined().utf8).write(to: list)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["bench", "--soak-play", list.path, "--seed", "\(seed)"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { return "ended by signal \(process.terminationStatus)" }
        guard process.terminationStatus == 0 else { return String(decoding: said.prefix(400), as: UTF8.self) }
        memory.add(String(decoding: said, as: UTF8.self))
        return nil
    }
}

/// What the processes of a soak had in memory, in MB.
struct SoakMemory {
    /// Of processes that play events in memory: the means of their first and second halves, and the most of those.
    private var means: [(early: Double, late: Double)] = []
    private var most = (early: 0, late: 0)
    private var inTerminal = 0

    /// Megabytes of a process, reading by reading, as it printed them.
    mutating func add(_ readings: String) {
        let list = readings.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard list.count > 1 else { return }
        let (early, late) = (list.prefix(list.count / 2), list.suffix(list.count - list.count / 2))
        means.append((Self.mean(early), Self.mean(late)))
        most = (max(most.early, early.max() ?? 0), max(most.late, late.max() ?? 0))
    }

    mutating func add(terminal megabytes: Int) { inTerminal = max(inTerminal, megabytes) }

    private static func mean(_ list: ArraySlice<Int>) -> Double { Double(list.reduce(0, +)) / Double(list.count) }

    var text: String {
        let count = Double(max(1, means.count))
        let early = means.reduce(0) { $0 + $1.early } / count
        let late = means.reduce(0) { $0 + $1.late } / count
        return "resident memory: \(Int(early)) MB on average in the first half of a process and \(Int(late)) MB in the "
            + "second, at most \(most.early) and \(most.late) MB; at most \(inTerminal) MB in a terminal\n"
    }
}
