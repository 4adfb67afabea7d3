import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// What is read of earlier segments, slot by slot.
struct MemoryStripTests {
    private static let compressive = "compressive:segment=32,memory=32,compressed=8,rate=4"

    private static func strip(
        _ spec: String, query: Int, layer: Int = 1, head: Int = 3, of recorded: [String]? = nil
    ) throws -> MemoryStrip {
        let recording = try Sample.recording(300, recorded ?? [spec])
        let lens = Lens(recording: recording, scenario: try Scenario(parsing: [spec]), threads: 2)
        return try #require(lens.memoryStrip(layer: layer, head: head, query: query))
    }

    /// The order of keys and what each slot stands for, from the worked example (segment, memory and slots of 4, rate 2).
    @Test func slotsStandInTheirOrder() throws {
        for form in ["no", "mean", "max"] {
            let strip = try Self.strip(
                "compressive:segment=4,memory=4,compressed=4,rate=2,slots=\(form)", query: 31)
            let zones = strip.slots.map { "\($0.zone) \($0.tokens.lowerBound) \($0.tokens.upperBound - 1)" }
            let expected =
                ["compressed 16 17", "compressed 18 19", "compressed 20 21", "compressed 22 23"]
                + (24..<28).map { "memory \($0) \($0)" } + (28..<32).map { "segment \($0) \($0)" }
            #expect(zones == expected)
            #expect(strip.first == 16 && strip.query + 1 - strip.first == 16)
        }
    }

    /// Weights are float32 sums of at most a hundred numbers below 1.
    @Test(arguments: ["no", "mean", "max", "most-used"], ["row", "own"]) func weightsAddUpTo1(
        form: String, place: String
    ) throws {
        let spec = Self.compressive + ",slots=\(form),at=\(place)"
        for (query, layer, head) in [(5, 0, 0), (40, 1, 2), (131, 0, 1), (299, 1, 3)] {
            let strip = try Self.strip(spec, query: query, layer: layer, head: head)
            #expect(abs(strip.slots.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
            let exact = strip.slots.reduce(0) { $0 + $1.exact }
            #expect(abs(exact + strip.lost - 1) < 1e-5)
            #expect(strip.form.rawValue == form && strip.basis == .exact)
            if query < 32 { #expect(strip.outputError < 1e-5 && strip.lost < 1e-5, "nothing is hidden yet") }
        }
    }

    /// What a head gives, tokens and slots together, leads to the state that the run recorded: in all layers, to rounding.
    @Test(arguments: ["mean", "max", "most-used"]) func outputsAreThoseOfTheRun(form: String) throws {
        let recording = try Sample.recording(300, [Self.compressive + ",slots=\(form)"])
        let model = try Sample.model()
        let lens = Lens(recording)
        for token in [0, 63, 64, 200, 299] {
            var replay = try #require(TokenReplay(of: token, in: recording, model: model, threads: 1))
            while !replay.isComplete {
                let layer = replay.block
                replay.step(
                    context: (0..<recording.shape.heads).flatMap {
                        lens.wordReading(layer: layer, head: $0, query: token, count: 1)?.output ?? []
                    })
            }
            #expect(try #require(replay.deviation(from: recording)) < 1e-5)
        }
    }

    /// The most used tokens are slots of their own, in each layer others, in the order of the text.
    @Test(arguments: ["row", "own"]) func mostUsedSlotsAreTokens(place: String) throws {
        let spec = Self.compressive + ",slots=most-used,at=\(place)"
        let recording = try Sample.recording(300, [spec])
        let lens = Lens(recording)
        var chosen: [[Int]] = []
        for layer in 0..<recording.shape.layers {
            let strip = try #require(lens.memoryStrip(layer: layer, head: 1, query: 299))
            let slots = strip.slots.filter { $0.zone == .compressed }
            #expect(slots.count == 8 && slots.allSatisfy { $0.tokens.count == 1 })
            let tokens = slots.map(\.tokens.lowerBound)
            #expect(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 })
            // Of the segment from 224 to 255, which left the memory when that from 256 on had been read.
            #expect(tokens.allSatisfy { (224..<256).contains($0) })
            #expect(slots.reduce(0) { $0 + $1.weight } > 0)
            chosen.append(tokens)
        }
        #expect(Set(chosen).count > 1)
        #expect(lens.reason(layer: 0, head: 0, query: 299, key: 230)?.sentence.contains("most used") == true)
    }

    /// Of a mask a slot is its tokens.
    @Test func slotsOfAMaskAreTheirTokens() throws {
        let recording = try Sample.recording(300, [Self.compressive])
        let lens = Lens(recording)
        let row = try #require(lens.row(layer: 1, head: 3, query: 200))
        let strip = try #require(lens.memoryStrip(layer: 1, head: 3, query: 200))
        for slot in strip.slots {
            #expect(abs(slot.weight - row.weights[slot.tokens].reduce(0, +)) < 1e-6)
        }
        #expect(strip.share(.compressed).weight > 0 && strip.slots.count == 8 + 32 + 200 % 32 + 1)
    }

    @Test func aRecurrenceHasMemoryAndSegment() throws {
        let strip = try Self.strip("transformer-xl:segment=32,memory=20", query: 70)
        #expect(strip.slots.map(\.tokens.lowerBound) == Array(44...70))
        #expect(strip.slots.filter { $0.zone == .memory }.count == 20)
        let same = try Self.strip("transformer-xl:segment=32,memory=20,same-length=1", query: 70)
        #expect(same.slots.map(\.tokens.lowerBound) == Array(51...70))
        let short = try Self.strip("transformer-xl:segment=32,memory=3,same-length=1", query: 70)
        #expect(short.slots.map(\.tokens.lowerBound) == [68, 69, 70])
        #expect(abs(short.slots.reduce(0) { $0 + $1.weight } - 1) < 1e-5)
    }

    /// Slots are made of states that a preview has not.
    @Test func aPreviewKnowsNoSlots() throws {
        let recording = try Sample.recording(300)
        let lens = Lens(recording: recording, scenario: try Scenario(parsing: [Self.compressive + ",slots=mean"]))
        #expect(lens.memoryStrip(layer: 0, head: 0, query: 200) == nil && !lens.canPreview([200]))
        let mask = Lens(recording: recording, scenario: try Scenario(parsing: [Self.compressive]))
        #expect(mask.memoryStrip(layer: 0, head: 0, query: 200)?.basis == .preview)
        #expect(Lens(recording).memoryStrip(layer: 0, head: 0, query: 200) == nil)
    }

    /// Recorded blocks of a map are the weights of tokens, which slots leave less than 1.
    @Test func mapsHaveWhatSlotsLeave() throws {
        let recording = try Sample.recording(300, [Self.compressive + ",slots=mean"])
        let lens = Lens(recording)
        for query in [100, 299] {
            let row = try #require(lens.row(layer: 0, head: 1, query: query))
            let strip = try #require(lens.memoryStrip(layer: 0, head: 1, query: query))
            let tokens = row.weights.reduce(0, +)
            #expect(abs(tokens + strip.share(.compressed).weight - 1) < 1e-5 && tokens < 0.999)
            #expect(
                abs((recording.measure(\.logSumExp, layer: 0, head: 1, query: query) ?? 0) - row.logSumExp) < 1e-5)
        }
    }
}
