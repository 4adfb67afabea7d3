import Foundation
import TestSupport
import Testing

/// The sample script that records many texts with Ray, on this machine; only where Python has ray.
@Suite(.enabled(if: Python.hasRay, "ROPEWALK_PYTHON names no Python with ray")) struct RecordRayTests {
    private static let script = Fixture.project.appendingPathComponent("samples/scripts/record_ray.py").path
    private static let text = Fixture.project.appendingPathComponent("samples/texts/alice.txt").path

    private func run(_ list: String) throws -> (status: Int32, output: String) {
        try Python.run(
            """
            import os, subprocess, sys
            sys.exit(subprocess.run([
                sys.executable, "\(Self.script)", "\(list)", "--cpus", "1", "--ropewalk", os.environ["ROPEWALK"]
            ]).returncode)
            """)
    }

    @Test func recordsAListAndGoesOn() throws {
        let scratch = try Scratch()
        let lines = try (1...3).map { number in
            let line: [String: Any] = [
                "text": Self.text, "tokens": 100 * number, "out": scratch.path("r\(number)"),
                "method": ["window:size=9"],
            ]
            return String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self)
        }
        let list = try scratch.file("list.jsonl", lines.joined(separator: "\n"))
        let first = try run(list)
        #expect(first.status == 0 && first.output.contains("3 of 3 recordings are complete"), "\(first.output)")
        let compared = try CommandRun(["heads", "--recordings"] + (1...3).map { scratch.path("r\($0)") })
        compared.expectFine()
        let again = try run(list)
        #expect(again.status == 0 && again.output.contains("3 of 3"), "\(again.output)")
        let wrong = try scratch.file(
            "wrong.jsonl", lines[0] + "\n{\"text\": \"/nowhere\", \"out\": \"\(scratch.path("w"))\"}")
        let failed = try run(wrong)
        #expect(failed.status == 1 && failed.output.contains("line 2:") && failed.output.contains("1 of 2"))
        let twice = try scratch.file("twice.jsonl", lines[0] + "\n" + lines[0])
        #expect(try run(twice).status == 1)
    }
}
