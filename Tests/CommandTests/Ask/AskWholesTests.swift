import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// Questions about several tokens and about the whole text, against the rows that a trace writes.
struct AskWholesTests {
    private static let tokens = 150
    private static let text = "samples/texts/alice.txt --tokens 150"

    /// The weights of L3 H7. [query][key]
    private func weights() throws -> [[Double]] {
        let scratch = try Scratch()
        let out = scratch.path("out.safetensors")
        try CommandRun("trace \(Self.text) --record attentions --layers 3 --heads 7 --out \(out)").expectFine()
        let floats = try SafetensorsFile(contentsOf: out).withBytes(of: "attentions.3") { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Double(bytes.loadUnaligned(fromByteOffset: $0, as: Float.self))
            }
        }
        let n = Self.tokens
        return (0..<n).map { Array(floats[$0 * n..<($0 + 1) * n]) }
    }

    private func rows(_ question: String) throws -> [[String: Any]] {
        let run = try CommandRun("ask \(question) --format json")
        run.expectFine()
        return try run.objects()
    }

    private func number(_ row: [String: Any], _ name: String) throws -> Double { try #require(row[name] as? Double) }

    @Test func severalTokensAreMeansAndSums() throws {
        let weights = try weights()
        let queries = Array(100...109) + [130]
        for row in try rows("keys \(Self.text) --head 3.7 --at 100-109,130 --count 200") {
            let key = try #require(row["token"] as? Int)
            let all = queries.map { weights[$0][key] }
            #expect(abs(try number(row, "weight") - all.reduce(0, +) / 11) < 1e-6)
            #expect(abs(try number(row, "highest") - (all.max() ?? 0)) < 1e-6)
        }
        for row in try rows("readers \(Self.text) --head 3.7 --key 20-29 --count 200") {
            let query = try #require(row["token"] as? Int)
            #expect(abs(try number(row, "weight") - weights[query][20...29].reduce(0, +)) < 1e-5)
        }
        let heads = try rows("heads \(Self.text) --at 100-109,130 --key 20-29")
        let head = try #require(heads.first { $0["layer"] as? Int == 3 && $0["head"] as? Int == 7 })
        let mean = queries.reduce(0) { $0 + weights[$1][20...29].reduce(0, +) } / 11
        #expect(abs(try number(head, "weight") - mean) < 1e-5 && heads.count == 32)
    }

    @Test func whatIsReceivedAndSpread() throws {
        let weights = try weights()
        let received = try rows("received \(Self.text) --layers 3 --heads 7 --count 200")
        #expect(received.count == Self.tokens && received[0]["kind"] as? String == "special")
        for row in received {
            let key = try #require(row["token"] as? Int)
            let sum = weights.reduce(0) { $0 + $1[key] }
            #expect(abs(try number(row, "share") - sum / Double(Self.tokens)) < 1e-6)
            #expect(abs(try number(row, "mean") - sum / Double(Self.tokens - key)) < 1e-5)
        }
        for row in try rows("entropy \(Self.text) --layers 3 --heads 7") {
            let query = try #require(row["token"] as? Int)
            let entropy = weights[query].reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
            #expect(abs(try number(row, "entropy") - entropy) < 2e-3)
            #expect(try number(row, "lowest") == number(row, "highest"))
        }
        let all = try rows("entropy \(Self.text)")
        #expect(try all.allSatisfy { try number($0, "lowest") <= number($0, "entropy") })
    }

    /// A sink is said with the head of which it is one most, and of how many.
    @Test func sinksAreThoseOfTheHeads() throws {
        let heads = try CommandRun("heads \(Self.text) --json").objects()
        var shares: [Int: [(share: Double, name: String)]] = [:]
        for head in heads {
            let name = "\(try #require(head["layer"] as? Int)).\(try #require(head["head"] as? Int))"
            for sink in try #require(head["sinks"] as? [[String: Any]]) {
                shares[try #require(sink["key"] as? Int), default: []].append((try number(sink, "share"), name))
            }
        }
        let rows = try rows("received \(Self.text) --count 150")
        #expect(rows.contains { $0["sink_heads"] as? Int ?? 0 > 1 })
        for row in rows {
            let sinks = shares[try #require(row["token"] as? Int)] ?? []
            #expect(row["sink_heads"] as? Int == sinks.count)
            let highest = sinks.map(\.share).max() ?? 0
            #expect(abs(try number(row, "sink_share") - highest) < 1e-6)
            #expect(
                sinks.isEmpty
                    ? row["sink_head"] as? String == ""
                    : sinks.contains {
                        $0.share == highest && $0.name == row["sink_head"] as? String
                    })
            #expect(row["kind"] as? String == (row["token"] as? Int == 0 ? "special" : ""))
        }
    }

    /// The same matrix in every format; a cell is the mean over its queries of the sums over its keys.
    @Test func sentencesReadSentences() throws {
        let weights = try weights()
        let run = try CommandRun("ask sentences \(Self.text) --head 3.7 --format json")
        run.expectFine()
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let parts = try #require(object["parts"] as? [[String: Any]])
        let matrix = try #require(object["weights"] as? [[Double]])
        let ranges = try parts.map {
            try #require($0["first"] as? Int)...(try #require($0["last"] as? Int))
        }
        #expect(parts.count > 2 && ranges.last?.upperBound == Self.tokens - 1)
        for (row, queries) in ranges.enumerated() {
            for (column, keys) in ranges.enumerated() {
                let mean = queries.reduce(0) { $0 + weights[$1][keys].reduce(0, +) } / Double(queries.count)
                #expect(abs(matrix[row][column] - mean) < 1e-5)
            }
        }
        // Whole sentences, as the text has them.
        let book = try String(
            contentsOf: Fixture.project.appendingPathComponent("samples/texts/alice.txt"), encoding: .utf8)
        let words = try parts.map { try #require($0["words"] as? String) }
        #expect(words.allSatisfy(book.contains) && words.contains { $0.count > 300 && $0.hasSuffix("'") })
        let csv = try CommandRun("ask sentences \(Self.text) --head 3.7 --format csv")
        #expect(csv.lines.first == "part,first,last,words" + parts.indices.map { ",\($0)" }.joined())
        #expect(csv.lines.count == parts.count + 1)
        let scratch = try Scratch()
        let out = scratch.path("m.npy")
        try CommandRun("ask sentences \(Self.text) --head 3.7 --out \(out)").expectFine()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: out))
        #expect(bytes.count == 128 + 4 * parts.count * parts.count)
        let text = try CommandRun("ask paragraphs \(Self.text) --head 3.7")
        text.expectFine()
        #expect(text.lines.first?.contains("words") == true)
    }

    /// After all layers it is what the model expects.
    @Test func layersEndWithWhatIsExpected() throws {
        let layers = try rows("layers \(Self.text) --at 100 --count 3")
        let next = try rows("next \(Self.text) --at 100 --count 3")
        let last = layers.filter { $0["blocks"] as? Int == 4 }
        #expect(Set(layers.compactMap { $0["blocks"] as? Int }) == Set(0...4))
        #expect(last.count == next.count)
        for (a, b) in zip(last, next) {
            #expect(a["id"] as? Int == b["id"] as? Int && a["rank"] as? Int == b["rank"] as? Int)
            #expect(abs(try number(a, "probability") - number(b, "probability")) < 1e-4)
        }
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask keys --tokens 50 --at 40-60 --head 3.7").expectError("--at", "0 to 49")
        try CommandRun("ask received --tokens 50 --layers 4").expectError("--layers")
        try CommandRun("ask sentences --tokens 50 --head 4.0").expectError("--head")
        try CommandRun("ask layers --tokens 50 --at 50").expectError("--at")
        let scratch = try Scratch()
        let ids = scratch.path("ids.json")
        try Data("[1, 2, 3]".utf8).write(to: URL(fileURLWithPath: ids))
        try CommandRun("ask sentences --ids \(ids) --head 0.0").expectError("give the text")
    }
}
