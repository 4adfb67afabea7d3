import Foundation
import TestSupport
import Testing

/// `ropewalk retrieve`: questions, places that ask, indexes on disk, answers, attention.
struct RetrieveTests {
    private static let book = Fixture.project.path + "/samples/texts/alice.txt"

    private static func hits(_ run: CommandRun) throws -> [[String: Any]] {
        try #require(try run.object()["hits"] as? [[String: Any]])
    }

    @Test func aQuestionFindsItsChunk() throws {
        let run = try CommandRun(["retrieve", Self.book, "the Cheshire Cat's grin", "--json"])
        run.expectFine()
        let hits = try Self.hits(run)
        #expect(hits.count == 5)
        #expect((hits[0]["words"] as? String)?.contains("Cheshire") == true)
        #expect(hits[0]["bm25_rank"] as? Int == 1)
        // Written with the digits of a float32.
        #expect(abs((hits[0]["fused"] as? Double ?? 0) - 1.0 / 61) < 1e-8)
        let text = try CommandRun(["retrieve", Self.book, "the Cheshire Cat's grin"])
        #expect(text.output.contains("preprocess") && text.output.contains("BM25"))
    }

    @Test func wordsNeedNoModel() throws {
        let run = try CommandRun([
            "retrieve", Self.book, "white rabbit", "--words", "200", "--model", "/nowhere", "--prompt",
        ])
        run.expectFine()
        #expect(run.output.hasPrefix("[1] ") && run.output.hasSuffix("white rabbit\n"))
    }

    @Test func whatComesLaterIsLeftOut() throws {
        let run = try CommandRun(["retrieve", Self.book, "--at", "2000", "--tokens", "4000", "--json"])
        run.expectFine()
        let object = try run.object()
        for hit in try Self.hits(run) { #expect(hit["last_unit"] as? Int ?? 9999 <= 1937) }
        let leaks = try #require(object["left_out"] as? [[String: Any]])
        #expect(leaks.contains { $0["leak"] as? String == "overlaps" })
    }

    @Test func bothRanksAreFused() throws {
        let run = try CommandRun([
            "retrieve", Self.book, "the mouse's long tale", "--tokens", "3000", "--by", "both", "--json",
        ])
        run.expectFine()
        for hit in try Self.hits(run) {
            let ranks = ["bm25_rank", "cosine_rank"].compactMap { hit[$0] as? Int }
            let fused = ranks.reduce(0) { $0 + 1 / Double(60 + $1) }
            #expect(abs(fused - (hit["fused"] as? Double ?? 0)) < 1e-12)
        }
    }

    @Test func anIndexIsKeptAndMadeAnew() throws {
        let scratch = try Scratch()
        try Data("The rope walk is long. It burned twice.".utf8).write(to: scratch.url("a.txt"))
        try Data("White whales swim in the sea.".utf8).write(to: scratch.url("b.txt"))
        let line = [
            "retrieve", "--corpus", scratch.path(""), "whales", "--words", "4", "--index", scratch.path("i.sqlite"),
            "--json",
        ]
        let first = try CommandRun(line)
        first.expectFine()
        #expect(try first.object()["index_kept"] as? Bool == false)
        let second = try CommandRun(line)
        #expect(try second.object()["index_kept"] as? Bool == true)
        #expect(try Self.hits(first) as NSArray == Self.hits(second) as NSArray)
        #expect((try Self.hits(second)[0]["text"] as? String)?.hasSuffix("b.txt") == true)
        try Data("Whales, whales and whales.".utf8).write(to: scratch.url("a.txt"))
        let third = try CommandRun(line)
        #expect(try third.object()["index_kept"] as? Bool == false)
        #expect((try Self.hits(third)[0]["text"] as? String)?.hasSuffix("a.txt") == true)
    }

    /// What is no index is told so, and left as it is.
    @Test func aFileThatIsNoIndexIsLeftAlone() throws {
        let scratch = try Scratch()
        for text in ["", "a text"] {
            try Data(text.utf8).write(to: scratch.url("i.sqlite"))
            let run = try CommandRun([
                "retrieve", Self.book, "Alice", "--words", "20", "--index", scratch.path("i.sqlite"),
            ])
            #expect(run.status == 2 && run.errors.contains("is no index of this program"))
            #expect(run.errors.contains("name another file") && run.errors.split(separator: "\n").count == 1)
            #expect(try String(contentsOf: scratch.url("i.sqlite"), encoding: .utf8) == text)
        }
    }

    /// Vectors that other weights under the same name have made are not kept.
    @Test func anIndexKnowsItsWeights() throws {
        let scratch = try Scratch()
        let model = scratch.url("books-4m")
        try FileManager.default.copyItem(at: Fixture.project.appendingPathComponent("samples/books-4m"), to: model)
        let line = [
            "retrieve", Self.book, "the rabbit", "--model", model.path, "--tokens", "300", "--by", "both", "--index",
            scratch.path("i.sqlite"), "--json",
        ]
        #expect(try CommandRun(line).object()["index_kept"] as? Bool == false)
        #expect(try CommandRun(line).object()["index_kept"] as? Bool == true)
        let file = model.appendingPathComponent("model.safetensors")
        var weights = try Data(contentsOf: file)
        weights[weights.count - 4] ^= 1
        try weights.write(to: file)
        #expect(try CommandRun(line).object()["index_kept"] as? Bool == false)
    }

    @Test func anAnswerIsMeasuredOverAllChunks() throws {
        let run = try CommandRun([
            "retrieve", Self.book, "Alice said to herself", "--count", "3", "--answer", "what a curious dream",
            "--answer", "zzz", "--json",
        ])
        run.expectFine()
        let answers = try #require(try run.object()["answers"] as? [[String: Any]])
        #expect(answers.map { $0["text"] as? String } == ["what a curious dream", "zzz"])
        let answer = answers[0]
        let priors = try #require(answer["priors"] as? [Double])
        let likelihoods = try #require(answer["likelihoods"] as? [Double])
        #expect(abs(priors.reduce(0) { $0 + exp($1) } - 1) < 1e-9)
        let sequence = log(zip(priors, likelihoods).reduce(0) { $0 + exp($1.0 + $1.1) })
        #expect(abs(sequence - (answer["sequence"] as? Double ?? 0)) < 1e-9)
        #expect((answer["token"] as? Double ?? -.infinity) >= sequence - 40)
    }

    @Test func theModelGoesOnBehindWhatWasFound() throws {
        let line = ["retrieve", Self.book, "Alice said", "--words", "40", "--count", "2"]
        let prompt = try CommandRun(line + ["--prompt"])
        let run = try CommandRun(line + ["--generate", "5", "--json"])
        run.expectFine()
        let scratch = try Scratch()
        // The line's end is not a part of the prompt.
        try Data(prompt.output.dropLast().utf8).write(to: scratch.url("p.txt"))
        let plain = try CommandRun(["generate", scratch.path("p.txt"), "--count", "5", "--json"])
        #expect(run.output == plain.output && run.output.split(separator: "\n").count == 6)
        let method = ["--method", "window:size=3"]
        let windowed = try CommandRun(line + ["--generate", "5", "--json"] + method)
        let other = try CommandRun(["generate", scratch.path("p.txt"), "--count", "5", "--json"] + method)
        #expect(windowed.output == other.output && windowed.output != run.output)
    }

    @Test func fullTextSearchLiesBeside() throws {
        let run = try CommandRun(["retrieve", Self.book, "the Cheshire Cat's grin", "--full-text", "--json"])
        run.expectFine()
        let found = try #require(try run.object()["full_text"] as? [String: Any])
        #expect(found["largest_difference"] as? Double ?? 1 < 1e-9)
        let ours = try #require(found["ours"] as? [Int])
        #expect(try ours == Self.hits(run).compactMap { $0["chunk"] as? Int })
        #expect((found["same_terms"] as? [Int])?.count == 5 && (found["own_words"] as? [Int])?.count == 5)
    }

    /// Chunks that overlap are not looked up, so that they must not count as missed.
    @Test func overlapsAreNotCompared() throws {
        let run = try CommandRun([
            "retrieve", Self.book, "--attention", "--tokens", "300", "--overlap", "16", "--count", "1", "--json",
        ])
        run.expectFine()
        let object = try run.object()
        let read = try #require(object["read"] as? [[Int]])
        #expect(read.count > 3 && read[1] == [] && read.enumerated().allSatisfy { !$0.element.contains($0.offset - 1) })
    }

    @Test func whatIsFoundLiesBesideWhatTheModelReads() throws {
        let run = try CommandRun(["retrieve", Self.book, "--attention", "--tokens", "400", "--count", "2", "--json"])
        run.expectFine()
        let object = try run.object()
        let attention = try #require(object["attention"] as? [[Double]])
        #expect(attention.count == 7 && attention.allSatisfy { $0.count == 7 })
        for (query, row) in attention.enumerated() {
            #expect(row[(query + 1)...].allSatisfy { $0 == 0 })
            // The start token belongs to no chunk.
            #expect((0.05...1.001).contains(row.reduce(0, +)))
        }
        let recall = try #require(object["mean_recall"] as? Double)
        #expect((0...1).contains(recall))
        let text = try CommandRun(["retrieve", Self.book, "--attention", "--tokens", "400"])
        #expect(text.output.contains("by chance"))
    }

    @Test(arguments: [
        [], ["TEXT"], ["TEXT", "q", "r"], ["TEXT", "q", "--at", "3"], ["TEXT", "q", "--chunk", "3", "--words", "3"],
        ["TEXT", "--at", "99999999"], ["--corpus", "/nowhere", "q"], ["TEXT", "q", "--embed", "/nowhere"],
        ["TEXT", "q", "--index", "TEXT"], ["TEXT", "--attention"], ["/nowhere", "q"],
        ["TEXT", "q", "--prompt", "--generate", "3"], ["TEXT", "q", "--full-text", "--by", "vectors"],
        ["TEXT", "q", "--generate", "0"], ["TEXT", "q", "--method", "window:size=9"],
    ]) func mistakesAreNamed(_ words: [String]) throws {
        let run = try CommandRun(["retrieve"] + words.map { $0 == "TEXT" ? Self.book : $0 })
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("ropewalk: ") && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
}
