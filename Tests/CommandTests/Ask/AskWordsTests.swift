import Foundation
import TestSupport
import Testing

struct AskWordsTests {
    /// One pair, asked from both ends and among all heads.
    @Test func keysReadersAndHeadsAgree() throws {
        let keys = try CommandRun("ask keys --tokens 220 --at 206 --head 3.7 --count 5 --format json")
        keys.expectFine()
        let rows = try keys.objects()
        #expect(rows.count == 5)
        #expect(rows[0]["token"] as? Int == 204 && rows[0]["word"] as? String == "␣dear")
        #expect(rows[0]["distance"] as? Int == 2)
        #expect((rows[0]["around"] as? String)?.contains("␣dear!␣Oh") == true)
        let weights = rows.compactMap { $0["weight"] as? Double }
        #expect(weights == weights.sorted(by: >))
        let heads = try CommandRun("ask heads --tokens 220 --at 206 --key 204 --format json").objects()
        let head = try #require(heads.first { $0["layer"] as? Int == 3 && $0["head"] as? Int == 7 })
        #expect(abs((head["weight"] as? Double ?? 0) - weights[0]) < 1e-5)
        #expect(abs((head["by_value"] as? Double ?? 0) - (rows[0]["by_value"] as? Double ?? 1)) < 1e-5)
        let readers = try CommandRun("ask readers --tokens 220 --key 204 --head 3.7 --format json").objects()
        let reader = try #require(readers.first { $0["token"] as? Int == 206 })
        #expect(abs((reader["weight"] as? Double ?? 0) - weights[0]) < 1e-5)
        #expect(reader["distance"] as? Int == 2)
    }

    @Test func sinksAndSpecialTokensAreNamed() throws {
        let rows = try CommandRun("ask keys --tokens 220 --at 206 --head 1.6 --count 220 --format json").objects()
        let tokens = rows.compactMap { $0["token"] as? Int }
        let scores = try CommandRun("heads --tokens 220 --layers 1 --heads 6 --json").objects()
        let sinks = (scores.first?["sinks"] as? [[String: Any]])?.compactMap { $0["key"] as? Int } ?? []
        func named(_ kind: String) -> Set<Int> {
            Set(rows.filter { $0["kind"] as? String == kind }.compactMap { $0["token"] as? Int })
        }
        // The first token is special, and called that even where it is a sink.
        #expect(named("special") == [0])
        #expect(named("sink") == Set(sinks).intersection(tokens).subtracting([0]))
    }

    /// As in the program: what is no word of the text comes last, whatever its weight.
    @Test func sinksAndSpecialTokensComeLast() throws {
        let rows = try CommandRun("ask keys --tokens 220 --at 206 --head 3.7 --count 6 --json").objects()
        let kinds = rows.compactMap { $0["kind"] as? String }
        let weights = rows.compactMap { $0["weight"] as? Double }
        let words = kinds.prefix { $0.isEmpty }.count
        #expect(rows.count == 6 && words < 6 && !kinds[words...].contains(""))
        #expect(weights.prefix(words).elementsEqual(weights.prefix(words).sorted(by: >)))
        #expect(weights[words...].elementsEqual(weights[words...].sorted(by: >)))
        #expect((weights[words...].max() ?? 0) > weights[words - 1])
    }

    @Test func jsonIsAskedForAsElsewhere() throws {
        let short = try CommandRun("ask next --tokens 20 --at 3 --json")
        short.expectFine()
        #expect(try short.output == CommandRun("ask next --tokens 20 --at 3 --format json").output)
        try CommandRun("ask next --tokens 20 --at 3 --json --format csv").expectError("--json", "--format csv")
    }

    @Test func mistakesPointToTheHelpOfTheQuestion() throws {
        try CommandRun("ask sentences --tokens 20").expectError("see ropewalk ask sentences --help")
        try CommandRun("ask --bogus").expectError("see ropewalk ask --help")
    }

    /// The worst token of the list is what `next` says of the token before it.
    @Test func surprisesAreThoseOfThePredictions() throws {
        let worst = try CommandRun("ask surprises --tokens 120 --count 3 --format json").objects()
        #expect(worst.count == 3)
        let nats = worst.compactMap { $0["nats"] as? Double }
        #expect(nats == nats.sorted(by: >))
        let token = try #require(worst[0]["token"] as? Int)
        let run = try CommandRun("ask next --tokens 120 --at \(token - 1) --count 5 --format json")
        run.expectFine()
        let next = try run.objects()
        let actual = try #require(next.first { $0["follows"] as? Int == 1 })
        #expect(actual["word"] as? String == worst[0]["word"] as? String)
        #expect(abs(-log(actual["probability"] as? Double ?? 1) - nats[0]) < 1e-3)
        #expect(next.prefix(5).compactMap { $0["rank"] as? Int } == [1, 2, 3, 4, 5])
        let last = try CommandRun("ask next --tokens 120 --at 119 --format json").objects()
        #expect(last.count == 5 && last.allSatisfy { $0["follows"] as? Int == 0 })
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        try CommandRun("ask keys --tokens 50 --at 20 --head 4.0").expectError("--head", "4 layers")
        try CommandRun("ask keys --tokens 50 --at 20 --head 4").expectError("--head", "such as 3.7")
        try CommandRun("ask readers --tokens 50 --key 50 --head 0.0").expectError("--key")
        try CommandRun("ask next --tokens 50 --at 50").expectError("--at")
        try CommandRun("ask surprises --tokens 50 --count 0").expectError("--count")
    }
}
