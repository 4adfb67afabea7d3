import Foundation
import TestSupport
import Testing

/// Every command that loads a model says once what of its files it leaves aside.
struct UnreadTests {
    @Test(arguments: [
        "trace --record logits --out", "heads --json", "compare --method rope --json", "render --size 80x24",
        "rope --json",
    ])
    func whatIsLeftAsideIsSaidOnce(command: String) throws {
        let model = try BrokenModel()
        let configuration = try String(contentsOf: model.scratch.url("model/config.json"), encoding: .utf8)
        try model.setConfiguration("{\"logit_scale\": 0.5," + configuration.dropFirst())
        var words = command.split(separator: " ").map(String.init)
        if words.last == "--out" { words.append(model.scratch.path("out.safetensors")) }
        if words[0] != "rope" { words += ["--ids", model.ids] }
        let run = try CommandRun(words + ["--model", model.path])
        #expect(run.status == 0, "\(run.errors)")
        let said = run.errors.split(separator: "\n").filter { $0.contains("not read: logit_scale = 0.5") }
        #expect(said == ["ropewalk: \(model.path): not read: logit_scale = 0.5"], "\(run.errors)")
    }
}
