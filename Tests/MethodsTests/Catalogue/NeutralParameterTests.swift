import RopewalkMethods
import Testing

/// With a factor of 1, or a window as long as the text, a method is plain RoPE to the bit.
@Suite struct NeutralParameterTests {
    static let neutral = [
        "direct", "direct:window=99", "pi:factor=1", "ntk:factor=1", "dynamic-ntk:factor=7", "dynamic-ntk:cached=1",
        "ntk-by-parts:factor=1", "ntk-by-parts:factor=1,first-code=1", "yarn:factor=1", "yarn:factor=1,truncate=0",
        "llama3:factor=1", "longrope:factor=1", "longrope:factor=1,early=9", "base-truncation:length=1073741824",
        "power-scaling:power=0", "ntk-mixed:factor=1", "rerope:window=64", "leaky-rerope:window=64",
        "leaky-rerope:window=3,step=1", "self-extend:window=64", "self-extend:window=3,group=1",
        "dual-chunk:chunk=64,window=64", "distance-limit", "distance-limit:window=64",
        "cache-positions:sink=4,window=60",
        "log-n", "partial:fraction=1", "p-rope:p=1",
    ]

    @Test(arguments: neutral) func isPlain(spec: String) throws {
        let method = try #require(try MethodSpec.parse(spec) as? any PositionMethod)
        for dimensions in [2, 5, 8, 64, 126] {
            let context = RotaryContext(dimensions: dimensions, base: 10000, trainedWindow: 64, tokens: 64)
            #expect(method.problem(in: context) == nil)
            #expect(method.rotation(in: context) == RoPE().rotation(in: context))
            let encoding = method.encoding(in: context)
            #expect(encoding.queryScale == nil && encoding.bias == .none && encoding.embedding == nil)
            #expect(encoding.pieces.count == 1)
            for turning in [encoding.pieces[0].queries, encoding.pieces[0].keys] {
                #expect(turning.inverseFrequencies == context.inverseFrequencies)
                #expect(turning.factor == 1 && turning.position == nil)
                #expect(turning.frequencies == nil && turning.amplitude == nil)
            }
            #expect(encoding.pieces[0].range == nil && encoding.pieces[0].distance == nil)
        }
    }

    /// Whatever the parameters and sizes, nothing traps and no frequency or attention factor is out of bounds.
    @Test func everyPositionMethodAtTheEndsOfItsRanges() throws {
        for type in Catalogue.all {
            let parameters = type.description.parameters
            let lower = parameters.map(\.range.lowerBound)
            let upper = parameters.map(\.range.upperBound)
            for values in [parameters.map(\.defaultValue), lower, upper] {
                guard let method = type.init(values: values) as? any PositionMethod else { break }
                for (dimensions, window, tokens) in [(2, 1, 1), (3, 1, 40), (8, 64, 40), (128, 4096, 1_000_000)] {
                    let context = RotaryContext(
                        dimensions: dimensions, base: 10000, trainedWindow: window, tokens: tokens, heads: 3)
                    guard method.problem(in: context) == nil else { continue }
                    let encoding = method.encoding(in: context)
                    let rotation = method.rotation(in: context)
                    #expect(rotation.inverseFrequencies.count == context.subspaces, "\(method.spec)")
                    #expect(rotation.inverseFrequencies.allSatisfy { $0.isFinite && $0 >= 0 }, "\(method.spec)")
                    #expect(rotation.attentionFactor.isFinite && rotation.attentionFactor > 0)
                    for query in [0, 1, tokens / 2, tokens - 1] where query < tokens {
                        let covered = encoding.pieces.map { $0.keys(of: query).clamped(to: 0..<query + 1).count }
                        #expect(covered.reduce(0, +) == query + 1, "\(method.spec) query \(query)")
                        for key in [0, query / 2, query] {
                            #expect(encoding.angle(context.subspaces - 1, query: query, key: key).isFinite)
                            #expect(encoding.effectiveDistance(query: query, key: key) >= 0, "\(method.spec)")
                        }
                    }
                }
            }
        }
    }
}
