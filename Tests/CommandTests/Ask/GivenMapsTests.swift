import Foundation
import TestSupport
import Testing

/// Maps of other programs from the command line.
struct GivenMapsTests {
    private static func maps(_ name: String, _ tokens: String? = "tokens.json") -> [String] {
        ["--attention", Fixture.path("attention/\(name)")]
            + (tokens.map { ["--attention-tokens", Fixture.path("attention/\($0)")] } ?? [])
    }

    @Test func keysAndReaders() throws {
        let run = try CommandRun(
            ["ask", "keys"] + Self.maps("gpt2.npy") + ["--at", "9", "--head", "1.2", "--format", "json"])
        #expect(run.status == 0)
        let rows = try run.objects()
        #expect(rows.count == 10 && rows.allSatisfy { $0["recording"] as? String == "given maps" })
        #expect(rows.allSatisfy { $0["by_value"] is NSNull })
        #expect(rows.contains { $0["word"] as? String == "␣cat" })
        let sum = rows.reduce(0) { $0 + ($1["weight"] as? Double ?? .nan) }
        #expect(abs(sum - 1) < 1e-5)
        let readers = try CommandRun(
            ["ask", "readers"] + Self.maps("gpt2.pt", "tokens.txt") + [
                "--key", "0", "--head", "1.2", "--format", "json",
            ]
        ).objects()
        let first = readers.first { $0["token"] as? Int == 9 }?["weight"] as? Double
        #expect(first == rows.first { $0["token"] as? Int == 0 }?["weight"] as? Double)
    }

    @Test func betweenTwoTexts() throws {
        let files = Self.maps("cross.npy", "left.json") + ["--attention-keys", Fixture.path("attention/right.json")]
        let rows = try CommandRun(["ask", "keys"] + files + ["--at", "6", "--head", "0.0", "--format", "json"])
            .objects()
        #expect(rows.count == 12 && rows.allSatisfy { $0["distance"] == nil })
        #expect(rows.contains { $0["word"] as? String == "␣mat" })
        for command in [["ask", "entropy"], ["render"]] {
            let run = try CommandRun(command + files)
            #expect(run.status == 2 && run.errors.contains("between two texts"), "\(run.errors)")
        }
    }

    @Test(arguments: [
        ["ask", "word", "--at", "3", "--head", "0.0"], ["ask", "surprises"], ["ask", "next", "--at", "3"],
    ])
    func questionsAboutMoreThanWeightsAreRefused(command: [String]) throws {
        let run = try CommandRun(command + Self.maps("gpt2.npy"))
        #expect(run.status != 0 && run.errors.contains("given maps"), "\(run.errors)")
    }

    @Test(arguments: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]) func theScreenSaysGivenMaps(key: String) throws {
        let screen = try CommandRun(
            ["render"] + Self.maps("bertviz.json", nil) + ["--keys", "\(key) wait", "--size", "200x60"])
        #expect(screen.status == 0 && screen.output.contains("given maps"), "\(screen.errors)")
    }

    @Test func optionsThatContradictAreRefused() throws {
        for more in [["--tokens", "5"], ["--model", "x"], ["--from", "2"], ["--recording", "f16"], ["TEXT"]] {
            #expect(try CommandRun(["ask", "entropy"] + Self.maps("gpt2.npy") + more).status != 0, "\(more)")
        }
        #expect(try CommandRun("ask entropy --attention-tokens x").status != 0)
        let missing = try CommandRun(["ask", "entropy"] + Self.maps("gpt2.npy", nil))
        #expect(missing.errors.contains("tokens of its maps are not known"))
    }
}
