import Foundation
import TestSupport
import Testing

/// Runs scripts with the Python side at hand.
enum Python {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Python").path

    static let hasNumPy = (try? run("import numpy"))?.status == 0

    static func run(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PYTHONPATH": folder, "ROPEWALK": CommandRun.program, "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// The Python side, asked from Python: only where python3 has NumPy.
@Suite(.enabled(if: Python.hasNumPy)) struct PythonTests {
    @Test func masksAreAskedFromPython() throws {
        let script = """
            import numpy as np, ropewalk
            q, k = np.arange(64)[:, None], np.arange(64)[None]
            wide = (k <= q) & (q - k <= 16)
            print(bool(ropewalk.check(wide, expect="window=16")), bool(ropewalk.check(wide, expect="window=17")))
            print(ropewalk.explain(wide)[0].methods, ropewalk.diff(wide, "window:size=16").count)
            print(bool(ropewalk.why(wide, 20, 3)), ropewalk.why(wide, 20, 4).reason)
            heads = np.stack([wide] * 4)[None].copy(); heads[0, 3, 10, 60] = True
            print([(f["head"], f["kind"]) for f in ropewalk.check(heads)])
            print(bool(ropewalk.diff(lambda b, h, q, k: (q >= k) & (q - k <= 16), "window:size=17", q_len=64)))
            try: ropewalk.check(np.zeros((4, 4), np.float32))
            except ropewalk.MaskError as error: print("all values are 0" in str(error))
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(output)")
        #expect(
            output == """
                False True
                ['window:size=17'] 48
                False kept: the file has it visible at row 20, column 4
                [(3, 'future')]
                False
                True

                """)
    }

    @Test func theFolderIsPrinted() throws {
        let run = try CommandRun(["--python"])
        run.expectFine()
        #expect(FileManager.default.fileExists(atPath: run.output.trimmingCharacters(in: .newlines) + "/ropewalk.py"))
    }
}
