import Foundation
import TestSupport
import Testing

struct AskMemoryTests {
    private static let text = "ask memory --tokens 80 --head 3.7"
    private static let method = "compressive:segment=16,memory=16,compressed=4,rate=4"

    /// The order of keys, weights that add up to 1, and zones that are their sums.
    @Test(arguments: ["no", "mean"]) func slotsAndZones(form: String) throws {
        let command = "\(Self.text) --at 70 --method \(Self.method),slots=\(form)"
        let run = try CommandRun("\(command) --format json")
        run.expectFine()
        let rows = try run.objects()
        let zones = rows.compactMap { $0["zone"] as? String }
        #expect(
            zones == Array(repeating: "compressed", count: 4) + Array(repeating: "memory", count: 16)
                + Array(repeating: "segment", count: 7))
        #expect(rows.first?["first_token"] as? Int == 32 && rows.first?["tokens"] as? Int == 4)
        let sum = rows.compactMap { $0["weight"] as? Double }.reduce(0, +)
        #expect(abs(sum - 1) < 1e-4)
        let shares = try CommandRun("\(command) --show zones --format json").objects()
        #expect(shares.map { $0["slots"] as? Int } == [4, 16, 7, 27])
        let all = try #require(shares.last)
        let (exact, lost) = (try #require(all["exact"] as? Double), try #require(all["lost"] as? Double))
        #expect(abs(exact + lost - 1) < 1e-4 && all["output_error"] as? Double ?? 0 > 0)
    }

    @Test func anotherTextIsLookedInto() throws {
        let scratch = try Scratch()
        let other = scratch.path("other.txt")
        try "The White Rabbit took a watch out of its pocket, and looked at it.".write(
            toFile: other, atomically: true, encoding: .utf8)
        let nearest = try CommandRun(
            "\(Self.text) --show nearest --window 20 --count 5 --memory \(other) --only-memory --format json")
        nearest.expectFine()
        let rows = try nearest.objects()
        #expect(
            rows.map { $0["row"] as? String } == Array(repeating: "memory", count: 5) + ["gated", "joint", "window"])
        let cosines = rows.compactMap { $0["cosine"] as? Double }
        #expect(cosines.count == 5 && zip(cosines, cosines.dropFirst()).allSatisfy { $0 >= $1 })
        let chunks = try CommandRun("\(Self.text) --show chunks --chunk 8 --memory \(other) --format json").objects()
        #expect(chunks.count == 20 && chunks.allSatisfy { $0["of"] as? String == "memory" })
        #expect(chunks.count { $0["read"] as? String == "yes" } == 2)
        let next = try CommandRun("\(Self.text) --at 40 --show next --memory \(other) --format json").objects()
        #expect(next.last?["row"] as? String == "follows")
        #expect(next.dropLast().allSatisfy { $0["probability"] as? Double ?? 2 <= 1 })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun(Self.text).expectError("--show slots", "compressive")
        try CommandRun("\(Self.text) --show nearest --gate 2").expectError("--gate", "0 to 1")
        try CommandRun("\(Self.text) --show next --temperature 0").expectError("--temperature")
        try CommandRun("\(Self.text) --show nearest --only-memory").expectError("--memory FILE")
        try CommandRun("\(Self.text) --show nearest --memory /nowhere/at/all.txt").expectError("/nowhere/at/all.txt")
        try CommandRun("\(Self.text) --at 80 --method \(Self.method)").expectError("--at", "0 to 79")
        try CommandRun("\(Self.text) --method \(Self.method),slots=mean --method kivi").expectError("kivi")
    }
}
