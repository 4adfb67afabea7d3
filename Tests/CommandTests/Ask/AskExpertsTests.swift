import Foundation
import TestSupport
import Testing

final class AskExpertsTests {
    private let scratch: Scratch
    private let ids: String

    init() throws {
        scratch = try Scratch()
        ids = try scratch.file("ids.json", "\((0..<40).map { $0 * 7 % 50 })")
    }

    private func text(_ question: String, _ model: String) -> String {
        "ask \(question) --ids \(ids) --model \(Fixture.path("hf/\(model)"))"
    }

    @Test func tokensHaveTheirExperts() throws {
        let run = try CommandRun("\(text("experts", "mixtral")) --layers 1 --json")
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.count == 80)
        #expect(rows.map { $0["rank"] as? Int } == (0..<80).map { $0 % 2 })
        for token in 0..<40 {
            let gates = rows.filter { $0["token"] as? Int == token }.compactMap { $0["gate"] as? Double }
            #expect(gates.count == 2 && abs(gates[0] + gates[1] - 1) < 1e-5 && gates[0] >= gates[1])
        }
        #expect(rows.allSatisfy { $0["dropped"] as? Int == 0 && $0["shared"] is NSNull })
    }

    @Test func aCapacityIsAQuestion() throws {
        let mixtral = text("experts", "mixtral")
        let experts = try CommandRun("\(mixtral) --layers 0 --by expert --capacity 1 --json").objects()
        #expect(experts.count == 4 && experts.allSatisfy { $0["capacity"] as? Int == 10 })
        let loads = experts.compactMap { $0["tokens"] as? Int }
        #expect(loads.reduce(0, +) == 80)
        #expect(experts.map { $0["dropped"] as? Int } == loads.map { max(0, $0 - 10) })
        let layers = try CommandRun("\(mixtral) --by layer --json").objects()
        #expect(layers.map { $0["layer"] as? Int } == [0, 1] && layers.allSatisfy { $0["dropped"] as? Double == 0 })
        // Switch drops by its own configuration.
        let dropped = try CommandRun("\(text("experts", "switch_transformers")) --by layer --json").objects()
        #expect(dropped.map { $0["capacity"] as? Int } == [6])
        #expect((dropped.first?["lost_tokens"] as? Int ?? 0) > 0)
    }

    @Test func layersSayWhatTheyCompute() throws {
        let run = try CommandRun("\(text("computed", "qwen2_moe")) --at 20 --method window:size=5@layers=1 --json")
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.map { $0["most_keys"] as? Int } == [7, 5, 21])
        #expect(rows.map { $0["hidden_by"] as? String } == ["window:size=7", "window:size=5", ""])
        let experts = rows.compactMap { $0["experts"] as? String }
        #expect(experts[0].contains("shared:") && experts[1].isEmpty && experts[2].contains("shared:"))
        #expect(rows.allSatisfy { ($0["flop"] as? Double ?? 0) > 0 })
    }

    @Test func mistakesAreSaid() throws {
        try CommandRun("ask experts samples/texts/cat.txt").expectError("no router")
        try CommandRun("\(text("experts", "qwen2_moe")) --layers 1").expectError("layer 1", "0, 2")
        try CommandRun("\(text("experts", "mixtral")) --layers 2").expectError("--layers")
        try CommandRun("\(text("experts", "mixtral")) --capacity -1").expectError("--capacity", "0 to 1024")
        try CommandRun("\(text("experts", "mixtral")) --by word").expectError("--by")
        try CommandRun("\(text("computed", "mixtral")) --at 40").expectError("--at", "0 to 39")
    }
}
