import Foundation
import TestSupport
import Testing

/// Runs scripts with the Python side at hand.
enum Python {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources/Python").path

    static let hasNumPy = (try? run("import numpy"))?.status == 0

    /// One with PyTorch and transformers may be another one.
    static let interpreter = ProcessInfo.processInfo.environment["ROPEWALK_PYTHON"] ?? "python3"

    static let hasTransformers =
        (try? run(
            """
            from importlib.util import find_spec
            assert all(map(find_spec, ("torch", "transformers", "numpy")))
            """))?.status == 0

    static let hasRay = (try? run("import ray"))?.status == 0

    static func run(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [interpreter, "-c", script]
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

    @Test func rulesLookUpArrays() throws {
        let script = """
            import numpy as np, ropewalk
            ids = np.repeat([0, 1, 2], [12, 9, 11])
            packed = "expr:q >= kv and doc[q] == doc[kv]"
            print(ropewalk.explain(packed, arrays={"doc": ids, "unused": ids}, tokens=32)[0])
            print(ropewalk.diff("document:starts=12/21", packed, arrays={"doc": ids}, tokens=32))
            print(ropewalk.why(packed, 20, 3, arrays={"doc": ids}, tokens=32))
            try: ropewalk.check(packed, arrays={"doc": ids}, tokens=33)
            except ropewalk.MaskError as error: print(error)
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(output)")
        let lines = output.split(separator: "\n").map(String.init)
        #expect(Array(lines.prefix(2)) == ["document:starts=12/21", "the same"], "\(output)")
        #expect(lines.count == 4 && lines[2].contains("(1 and 0)") && lines[3].contains("place 32 of 32"), "\(output)")
    }

    @Test func picturesAreMadeWhereThereIsNoTerminal() throws {
        let script = """
            import numpy as np, ropewalk
            q, k = np.arange(16)[:, None], np.arange(16)[None]
            heads = np.stack([k <= q, (k <= q) & (q - k < 4), k <= q])
            picture = ropewalk.show(heads)
            print(repr(picture))
            print(picture._repr_png_()[1:4], picture._repr_html_().count("<img"))
            print(ropewalk.explain((k <= q)[:3])[0].alignment, ropewalk.explain(k <= q)[0])
            try: ropewalk.check(np.ones(3))
            except ropewalk.MaskError as error: print("/" in str(error).split(" ")[0])
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(output)")
        #expect(
            output == """
                head 0: causal (and 1 more)
                head 1: window:size=4
                b'PNG' 2
                top-left causal
                False

                """)
    }

    @Test func theFolderIsPrinted() throws {
        let run = try CommandRun(["--python"])
        run.expectFine()
        #expect(FileManager.default.fileExists(atPath: run.output.trimmingCharacters(in: .newlines) + "/ropewalk.py"))
    }
}

/// Masks as PyTorch and transformers make them.
@Suite(.enabled(if: Python.hasTransformers, "ROPEWALK_PYTHON names no Python with torch and transformers"))
struct PythonMasksTests {
    @Test func masksOfTransformersAreExplained() throws {
        let script = """
            import torch, ropewalk
            from transformers import LlamaConfig, MistralConfig
            from transformers.masking_utils import create_causal_mask, create_sliding_window_causal_mask
            def config(kind, implementation, **values):
                made = kind(hidden_size=64, num_hidden_layers=2, num_attention_heads=4, **values)
                made._attn_implementation = implementation
                return made
            padding = torch.ones(2, 40, dtype=torch.long)
            padding[0, :6] = 0
            asked = dict(inputs_embeds=torch.zeros(2, 40, 64).bfloat16(), attention_mask=padding, past_key_values=None,
                         position_ids=torch.arange(40)[None].expand(2, -1))
            for implementation in ("sdpa", "eager", "flex_attention"):
                mask = create_causal_mask(config=config(LlamaConfig, implementation), **asked)
                print(ropewalk.explain(mask), bool(ropewalk.check(mask, expect="padding=left:6/0,causal")))
            short = config(MistralConfig, "sdpa", sliding_window=8, num_key_value_heads=2)
            mask = create_sliding_window_causal_mask(config=short, **asked)
            print(ropewalk.explain(mask), bool(ropewalk.check(mask, expect="window=8,padding=left:6/0")))
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(output)")
        let causal = "[item 0: causal 'expr:k >= 6', item 1: causal] True"
        let lines = output.split(separator: "\n").map(String.init).suffix(4)
        #expect(
            Array(lines) == [
                causal, causal, causal, "[item 0: window:size=8 'expr:k >= 6', item 1: window:size=8] True",
            ])
    }

    @Test func masksOfFlexAttentionAreEvaluated() throws {
        let script = """
            import torch, ropewalk
            from torch.nn.attention.flex_attention import create_block_mask
            documents = torch.tensor([0] * 12 + [1] * 9 + [2] * 11)
            packed = lambda b, h, q, k: (q >= k) & (documents[q] == documents[k])
            print(ropewalk.explain(packed, q_len=32)[0])
            widths = torch.tensor([4, 8])
            print(ropewalk.explain(lambda b, h, q, k: (q >= k) & (q - k < widths[h]), q_len=32, head_count=2))
            for tokens in (100, 129, 300):
                mask = create_block_mask(lambda b, h, q, k: (q >= k) & (q - k < 50), 2, 3, tokens, tokens, device="cpu")
                print(len(ropewalk.explain(mask)), bool(ropewalk.diff(mask, "window:size=50")))
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(output)")
        let lines = output.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "document:starts=12/21", "[head 0: window:size=4, head 1: window:size=8]", "6 False", "6 False",
                "6 False",
            ])
    }
}
