import RopewalkEvaluation
import RopewalkFormats
import Testing

struct AnswerScoreTests {
    private func example(_ name: String) throws -> (text: String, references: [String], score: Double) {
        let example = try #require(try NeedleVectors("scoring_examples").outputs[name]?.array?.first)
        let references = example["refs"]?.array?.compactMap(\.string) ?? [example["ref"]?.string ?? ""]
        return (try #require(example["pred"]?.string), references, try #require(example["score"]?.number))
    }

    @Test func scoresAreThoseOfTheAuthors() throws {
        let all = try example("ruler_match_all")
        #expect(AnswerScore.all(all.text, all.references) == all.score)
        let part = try example("ruler_match_part")
        #expect(AnswerScore.part(part.text, part.references) == part.score)
        let bench = try example("needlebench_v1_wrong_keyword")
        #expect(
            AnswerScore.needleBench1(bench.text, reference: bench.references[0], keyword: bench.references[0])
                == bench.score)
    }

    @Test func otherCases() {
        #expect(AnswerScore.needleBench1("it is 12.", reference: "12", keyword: "12") == 100)
        #expect(AnswerScore.needleBench1("", reference: "12", keyword: "12") == 0)
        #expect(AnswerScore.needleBench2("abcd", keyword: "abcf") == 0)
        #expect(AnswerScore.needleBench2("an abcf", keyword: "abcf") == 100)
        #expect(AnswerScore.needleBenchOverall(single: 100, multi: 50, reasoning: 0, version: 1) == 55)
        #expect(AnswerScore.needleBenchOverall(single: 100, multi: 50, reasoning: 0, version: 2) == 50)
        #expect(AnswerScore.all("ABC", ["abc"]) == 100 && AnswerScore.part("", []) == 0)
        #expect(AnswerScore.firstInteger("The key is 4812, not 7.") == "4812")
        #expect(AnswerScore.firstInteger("none") == nil)
    }
}
