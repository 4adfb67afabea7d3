import Testing

/// Every call of the system fails once, and all from every one on: what the program does ends with a message of one line
/// or goes on to the same result; nothing stays open, no half file is left, nothing hangs.
@Suite struct FaultTests {
    static let operations = [
        "safetensors", "shards", "gguf", "tokenizer", "sentencepiece", "tokens", "run", "question", "export", "trace",
        "masks",
    ]

    @Test(arguments: operations) func everyFailingCallIsSurvived(operation: String) throws {
        for kind in ["open", "read", "write", "close", "map", "rename", "thread"] {
            for lasts in [false, true] {
                let probe = try FaultProbe(operation, kind, lasts: lasts)
                #expect(probe.status == 0, "\(operation), \(kind): \(probe.output)\(probe.errors.suffix(600))")
            }
        }
    }

    /// Where memory ends the process, it says so and what to do, and it is no report of a fault.
    @Test(arguments: ["gguf", "tokens", "run", "question", "export"]) func memoryThatIsRefusedIsNamed(operation: String)
        throws
    {
        var number = 0
        while true {
            number += 1
            let probe = try FaultProbe(operation, "memory", number: number)
            if probe.status == 3 { break }
            let lines = probe.errors.split(separator: "\n")
            if probe.status == 0 { continue }
            #expect(probe.status == 2, "\(operation), \(number): \(probe.errors.suffix(600))")
            #expect(lines.last?.hasPrefix("ropewalk: memory ran out") == true, "\(probe.errors.suffix(600))")
            #expect(lines.count <= 2)
        }
        #expect(number > 1, "no array of 64 KiB is asked for")
    }
}
