import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkLens

/// What has to be kept, against counts of every pair of a small text.
@Suite struct StateSizeTests {
    private static let tokens = 40

    private static func state(_ specs: String...) throws -> Double {
        MethodCost.state(of: try Scenario(parsing: specs), model: try Sample.model().shape, tokens: tokens)
    }

    /// Numbers of one key and its value, over all layers and key heads.
    private static func key() throws -> Double {
        let shape = try Sample.model().shape
        return Double(2 * shape.headDimension * shape.layers * shape.keyValueHeads)
    }

    @Test func plainAttentionKeepsEveryKey() throws {
        #expect(try Self.state() == Self.key() * 40)
        #expect(try Self.state("pi:factor=4") == Self.key() * 40)
        #expect(try Self.state("topk:k=3,window=8,sink=2") == Self.key() * 40)
    }

    /// The definition: after token t, keys up to t that a later query sees; the most of all t.
    @Test(arguments: [
        "window:size=10", "lambda:sink=3,window=8", "chunked:size=8,back=1", "strided:stride=6",
        "fixed:stride=8,summary=2",
        "transformer-xl:segment=8,memory=6", "dilated:size=4,dilation=3", "block-local:block=8", "document:length=13",
        "hierarchical-chunk:size=4,pooled=0",
    ]) func windowsKeepTheKeysThatAreReadLater(spec: String) throws {
        let mask = try Mask(try Scenario(parsing: [spec]), tokens: 80)
        let most = (0..<40).map { token in
            (0...token).count { key in (token + 1..<80).contains { mask.allows(query: $0, key: key) } }
        }.max()
        #expect(try Self.state(spec) == Self.key() * Double(try #require(most)))
    }

    /// 8 tokens of the segment, 6 of the memory and 2 slots, where a mask shows the 6 tokens behind these.
    @Test func slotsAreOneKeyEach() throws {
        #expect(try Self.state("compressive:segment=8,memory=6,compressed=2,rate=3") == Self.key() * 16)
    }

    @Test func cachesThatGiveKeysUpKeepWhatTheyHold() throws {
        #expect(try Self.state("h2o:heavy=4,recent=6") == Self.key() * 10)
        #expect(try Self.state("tova:capacity=12") == Self.key() * 12)
        // Fewer bytes, but every number is there.
        #expect(try Self.state("kivi:bits=2,group=4,residual=8") == Self.key() * 40)
    }

    /// d_φ·d + d_φ numbers a key head, whatever the length.
    @Test func kernelsKeepTheirSums() throws {
        let shape = try Sample.model().shape
        let (heads, d) = (Double(shape.layers * shape.keyValueHeads), Double(shape.headDimension))
        #expect(try Self.state("linear") == heads * d * (d + 1))
        #expect(try Self.state("performer:features=16") == heads * 16 * (d + 1))
        #expect(try Self.state("performer:features=16,kind=1") == heads * 32 * (d + 1))
        let long = MethodCost.state(
            of: try Scenario(parsing: ["linear"]), model: shape, tokens: 100_000)
        #expect(try long == Self.state("linear"))
    }
}
