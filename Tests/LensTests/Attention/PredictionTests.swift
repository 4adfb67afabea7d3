import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Next-token probabilities, and how the sample model does on texts.
struct PredictionTests {
    @Test func probabilitiesAreASoftmaxOfLogits() throws {
        let model = try Sample.model()
        let recording = try Recorder(model: model, threads: 2).record(Sample.ids(300))
        for token in stride(from: 0, to: 300, by: 13) {
            let logits = try #require(model.logits(after: token, in: recording)).map(Double.init)
            let highest = logits.max() ?? 0
            let total = logits.reduce(0) { $0 + exp($1 - highest) }
            let found = try #require(model.probabilities(after: token, in: recording))
            #expect(abs(found.reduce(0) { $0 + Double($1) } - 1) < 1e-5)
            for (p, logit) in zip(found, logits) { #expect(abs(Double(p) - exp(logit - highest) / total) < 1e-6) }
            guard token < 299 else { continue }
            let prediction = try #require(model.prediction(after: token, in: recording, count: 5))
            let loss = Double(try #require(prediction.negativeLogLikelihood))
            #expect(abs(loss + log(Double(found[Int(recording.ids[token + 1])]))) < 1e-5)
            #expect(abs(Double(recording.negativeLogLikelihood[token]) - loss) < 1e-5)
            #expect(prediction.candidates.map(\.probability) == Array(found.sorted(by: >).prefix(5)))
            #expect(prediction.candidates.allSatisfy { found[$0.id] == $0.probability })
        }
        #expect(recording.negativeLogLikelihood.count == 299)
        #expect(model.prediction(after: 299, in: recording, count: 1)?.negativeLogLikelihood == nil)
        #expect(model.prediction(after: 300, in: recording, count: 1) == nil)
    }

    /// The model's card says 3.40 nats over the whole book; these are ten windows of it.
    @Test func theLossOfAHeldOutBookIsAsTheCardSays() throws {
        let model = try Sample.books()
        let start = try #require(model.tokenizer?.encode("", addSpecialTokens: true).ids)
        #expect(start.count == 1)
        let ids = try Sample.text("alice", characters: 140_000, model: model)
        let length = 512 - start.count
        let windows = stride(from: 0, to: ids.count - length, by: length * 7)
        let losses = try windows.flatMap { first in
            try Recorder(model: model, threads: 2).record(start + ids[first..<first + length]).negativeLogLikelihood
        }
        let mean = losses.reduce(0, +) / Float(losses.count)
        #expect(agree(mean, 3.40, 0.12), "\(mean)")
    }

    /// Plain positions fail past the trained window of 512; a raised base holds; interpolation pays with near positions.
    @Test func extensionsBehaveAsTheCardSays() throws {
        let model = try Sample.books()
        let start = try #require(model.tokenizer?.encode("", addSpecialTokens: true).ids)
        let text = try Sample.text("moby-dick", characters: 80_000, model: model)
        let ids = start + text[10_000..<11_023]
        func losses(_ specs: [String]) throws -> (near: Float, trained: Float, far: Float) {
            let all = try Recorder(model: model, scenario: Scenario(parsing: specs), threads: 2).record(ids)
                .negativeLogLikelihood
            func mean(_ range: Range<Int>) -> Float { all[range].reduce(0, +) / Float(range.count) }
            return (mean(0..<256), mean(256..<512), mean(768..<1023))
        }
        let rope = try losses([])
        let ntk = try losses(["ntk:factor=4"])
        let pi = try losses(["pi:factor=4"])
        #expect(abs(ntk.near - rope.near) < 0.1 && abs(ntk.trained - rope.trained) < 0.15, "\(ntk) \(rope)")
        #expect(rope.far - ntk.far > 0.15, "\(rope) \(ntk)")
        #expect(pi.near - rope.near > 0.4 && pi.trained - rope.trained > 0.3, "\(pi) \(rope)")
        #expect(pi.far > ntk.far + 0.3, "\(pi) \(ntk)")
    }
}
