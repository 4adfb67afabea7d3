import Foundation
import TestSupport
import Testing

struct AskWordTests {
    /// The weights are those of `ask keys`, and everything adds up.
    @Test func keysAddUp() throws {
        let run = try CommandRun("ask word --tokens 220 --at 206 --head 3.7 --count 10 --format json")
        run.expectFine()
        let rows = try run.objects()
        #expect(rows.count == 12)
        let keys = try CommandRun("ask keys --tokens 220 --at 206 --head 3.7 --count 8 --format json").objects()
        // Strongest first, where `ask keys` has sinks and special tokens at the end.
        let weights = rows.prefix(10).compactMap { $0["weight"] as? Double }
        #expect(weights.count == 10 && weights == weights.sorted(by: >))
        for key in keys {
            let row = try #require(rows.first { $0["token"] as? Int == key["token"] as? Int })
            #expect(row["word"] as? String == key["word"] as? String)
            #expect(row["kind"] as? String == key["kind"] as? String)
            let (weight, expected) = (row["weight"] as? Double ?? 0, key["weight"] as? Double ?? 1)
            #expect(abs(weight - expected) < 1e-6)
            let (scaled, product) = (row["scaled"] as? Double ?? 0, row["product"] as? Double ?? 0)
            #expect(abs(product / 32.0.squareRoot() - scaled) < 1e-4)
        }
        #expect(rows[10]["row"] as? String == "others" && rows[10]["token"] as? Int == -1)
        #expect(rows[10]["score"] is NSNull && rows[11]["row"] as? String == "sum")
        for name in ["weight", "exp", "adds"] {
            let parts = rows.prefix(11).reduce(0) { $0 + ($1[name] as? Double ?? .nan) }
            #expect(abs(parts - (rows[11][name] as? Double ?? 0)) < 1e-4, "\(name)")
        }
        let csv = try CommandRun("ask word --tokens 60 --at 50 --head 0.0 --format csv")
        csv.expectFine()
        #expect(
            csv.output.hasPrefix("row,token,word,kind,product,scaled,score,mask,exp,weight,value,added,adds\n"))
    }

    @Test func blockAndNextAreThoseOfTheLayer() throws {
        let block = try CommandRun("ask word --tokens 60 --at 50 --head 1.2 --show block --format json").objects()
        let names = block.compactMap { $0["quantity"] as? String }
        #expect(
            names == [
                "output", "projected", "all_heads", "share", "state_before", "state_after_attention", "state_after",
            ])
        let next = try CommandRun("ask word --tokens 60 --at 50 --head 1.2 --show next --count 3 --format json")
            .objects()
        let layers = try CommandRun("ask layers --tokens 60 --at 50 --count 3 --format json").objects()
        let expected = layers.filter { [1, 2].contains($0["blocks"] as? Int) }
        #expect(next.count == expected.count && next.count >= 6)
        for (a, b) in zip(next, expected) {
            #expect(a["id"] as? Int == b["id"] as? Int && a["probability"] as? Double == b["probability"] as? Double)
        }
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask word --tokens 50 --at 50 --head 0.0").expectError("--at", "0 to 49")
        try CommandRun("ask word --tokens 50 --at 20 --head 4.0").expectError("--head")
        try CommandRun("ask word --tokens 50 --at 20 --head 0.0 --show all").expectError("--show")
        let ids = try Scratch()
        let file = ids.path("ids.json")
        try Data("[1, 2, 3]".utf8).write(to: URL(fileURLWithPath: file))
        let bert = Fixture.path("hf/bert")
        try CommandRun("ask word --ids \(file) --model \(bert) --at 1 --head 0.0 --show next").expectError(
            "predicts no next token")
        let block = try CommandRun("ask word --ids \(file) --model \(bert) --at 1 --head 0.0 --show block --format csv")
        #expect(block.status == 0 && block.output.contains("projected,") && !block.output.contains("state_before"))
        #expect(block.errors.contains("the states of the block are left out"))
    }
}
