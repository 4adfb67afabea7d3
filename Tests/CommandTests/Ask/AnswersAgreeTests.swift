import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// What the Answers panel shows is what a trace writes.
struct AnswersAgreeTests {
    private static let tokens = 260

    private func tensors() throws -> (weights: [Float], losses: [Float]) {
        let scratch = try Scratch()
        let out = scratch.path("out.safetensors")
        try CommandRun([
            "trace", "samples/texts/alice.txt", "--tokens", "\(Self.tokens)", "--record", "attentions,nll", "--layers",
            "3", "--heads", "7", "--out", out,
        ]).expectFine()
        let file = try SafetensorsFile(contentsOf: out)
        func floats(_ name: String) throws -> [Float] {
            try file.withBytes(of: name) { bytes in
                stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
            }
        }
        return (try floats("attentions.3"), try floats("nll"))
    }

    /// The numbers of the lines, of as many columns as asked for.
    private func lines(_ question: String, columns: Int) throws -> [[Double]] {
        let run = try CommandRun([
            "render", "samples/texts/alice.txt", "--tokens", "\(Self.tokens)", "--size", "120x50", "--do",
            "head 3.7; goto token 206; ask \(question); panel.zoom",
        ])
        run.expectFine()
        return run.output.split(separator: "\n").compactMap { line in
            let words = line.drop { $0 == "│" }.split(separator: " ").prefix(columns)
            let numbers = words.compactMap { word in
                Double(word.replacing(",", with: "").replacing("<", with: ""))
            }
            return numbers.count == columns ? numbers : nil
        }
    }

    @Test func weightsAndLossesAreThoseOfTheTrace() throws {
        let (weights, losses) = try tensors()
        let n = Self.tokens
        #expect(weights.count == n * n && losses.count == n - 1)
        let reads = try lines("keys", columns: 4)
        #expect(reads.count > 30)
        for line in reads {
            #expect(line[1] == 206 - line[0])
            #expect(abs(line[2] - Double(weights[206 * n + Int(line[0])])) < 0.0051, "\(line)")
        }
        let readers = try lines("readers", columns: 3)
        #expect(readers.count > 30)
        for line in readers {
            #expect(abs(line[2] - Double(weights[Int(line[0]) * n + 206])) < 0.0051, "\(line)")
        }
        let expected = try lines("next", columns: 3)
        let followed = losses[206]
        #expect(expected.contains { abs($0[2] - Double(followed)) < 0.0051 })
        let surprises = try lines("surprises", columns: 2)
        let worst = losses.sorted(by: >)
        #expect(surprises.count > 30)
        for (line, loss) in zip(surprises, worst) {
            #expect(abs(line[1] - Double(loss)) < 0.0051 && abs(losses[Int(line[0]) - 1] - loss) < 0.0051, "\(line)")
        }
    }
}
