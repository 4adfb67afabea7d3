import Foundation
import Testing

/// `bench --questions`: what every question takes.
@Suite struct QuestionBenchTests {
    /// Over a short text every question is answered to its end, and all of them are asked.
    @Test func everyQuestionIsMeasured() throws {
        let run = try CommandRun("bench --questions --tokens 128 --json")
        run.expectFine()
        let report = try run.object()
        #expect(report["start"] == nil && (report["frames"] as? [Any])?.isEmpty == true)
        #expect(report["load_average"] is Double)
        let questions = try #require(report["questions"] as? [[String: Any]])
        let names = Set(questions.compactMap { $0["question"] as? String })
        #expect(names.count == questions.count)
        #expect(names.isSuperset(of: ["reads", "received, all heads", "paragraphs", "text by rollout", "map, nearer"]))
        for question in questions {
            let median = try #require(question["median_frame_milliseconds"] as? Double)
            let worst = try #require(question["worst_frame_milliseconds"] as? Double)
            #expect(0 < median && median <= worst && question["seconds"] is Double, "\(question)")
        }
    }
}
