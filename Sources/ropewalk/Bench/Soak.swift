import Foundation

/// Plays random events in processes of their own until the time is over, and makes a list that fails as short as it can.
struct Soak {
    let seed: UInt64
    let minutes: Double
    /// What a process is given besides the list.
    let arguments: [String]
    /// What the program is started with in a pseudo-terminal.
    let opening: [String]

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
        var (played, inTerminal, round) = (0, 0, UInt64(0))
        var memory = SoakMemory()
        while ContinuousClock.now < end {
            let seed = seed &+ round
            let events = Array(0..<Self.round)
            if round % Self.terminalRounds == Self.terminalRounds - 1 {
                let terminal = SoakTerminal(events: SoakEvents(seed: seed), arguments: opening)
                let (fault, megabytes) = try terminal.play(events)
                memory.add(terminal: megabytes)
                if let fault {
                    try StandardOutput.write("seed \(seed), in a terminal: \(fault)\n")
                    return false
                }
                inTerminal += events.count
            } else if let fault = try fault(events, seed: seed, &memory) {
                try tell(fault, events, seed: seed)
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

    private func tell(_ fault: String, _ events: [Int], seed: UInt64) throws {
        try StandardOutput.write("seed \(seed): \(fault)\n")
        let (list, why) = try shortened(events, seed: seed, fault: fault)
        let shown = list.map { "  \(SoakEvents(seed: seed).event($0, mask: "MASK"))\n" }.joined()
        try StandardOutput.write("the shortest list that fails (\(list.count) events): \(why)\n\(shown)")
    }

    /// Leaves out halves, then quarters ... for as long as the rest still fails.
    private func shortened(_ events: [Int], seed: UInt64, fault: String) throws -> ([Int], String) {
        var (list, why) = (events, fault)
        var memory = SoakMemory()
        var size = list.count / 2
        var attempts = 0
        while size > 0, attempts < Self.attempts {
            var start = 0
            while start < list.count, attempts < Self.attempts {
                attempts += 1
                let rest = Array(list[..<start] + list[min(start + size, list.count)...])
                if !rest.isEmpty, let other = try self.fault(rest, seed: seed, &memory) {
                    (list, why) = (rest, other)
                } else {
                    start += size
                }
            }
            size /= 2
        }
        return (list, why)
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

/// What the processes of a soak had in memory.
struct SoakMemory {
    private var early = 0
    private var late = 0
    private var inTerminal = 0

    /// Megabytes of a process, reading by reading, as it printed them.
    mutating func add(_ readings: String) {
        let list = readings.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        let half = list.count / 2
        early = max(early, list.prefix(half).max() ?? 0)
        late = max(late, list.suffix(list.count - half).max() ?? 0)
    }

    mutating func add(terminal megabytes: Int) { inTerminal = max(inTerminal, megabytes) }

    var text: String {
        "resident memory: at most \(early) MB in the first half of a process, \(late) MB in the second, "
            + "\(inTerminal) MB in a terminal\n"
    }
}
