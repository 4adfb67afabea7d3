import Foundation
import TestSupport
import Testing

/// Reading from a later token on.
struct FromTests {
    @Test func theTokensAreThoseOfTheText() throws {
        let all = try CommandRun("tokens samples/texts/alice.txt --tokens 40 --json")
        let later = try CommandRun("tokens samples/texts/alice.txt --from 20 --tokens 20 --json")
        later.expectFine()
        func ids(_ run: CommandRun) throws -> [Int] {
            try #require((try run.json() as? [String: Any])?["ids"] as? [Int])
        }
        let (first, second) = (try ids(all), try ids(later))
        // The start token that the tokenizer adds stays.
        let places = try #require((try later.json() as? [String: Any])?["offsets"] as? [[Int]])
        #expect(places[0] == [places[1][0], places[1][0]] && places[0][0] > 0)
        #expect(second.count == 20 && second[0] == first[0] && Array(second[1...]) == Array(first[20..<39]))
    }

    @Test func theScreenSaysWhereReadingBegins() throws {
        let run = try CommandRun("render samples/texts/alice.txt --from 1000 --tokens 200 --size 120x40")
        run.expectFine()
        #expect(run.output.contains("from 1,000") && run.output.contains("reading begins at token 1,000"))
        // Behind the start token it is the first; and the rule stays where reading begins.
        let moved = try CommandRun([
            "render", "samples/texts/alice.txt", "--from", "1000", "--tokens", "2000", "--size", "160x40", "--do",
            "move.start; panel.zoom",
        ])
        #expect(moved.output.contains("reading begins at token 1,000, here 1: 2,000 tokens take"))
    }

    @Test func whatCannotBeReadIsRefused() throws {
        try CommandRun("tokens samples/texts/alice.txt --from 99999999").expectError("--from")
        try CommandRun("render samples/texts/alice.txt --from 4000000 --tokens 10").expectError("--from")
        try CommandRun("ask next samples/texts/alice.txt --from -1 --at 3").expectError("--from")
        try CommandRun("compare samples/texts/alice.txt --from 10 --tokens 50").expectError("leave --from out")
        try CommandRun("render samples/texts/alice.txt --from 10 --beside samples/books-4m-direct-2k")
            .expectError("--beside")
    }
}
