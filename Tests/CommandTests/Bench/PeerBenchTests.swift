import Foundation
import Testing

/// `bench --peers`: beside programs that are there, are not, and are not what they say.
@Suite struct PeerBenchTests {
    /// A shell script in place of Python.
    private static func interpreter(_ scratch: Scratch, _ script: String) throws -> String {
        try Data(("#!/bin/sh\n" + script + "\n").utf8).write(to: scratch.url("python"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path("python"))
        return scratch.path("python")
    }

    private static func run(_ python: String, _ more: String...) throws -> CommandRun {
        try CommandRun(
            ["bench", "--peers", "--tokens", "64", "--rounds", "2", "--threads", "1", "--python", python] + more,
            environment: ["PATH": "/usr/bin:/bin"])
    }

    private static func rows(_ script: String, _ more: String...) throws -> [[String: Any]] {
        let scratch = try Scratch()
        let run = try CommandRun(
            [
                "bench", "--peers", "--tokens", "64", "--rounds", "2", "--threads", "1", "--json", "--python",
                try interpreter(scratch, script),
            ] + more, environment: ["PATH": "/usr/bin:/bin"])
        run.expectFine()
        return try #require(try run.object()["rows"] as? [[String: Any]])
    }

    private static let loaded = "read line; echo '{\"ready\": \"fake\"}'; while read line; do "

    /// What is missing is named with how it is had; that is no error.
    @Test func programsThatAreNotThere() throws {
        let run = try Self.run("/nowhere/python3")
        run.expectFine()
        #expect(run.output.contains("torch: /nowhere/python3 cannot be started: No such file or directory"))
        #expect(run.output.contains("--python PATH or ROPEWALK_PYTHON") && run.output.contains("FILE.gguf"))
        let scratch = try Scratch()
        let bare = try Self.run(
            Self.interpreter(scratch, "read line; echo '{\"missing\": \"torch transformers\"}'"), "--json")
        bare.expectFine()
        let missing = try #require(try bare.object()["missing"] as? [[String: Any]])
        #expect(missing.map { $0["peer"] as? String } == ["torch", "llama.cpp"])
        #expect((missing[0]["reason"] as? String)?.hasPrefix("not installed: pip install torch transformers (") == true)
    }

    /// The right form, and other losses than ours.
    @Test func oneThatRunsSomethingElse() throws {
        let rows = try Self.rows(
            Self.loaded
                + #"echo '{"answer": {"seconds": 0.001, "losses": {"count": 63, "sum": 63, "mean": 1}, "tokens": [1]}}'; done"#
        )
        #expect(rows.count == 5)
        for row in rows {
            let trial = try #require(row["trial"] as? [String: Any])
            let agreement = try #require(trial["agreement"] as? [String: Any])
            #expect(agreement["is_same"] as? Bool == false)
            #expect((trial["ours"] as? [Double])?.count == 2 && (trial["theirs"] as? [Double])?.count == 2)
            let ratio = try #require(row["ratio"] as? [String: Double])
            let (lower, median, upper) = (ratio["lower"] ?? 0, ratio["median"] ?? 0, ratio["upper"] ?? 0)
            #expect(0 < lower && lower <= median && median <= upper)
            #expect(row["our_peak_megabytes"] as? Double ?? 0 > 1 && row["their_peak_megabytes"] as? Double ?? 0 > 0)
        }
        #expect(rows[0]["first_milliseconds"] as? Double ?? 0 > 0)
        // Of the continuation ours has all tokens.
        #expect(rows[4]["continued"] as? Int == 64)
    }

    @Test(arguments: [
        ("read line; echo 'MemoryError' >&2; exit 1", "it ended with status 1: MemoryError"),
        (loaded + "kill -KILL $$; done", "it was killed, as where memory is short"),
        (loaded + "sleep 1000; done", "no answer in 1 s: it was ended"),
        (loaded + "echo rubbish; done", "its answer is not understood: rubbish"),
        (loaded + "echo '{\"error\": \"out of memory\"}'; done", "it says: out of memory"),
        (loaded + "echo '{\"answer\": {\"seconds\": 99}}'; done", "its answer cannot be: "),
    ]) func onesThatFail(_ script: String, _ words: String) throws {
        for row in try Self.rows(script, "--patience", "1") {
            #expect((row["failure"] as? String)?.hasPrefix(words) == true, "\(row)")
        }
    }

    /// torch itself, where ROPEWALK_PYTHON names it: the same losses, and the same continuation.
    @Test(.enabled(if: Python.hasTransformers, "ROPEWALK_PYTHON names no Python with torch and transformers"))
    func torchReadsTheSame() throws {
        let run = try CommandRun("bench --peers --tokens 256 --rounds 1 --threads 2 --json")
        run.expectFine()
        let rows = try #require(try run.object()["rows"] as? [[String: Any]])
        #expect(rows.count == 5)
        for row in rows {
            #expect(row["failure"] == nil, "\(row)")
            let agreement = (row["trial"] as? [String: Any])?["agreement"] as? [String: Any]
            #expect(agreement?["is_same"] as? Bool == true, "\(row)")
        }
    }

    @Test func whatDoesNotGoTogether() throws {
        try CommandRun("bench --peers --weights-like int8").expectError("--peers", "--weights-like")
        try CommandRun("bench --peers --questions").expectError("--peers", "--questions")
        try CommandRun("bench --peers --rounds 0").expectError("--rounds", "1 to 1,000")
        try CommandRun("bench --peers --tokens 4000000").expectError("--tokens", "fewer tokens")
    }

    /// This program's own side, as it is asked.
    @Test func theOwnSideAnswers() throws {
        let model = CommandRun.program
        let questions = [
            #"{"work": "read", "ids": [1, 2, 3]}"#, "rubbish",
            #"{"work": "load", "settings": {"peer": "ropewalk", "model": "\#(model)", "threads": 1, "room": 9}}"#,
        ]
        let run = try CommandRun(["bench", "--peer-worker"], input: Data(questions.joined(separator: "\n").utf8))
        #expect(run.status == 0 && run.lines.count == 3)
        #expect(run.lines.allSatisfy { $0.hasPrefix(#"{"error":"#) })
    }
}
