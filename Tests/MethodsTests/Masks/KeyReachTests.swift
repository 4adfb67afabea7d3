import Testing

@testable import RopewalkMethods

/// What a run need not keep must be what no query sees.
struct KeyReachTests {
    private static func window(_ spec: String) throws -> any WindowMethod {
        try #require(try MethodSpec.parse(spec) as? any WindowMethod)
    }

    @Test(arguments: [
        ("window:size=64", 0, 64), ("lambda:sink=4,window=48", 4, 48), ("streaming:sink=3,recent=40", 3, 41),
        ("dilated:size=16,dilation=4", 0, 61), ("block-local:block=32", 0, 32), ("chunked:size=32", 0, 32),
    ])
    func windowsThatForgetSaySo(spec: String, first: Int, recent: Int) throws {
        let reach = try #require(KeyReach([try Self.window(spec)], tokens: 1000))
        #expect(reach.first >= first && reach.first <= first + 1, "\(reach)")
        #expect(reach.recent >= recent && reach.recent <= recent + 64, "\(reach)")
    }

    @Test(arguments: ["causal", "strided"]) func thoseThatNeverForgetHaveNone(
        spec: String
    ) throws {
        #expect(KeyReach([try Self.window(spec)], tokens: 1000) == nil)
    }

    /// Of every window of the catalogue that has one: each key that a query sees is in it.
    @Test(arguments: Catalogue.all.map { $0.description }.filter { $0.family == .window }.map(\.name))
    func everyVisibleKeyIsWithin(name: String) throws {
        guard let window = try? Self.window(name), window.ownTokens == nil, window.problem(tokens: 1500) == nil,
            let reach = KeyReach([window], tokens: 1500)
        else { return }
        for query in stride(from: 0, to: 1500, by: 7) {
            let visible = window.visibleKeys(query: query, tokens: 1500).intersection(0..<query + 1)
            let isWithin = visible.ranges.allSatisfy { range in
                range.upperBound <= reach.first || range.lowerBound > query - reach.recent
                    || range.allSatisfy { $0 < reach.first || $0 > query - reach.recent }
            }
            #expect(isWithin, "\(name) \(query) \(reach)")
        }
    }

    @Test func ofSeveralTheOneThatForgetsMostHolds() throws {
        let windows = try ["causal", "window:size=100", "lambda:sink=4,window=32"].map { try Self.window($0) }
        let reach = try #require(KeyReach(windows, tokens: 1000))
        #expect(reach.first + reach.recent < 60)
        #expect(reach.union(KeyReach(first: 0, recent: 500)).recent == 500)
    }
}
