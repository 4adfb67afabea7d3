import Foundation
import RopewalkFormats
import TestSupport
import Testing

@testable import RopewalkScoring

/// Metrics of long texts, the rule that sorts them, and plans.
struct LongTextTests {
    private static func example(_ id: String) throws -> (inputs: JSONValue, outputs: JSONValue) {
        let root = try JSONDocument(Fixture.data("vectors/long-texts.json"), source: "long-texts.json").root
        let example = try #require(root[id])
        return (try #require(example["inputs"]), try #require(example["outputs"]))
    }

    @Test func theWorkedExampleOfComplexity() throws {
        let (inputs, outputs) = try Self.example("longwanjuan_complexity")
        let found = Complexity(PythonText.codePoints(inputs["text"]?.string ?? ""), .english)
        let values = [
            ("len_char", Double(found.characters)), ("num_line", Double(found.lines)),
            ("len_line_mean", found.lineMean), ("len_line_std", found.lineDeviation),
            ("len_line_med", found.lineMedian), ("enter_rate", found.lineEnds), ("comma_rate", found.commas),
            ("space_rate", found.blanks), ("bar_rate", found.bars),
        ]
        for (name, value) in values { #expect(abs(value - (outputs[name]?.number ?? .nan)) < 1e-6, "\(name)") }
    }

    @Test func theWorkedExampleOfCoherence() throws {
        let (inputs, outputs) = try Self.example("longwanjuan_coherence")
        func reading(_ name: String) -> Coherence.Reading {
            Coherence.Reading(
                accuracy: inputs["acc_" + name]?.number ?? 0, perplexity: inputs["ppl_" + name]?.number ?? 0)
        }
        let found = Coherence([Coherence.Piece(start: 0, with: reading("wi"), without: reading("wo"))])
        let values = [
            ("acc_delta", found.accuracyDelta), ("acc_ratio", found.accuracyRatio),
            ("ppl_delta", found.perplexityDelta), ("ppl_ratio", found.perplexityRatio),
        ]
        for (name, value) in values { #expect(abs(value - (outputs[name]?.number ?? .nan)) < 1e-6, "\(name)") }
    }

    @Test func theWorkedExamplesOfShares() throws {
        let (inputs, outputs) = try Self.example("length_upsampling")
        let (s, t) = (inputs["s"]?.number ?? 0, inputs["t"]?.number ?? 0)
        #expect(abs((LengthMixture.keeping(long: s, becomes: t) ?? 0) - (outputs["rho"]?.number ?? 0)) < 1e-9)
        for rho in ["0.2", "0.1"] {
            let share = LengthMixture.share(long: s, keeping: Double(rho) ?? 0)
            #expect(abs(share - (outputs["share_at_rho_" + rho]?.number ?? 0)) < 1e-9)
        }
        #expect(LengthMixture.keeping(long: 0.5, becomes: 0.3) == nil)
        #expect(
            LengthMixture.keeping(long: 0, becomes: 0.3) == nil && LengthMixture.keeping(long: 0.3, becomes: 1) == 0)
    }

    @Test func theWorkedExampleOfSteps() throws {
        let (inputs, outputs) = try Self.example("context_extension_steps")
        let tokens = (inputs["tokens"]?.array ?? []).compactMap(\.number)
        for (batch, name) in [(4e6, "steps_4e6"), (4 * 1_048_576, "steps_4x2^20")] {
            let plan = ExtensionPlan(from: 4096, to: 131_072, batch: batch)
            #expect(tokens.map { plan.steps(tokens: $0) } == (outputs[name]?.array ?? []).compactMap(\.integer))
        }
        let plan = ExtensionPlan(from: 4096, to: 131_072)
        #expect(plan.factor == 32 && plan.shortestTraining == 81_920)
        #expect(ExtensionPlan(from: 0, to: 0, batch: 0).steps(tokens: 3) == 3)
    }

    @Test func piecesKeepThePublishedShares() {
        let sizes = Coherence.Sizes(window: 100_000)
        #expect((sizes.piece, sizes.predicted, sizes.short) == (4096, 1024, 2048))
        #expect(Coherence.Sizes(window: 1024) == Coherence.Sizes(window: 1027))
        #expect(Coherence.Sizes(window: 1024).predicted == 256 && Coherence.Sizes(window: 3).piece == 16)
        let small = Coherence.Sizes(window: 16)
        #expect(small.starts(15, most: 4) == [] && small.starts(40, most: 4) == [0, 16])
        #expect(small.starts(160, most: 4) == [0, 48, 96, 144] && small.starts(160, most: 1) == [0])
    }

    @Test func languagesAndCohesion() {
        func metrics(_ text: String) -> LongTextMetrics { LongTextMetrics(Array(text.utf8)) }
        #expect(metrics("The rope, 绳子 and more words").language == .english)
        #expect(metrics("绳廊在港口东边 rope").language == .chinese)
        #expect(metrics("").language == .english)
        let english = metrics("She said that it is long because they walk")
        // she, that, it, they of nine; because.
        #expect(english.values[.pronouns] == 4.0 / 9 && english.values[.connectives] == 1.0 / 9)
        let chinese = metrics("我们走，因为那里很长。")
        // 我们, 那里 and 因为 of eleven characters.
        #expect(chinese.values[.pronouns] == 4.0 / 11 && chinese.values[.connectives] == 2.0 / 11)
        #expect(english.tokens == 9 && chinese.tokens == 9)
    }

    @Test func compressionAndOverlap() {
        let same = LongTextMetrics(Array(String(repeating: "the same words again ", count: 500).utf8))
        #expect((same.values[.compression] ?? 1) < 0.1 && same.values[.overlap] == 1)
        var random = SystemRandomNumberGenerator()
        let noise = (0..<4000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 0x21...0x7E, using: &random))) }
        #expect((LongTextMetrics(Array(String(noise).utf8)).values[.compression] ?? 0) > 0.8)
        let halves = LongTextMetrics(Array("alpha beta1 gamma alpha delta omega".utf8))
        #expect(halves.values[.overlap] == 1.0 / 3)
        #expect(LongTextMetrics([]).values[.overlap] == nil && LongTextMetrics([]).values[.compression] == nil)
    }

    /// Prose of a corpus of our own, so that everything has a spread.
    private static func prose(_ seed: Int, words: Int = 400) -> String {
        var state = UInt64(seed &* 7919 &+ 13)
        let vocabulary = (0..<120).map { "word\(Character(Unicode.Scalar(UInt8(97 + $0 % 26))))\($0 / 26)" }
        return (0..<words).map { index -> String in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = vocabulary[Int(state >> 33) % (60 + seed % 7)]
            return word + (index % 11 == seed % 11 ? "," : "") + (index % (50 + seed % 5) == 0 ? "\n" : "")
        }.joined(separator: " ")
    }

    private static func measured(_ text: String, delta: Double?) -> LongTextMetrics {
        var metrics = LongTextMetrics(Array(text.utf8))
        metrics.coherence = delta.map { delta in
            Coherence([
                Coherence.Piece(
                    start: 0, with: .init(accuracy: 0.4 + delta, perplexity: 20),
                    without: .init(accuracy: 0.4, perplexity: 22))
            ])
        }
        return metrics
    }

    private static let reference = LongTextReference(
        (0..<40).map { measured(prose($0), delta: Double($0) / 1000) }, model: "m", tokenizer: "")

    @Test func theRuleNamesTheTestThatDecided() throws {
        let table = try #require(Self.reference.table(.english, model: "m", tokenizer: ""))
        let coherent = LongTextVerdict(Self.measured(Self.prose(17), delta: 0.039), table)
        #expect(coherent.kind == .holistic || coherent.fired?.metric == .overlap)
        let loose = LongTextVerdict(Self.measured(Self.prose(17), delta: 0.001), table)
        #expect(loose.kind == .aggregated && loose.fired?.metric == .accuracyDelta)
        let bars = LongTextVerdict(Self.measured(String(repeating: "a | b | c, ", count: 300), delta: 0.03), table)
        #expect(bars.kind == .chaotic && bars.fired?.holds == false)
        #expect(
            loose.tests.map(\.metric) == [
                .pieceTypeTokenRatio, .lineEnds, .commas, .blanks, .bars, .compression, .accuracyDelta, .overlap,
            ])
        // The very documents of the reference: half of them are above the median.
        let kinds = (0..<40).map {
            LongTextVerdict(Self.measured(Self.prose($0), delta: Double($0) / 1000), table).kind
        }
        #expect(kinds.contains(.holistic) && kinds.contains(.aggregated))
    }

    /// Documents that are all alike but for the delta: half_overlap and the bands do not tell.
    private static func near(_ delta: Double?) throws -> LongTextVerdict {
        let text = prose(17)
        let documents = (0...100).map { measured(text, delta: Double($0) / 1000) }
        let reference = LongTextReference(documents, model: "m", tokenizer: "")
        return LongTextVerdict(measured(text, delta: delta), reference.table(.english, model: "m", tokenizer: ""))
    }

    /// A median is near within ten percentiles; the kind stays that of the rule, and the other one is named.
    @Test func whatIsNearAThresholdIsUndecided() throws {
        func test(_ verdict: LongTextVerdict) throws -> LongTextVerdict.Test {
            try #require(verdict.tests.first { $0.metric == .accuracyDelta })
        }
        for (delta, kind, isNear) in [
            (0.0301, LongTextKind.aggregated, false), (0.0471, .aggregated, true), (0.0531, .holistic, true),
            (0.0701, .holistic, false),
        ] {
            let verdict = try Self.near(delta)
            let found = try test(verdict)
            #expect(verdict.kind == kind && found.isNear == isNear, "\(delta)")
            #expect(found.percentile == Int(delta * 1000) && found.askedPercentiles == [50], "\(delta)")
            let own = verdict.between?.tests.map(\.metric) ?? []
            #expect(own.contains(.accuracyDelta) == isNear, "\(delta)")
        }
        let verdict = try Self.near(0.0471)
        #expect(verdict.between?.kind == .holistic)
        #expect(verdict.reason.hasPrefix("acc_delta 0.0471 < 0.05 · percentile 47 < 50"), "\(verdict.reason)")
        #expect(verdict.words == "between aggregated and holistic: near the threshold of acc_delta")
        #expect(verdict.shortWords == "aggregated or holistic")
        let clear = try Self.near(0.0301)
        #expect(clear.between == nil && clear.words == "aggregated: several texts joined")
        #expect(clear.shortWords == "aggregated")
    }

    /// A verdict that rests on nothing says so.
    @Test func withoutAReferenceNothingIsDecided() throws {
        let verdict = LongTextVerdict(Self.measured(Self.prose(17), delta: 0.1), nil)
        #expect(verdict.kind == .aggregated && verdict.between?.kind == .holistic)
        #expect(verdict.words == "between aggregated and holistic: nothing is known of acc_delta, half_overlap")
        let unread = try Self.near(nil)
        #expect(unread.kind == .holistic && unread.between?.kind == .aggregated)
        #expect(unread.reason == "all known tests hold, nothing is known of acc_delta")
    }

    /// A fixed threshold is near within 5 %; the ends of a band where the reference has such documents itself.
    @Test func theEndsOfBandsAreNear() throws {
        let spread = try #require(LongTextReference.Spread((0...100).map(Double.init)))
        func band(_ value: Double) -> LongTextVerdict.Test {
            .init(
                metric: .bars, value: value, low: spread.first, high: spread.ninetyNinth, bound: .band, spread: spread)
        }
        let near = [-0.5, 0, 0.5, 1, 1.9, 2, 50, 98, 98.1, 99, 99.5, 100, 100.5].map { band($0).isNear }
        #expect(near == [false, true, true, true, true, false, false, false, true, true, true, true, false])
        #expect(band(0.5).words == "bar_rate 0.5 < 1 · percentile 0, asked 1–99")
        #expect(band(100.5).holds == false && band(50).askedPercentiles == [1, 99])
        func fixed(_ value: Double) -> LongTextVerdict.Test {
            .init(metric: .compression, value: value, low: 0.1, high: 0.8, bound: .fixed, spread: spread)
        }
        #expect(
            [0.09, 0.096, 0.104, 0.11, 0.75, 0.77, 0.83, 0.85].map { fixed($0).isNear }
                == [false, true, true, false, false, true, true, false])
        #expect(fixed(0.9).words == "zlib_ratio 0.9 > 0.8" && fixed(0.9).askedPercentiles.isEmpty)
        #expect(LongTextMetric.deviations(-0.1034) == "−0.10" && LongTextMetric.deviations(-0.001) == "0.00")
        #expect(LongTextMetric.deviations(nil) == "—" && LongTextMetric.deviations(1.249) == "1.25")
    }

    /// The halves of a book lie further apart than those of a chapter: that they share few words says little.
    @Test func aLongTextIsTooLongForItsHalves() throws {
        let table: LongTextReference.Table = [
            .overlap: try #require(LongTextReference.Spread([2, 2, 2])),
            .accuracyDelta: try #require(LongTextReference.Spread((0...100).map { Double($0) / 1000 })),
        ]
        let metrics = Self.measured(Self.prose(17), delta: 0.0801)
        for (characters, isOpen) in [(nil, false), (metrics.characters, false), (metrics.characters / 5, true)] {
            let verdict = LongTextVerdict(metrics, table, characters: characters)
            #expect(verdict.kind == .aggregated && verdict.fired?.metric == .overlap)
            #expect((verdict.between?.kind == .holistic) == isOpen)
            let words =
                isOpen
                ? "between aggregated and holistic: too long for half_overlap" : "aggregated: several texts joined"
            #expect(verdict.words == words)
        }
        let low = LongTextVerdict(Self.measured(Self.prose(17), delta: 0.01), table, characters: 1)
        #expect(low.kind == .aggregated && low.between == nil)
        #expect(Self.reference.characters[.english] ?? 0 > 1000)
    }

    /// Alice is one book, and the rule calls it aggregated by a hair: that is said.
    @Test func aBookByAHair() throws {
        let shipped = try LongTextReference(
            contentsOf: Fixture.project.path + "/samples/long-texts/reference.json")
        let table = try #require(shipped.table(.english, model: "books-4m", tokenizer: "books-4m"))
        let text = try String(
            contentsOf: Fixture.project.appendingPathComponent("samples/texts/alice.txt"), encoding: .utf8)
        var metrics = LongTextMetrics(Array(text.utf8))
        metrics.coherence = Coherence([
            .init(
                start: 0, with: .init(accuracy: 0.25 + 9.0 / 1024, perplexity: 28),
                without: .init(accuracy: 0.25, perplexity: 32))
        ])
        let verdict = LongTextVerdict(metrics, table, characters: shipped.characters[.english])
        #expect(verdict.kind == .aggregated && verdict.fired?.metric == .accuracyDelta)
        #expect(verdict.between?.kind == .holistic && verdict.fired?.percentile == 47)
    }

    @Test func whatIsUnknownDecidesNothing() throws {
        let table = try #require(Self.reference.table(.english, model: "other", tokenizer: ""))
        #expect(table[.accuracyDelta] == nil && table[.pieceTypeTokenRatio] != nil)
        #expect(Self.reference.table(.english, model: "m", tokenizer: "t")?[.pieceTypeTokenRatio] == nil)
        let verdict = LongTextVerdict(Self.measured(Self.prose(17), delta: nil), table)
        #expect(verdict.unknown == [.accuracyDelta])
        let without = LongTextVerdict(Self.measured(Self.prose(17), delta: 0.1), nil)
        #expect(without.kind == .aggregated && without.fired?.holds == nil && without.unknown.count == 2)
        #expect(LongTextVerdict(LongTextMetrics([]), nil).kind == .aggregated)
    }

    @Test func aReferenceIsReadAsItIsWritten() throws {
        let path = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(Self.reference.text.utf8).write(to: URL(fileURLWithPath: path))
        let read = try LongTextReference(contentsOf: path)
        #expect(read.counts == [.english: 40] && read.model == "m")
        #expect(read.characters == Self.reference.characters)
        let (own, other) = (Self.reference.tables[.english] ?? [:], read.tables[.english] ?? [:])
        #expect(Set(own.keys) == Set(other.keys))
        for (metric, spread) in own {
            let digits = abs(spread.median) * 1e-5 + 1e-9
            #expect(abs((other[metric]?.median ?? .nan) - spread.median) <= digits, "\(metric)")
        }
        for text in ["{}", #"{"languages": {"en": {"metrics": {"bar_rate": {"mean": 1}}}}}"#] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: ScoringError.self) { try LongTextReference(contentsOf: path) }
        }
    }

    /// `ropewalk data` without --reference reads it; samples/scripts/reference.py has made it.
    @Test func theReferenceThatComesAlongHasEveryMetric() throws {
        let path = Fixture.project.path + "/samples/long-texts/reference.json"
        let shipped = try LongTextReference(contentsOf: path)
        #expect(shipped.model == "books-4m" && shipped.tokenizer == "books-4m")
        for language in TextLanguage.allCases {
            #expect(shipped.counts[language] ?? 0 >= 50, "\(language)")
            let table = try #require(shipped.table(language, model: "books-4m", tokenizer: "books-4m"))
            #expect(Set(table.keys) == Set(LongTextMetric.allCases), "\(language)")
            // What it calls chaotic lies outside of these: they have to leave room for a document in order.
            for metric in [LongTextMetric.pieceTypeTokenRatio, .lineEnds, .commas, .blanks] {
                let spread = try #require(table[metric])
                #expect(spread.first < spread.ninetyNinth, "\(language) \(metric)")
            }
        }
        #expect(shipped.table(.english, model: "other", tokenizer: "")?[.accuracyDelta] == nil)
    }

    /// A book is no less varied than its chapters: pieces of one length are compared.
    @Test func aLongTextIsComparedByItsPieces() throws {
        let text = try String(
            contentsOf: Fixture.project.appendingPathComponent("samples/texts/alice.txt"), encoding: .utf8)
        let (whole, part) = (LongTextMetrics(Array(text.utf8)), LongTextMetrics(Array(text.prefix(8_000).utf8)))
        let (a, b) = (whole.values[.pieceTypeTokenRatio] ?? 0, part.values[.pieceTypeTokenRatio] ?? 0)
        #expect(abs(a - b) < 0.05 && a > 0.4)
        #expect((whole.values[.typeTokenRatio] ?? 0) < (part.values[.typeTokenRatio] ?? 0) / 2)
        #expect(LongTextMetrics(Array("a few words".utf8)).values[.pieceTypeTokenRatio] == nil)
        let words = text.lowercased().prefix(8_000).split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(
            String.init)
        let types = TokenTypes(words)
        let pieces = stride(from: 0, through: words.count - 256, by: 256).map { Set(words[$0..<$0 + 256]).count }
        #expect(types.meanOfPieces == Double(pieces.reduce(0, +)) / Double(256 * pieces.count))
        #expect(types.count == words.count && types.different == Set(words).count)
    }

    @Test func percentilesAndDeviations() throws {
        let spread = try #require(LongTextReference.Spread([4, 1, 3, 2, .nan]))
        #expect(spread.mean == 2.5 && spread.median == 2.5 && spread.percentiles[100] == 4)
        #expect(spread.z(2.5) == 0 && spread.percentile(9) == 100 && spread.percentile(0) == 0)
        #expect(LongTextReference.Spread([]) == nil && LongTextReference.Spread([2, 2])?.z(3) == nil)
    }

    @Test func aMixtureKeepsDomainsAndRaisesTheShareOfLongDocuments() {
        var entries: [LengthMixture.Entry] = []
        for index in 0..<100 {
            entries.append(
                .init(domain: index % 2 == 0 ? "books" : "code", kind: .holistic, tokens: index < 30 ? 9000 : 1000))
        }
        entries.append(.init(domain: "code", kind: .chaotic, tokens: 5000))
        let cells = LengthMixture.cells(entries, keeping: [.holistic, .aggregated], wanted: 0.7)
        #expect(cells.map(\.documents).reduce(0, +) == 101)
        #expect(cells.last?.kind == .chaotic && cells.last?.probability == 0 && cells.last?.share == 0)
        let short = cells.filter { !$0.isLong && $0.kind == .holistic }
        for cell in short { #expect(abs(cell.probability - 0.3 * 0.3 / (0.7 * 0.7)) < 1e-12) }
        #expect(abs(cells.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        let books = cells.filter { $0.domain == "books" }.reduce(0) { $0 + $1.share }
        #expect(abs(books - 0.5) < 1e-12)
        let fixed = LengthMixture.cells(entries, keeping: [.holistic], probability: 0.2)
        #expect(fixed.contains { $0.probability == 0.2 })
        #expect(LengthMixture.cells([], keeping: [.holistic]).isEmpty)
    }

    @Test func documentsOfLinesAndOfWholeFiles() throws {
        let folder = NSTemporaryDirectory() + "ropewalk-\(UUID().uuidString)/books"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: (folder as NSString).deletingLastPathComponent) }
        let lines = [
            #"{"content": "a", "id": 7}"#, "{", #"{"text": "b", "meta": {"redpajama_set_name": "C4"}}"#, "",
            #"{"content": ""}"#,
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/x.jsonl"))
        try Data("whole".utf8).write(to: URL(fileURLWithPath: folder + "/y.txt"))
        var documents: [CorpusDocument] = []
        let problems = try DocumentFile(contentsOf: folder + "/x.jsonl").read {
            documents.append($0)
            return true
        }
        #expect(documents.map(\.id) == ["7", "3"] && documents.map(\.domain) == ["books", "C4"])
        #expect(problems.count == 2 && problems.first[1].description.contains("line 5: it has neither"))
        _ = try DocumentFile(contentsOf: folder + "/y.txt").read {
            documents.append($0)
            return true
        }
        #expect(documents.last?.text == Array("whole".utf8) && documents.last?.line == 0)
    }
}
