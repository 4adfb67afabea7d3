import Foundation
import RopewalkPeers
import Testing

/// Lines of workers, and what is made of them.
@Suite struct PeerAnswerTests {
    private static let good = #"{"answer": {"seconds": 0.5, "losses": {"count": 4, "sum": 8.0, "mean": 2.0}}}"#

    private func answer(_ line: String) throws -> PeerAnswer {
        guard case .answer(let answer) = try PeerMessage(line) else { throw PeerFailure.rubbish(line) }
        return answer
    }

    @Test func messagesAreRead() throws {
        #expect(try PeerMessage(#"{"ready": "torch 2"}"#) == .ready("torch 2"))
        #expect(
            try PeerMessage(Self.good)
                == .answer(PeerAnswer(seconds: 0.5, losses: PeerAnswer.Losses(count: 4, sum: 8))))
        let next = try answer(#"{"answer": {"seconds": 1, "next": {"id": 7, "log_probability": -0.5}, "tokens": [3]}}"#)
        #expect(next.next == PeerAnswer.Next(id: 7, logProbability: -0.5) && next.tokens == [3])
        #expect(throws: PeerFailure.missing(packages: "torch")) { try PeerMessage(#"{"missing": "torch"}"#) }
        #expect(throws: PeerFailure.refused("no memory")) { try PeerMessage(#"{"error": "no\nmemory"}"#) }
    }

    @Test func whatIsWrittenIsRead() throws {
        let answer = PeerAnswer(
            seconds: 2, firstSeconds: 0.25, besideSeconds: 1, losses: PeerAnswer.Losses(count: 3, sum: 1.5),
            next: PeerAnswer.Next(id: 1, logProbability: -1), tokens: [1, 2])
        #expect(try PeerMessage(PeerMessage.answer(answer).line) == .answer(answer))
        #expect(throws: PeerFailure.refused("a \"word\"")) { try PeerMessage(PeerMessage.refusal("a \"word\"")) }
        for question in [PeerQuestion.read([1, 2]), .generate(after: [3], count: 4)] {
            #expect(PeerQuestion(line: question.line) == question && !question.line.contains("\n"))
        }
    }

    @Test(arguments: [
        "", "Loading…", "{}", "[]", "null", #"{"ready": 1}"#, #"{"answer": {}}"#, #"{"answer": {"seconds": "1"}}"#,
        #"{"answer": {"seconds": NaN}}"#, #"{"ready": "a", "error": "b"}"#,
        #"{"answer": {"seconds": 1, "tokens": [1.5]}}"#,
        String(repeating: "[", count: 100_000),
    ]) func rubbishIsRefused(_ line: String) {
        #expect { try PeerMessage(line) } throws: { error in
            guard case PeerFailure.rubbish(let shown) = error else { return false }
            return shown.count <= 161
        }
    }

    /// Figures that cannot be, with a clock of ours that says 1 s.
    @Test(arguments: [
        PeerAnswer(seconds: 0), PeerAnswer(seconds: -1), PeerAnswer(seconds: .infinity), PeerAnswer(seconds: 1.5),
        PeerAnswer(seconds: 0.5, losses: .init(count: 0, sum: 0)),
        PeerAnswer(seconds: 0.5, losses: .init(count: 2, sum: .nan)),
        PeerAnswer(seconds: 0.5, besideSeconds: -1), PeerAnswer(seconds: 0.5, next: .init(id: 1, logProbability: 0.1)),
    ]) func contradictionsAreSeen(_ answer: PeerAnswer) {
        #expect { try answer.check(wall: 1) } throws: { error in
            guard case PeerFailure.contradiction = error else { return false }
            return true
        }
    }

    @Test func clocksAgree() throws {
        try PeerAnswer(seconds: 1).check(wall: 1.2)
        try PeerAnswer(seconds: 1, besideSeconds: 10).check(wall: 12)
        // A program that says that it took a tenth of what we have waited.
        #expect(throws: PeerFailure.self) { try PeerAnswer(seconds: 1).check(wall: 10) }
        let sum = try answer(#"{"answer": {"seconds": 1, "losses": {"count": 4, "sum": 9.0, "mean": 2.0}}}"#)
        #expect(throws: PeerFailure.self) { try sum.check(wall: 1) }
    }

    @Test func outputsAreCompared() throws {
        func losses(_ count: Int, _ mean: Double) -> PeerAnswer {
            PeerAnswer(seconds: 1, losses: .init(count: count, sum: mean * Double(count)))
        }
        func isSame(_ ours: PeerAnswer, _ theirs: PeerAnswer) -> Bool? {
            Agreement(ours: ours, theirs: theirs, tolerance: 0.01)?.isSame
        }
        #expect(isSame(losses(10, 2), losses(10, 2.009)) == true)
        #expect(isSame(losses(10, 2), losses(10, 2.02)) == false)
        #expect(isSame(losses(10, 2), losses(9, 2)) == false)
        func next(_ id: Int, _ value: Double) -> PeerAnswer {
            PeerAnswer(seconds: 1, next: .init(id: id, logProbability: value))
        }
        #expect(isSame(next(1, -1), next(1, -1.001)) == true && isSame(next(1, -1), next(2, -1)) == false)
        #expect(isSame(next(1, -1), losses(1, 1)) == nil)
        let tokens = Agreement(
            ours: PeerAnswer(seconds: 1, tokens: [1, 2, 3]), theirs: PeerAnswer(seconds: 1, tokens: [1, 2, 4]),
            tolerance: 0)
        #expect(tokens?.theirs == 2 && tokens?.ours == 3 && tokens?.isSame == false)
    }

    @Test func turnsAlternate() throws {
        var said = ""
        var turn = 0.0
        let trial = try PeerTrial.alternating(rounds: 3, tolerance: 0.1) {
            said += "o"
            turn += 1
            return PeerAnswer(seconds: turn, losses: .init(count: 1, sum: 1))
        } theirs: {
            said += "t"
            return PeerAnswer(seconds: turn * (turn + 1), losses: .init(count: 1, sum: turn == 3 ? 2 : 1))
        }
        #expect(said == "otototot")
        // The first turn does not count.
        #expect(trial.ours == [2, 3, 4] && trial.theirs == [6, 12, 20] && trial.ratios == [3, 4, 5])
        // One turn of other outputs is not hidden by those after it.
        #expect(trial.agreement?.isSame == false && trial.agreement?.theirs == 2)
    }

    @Test func aBenchmarkOfItsOwnIsRead() throws {
        let text = #"[{"n_prompt": 512, "n_gen": 0, "avg_ns": 2500000000, "samples_ns": [1]}]"#
        #expect(try LlamaBench.seconds(text, reading: 512, generating: 0) == 2.5)
        #expect(throws: PeerFailure.self) { try LlamaBench.seconds(text, reading: 256, generating: 0) }
        #expect(throws: PeerFailure.self) { try LlamaBench.seconds("error", reading: 512, generating: 0) }
        #expect(throws: PeerFailure.self) {
            try LlamaBench.seconds(#"[{"n_prompt": 1, "n_gen": 0, "avg_ns": 0}]"#, reading: 1, generating: 0)
        }
    }
}
