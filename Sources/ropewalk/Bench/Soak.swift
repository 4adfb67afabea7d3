import Foundation

/// Plays random events in processes of their own until the time is over, and makes a list that fails as short as it can.
struct Soak {
    let seed: UInt64
    let minutes: Double
    /// What a process is given besides the list.
    let arguments: [String]

    /// Events of one process.
    private static let round = 2000
    /// Processes that shortening may take.
    private static let attempts = 60

    /// Whether all went well; tells on standard output what was done and found.
    func run() throws -> Bool {
        let end = ContinuousClock.now + .seconds(minutes * 60)
        var played = 0
        var round: UInt64 = 0
        while ContinuousClock.now < end {
            let seed = seed &+ round
            let events = Array(0..<Self.round)
            if let fault = try fault(events, seed: seed) {
                try StandardOutput.write("seed \(seed): \(fault)\n")
                let (list, why) = try shortened(events, seed: seed, fault: fault)
                let shown = list.map { "  \(SoakEvents(seed: seed).event($0))\n" }.joined()
                try StandardOutput.write("the shortest list that fails (\(list.count) events): \(why)\n\(shown)")
                return false
            }
            played += events.count
            round += 1
        }
        try StandardOutput.write("\(played.grouped) events from seed \(seed), \(round) processes: no fault\n")
        return true
    }

    /// Leaves out halves, then quarters ... for as long as the rest still fails.
    private func shortened(_ events: [Int], seed: UInt64, fault: String) throws -> ([Int], String) {
        var (list, why) = (events, fault)
        var size = list.count / 2
        var attempts = 0
        while size > 0, attempts < Self.attempts {
            var start = 0
            while start < list.count, attempts < Self.attempts {
                attempts += 1
                let rest = Array(list[..<start] + list[min(start + size, list.count)...])
                if !rest.isEmpty, let other = try self.fault(rest, seed: seed) {
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
    private func fault(_ events: [Int], seed: UInt64) throws -> String? {
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
        return process.terminationStatus == 0 ? nil : String(decoding: said.prefix(400), as: UTF8.self)
    }
}
