import Testing

@testable import RopewalkMethods

/// What a token sees may not change when tokens are added behind the text, where a mask says that it does not.
struct KeepingRowsTests {
    private static let specs = [
        "full", "causal", "window:size=7", "lambda:sink=2,window=5", "streaming:sink=2,recent=5",
        "dilated:size=4,dilation=3",
        "longformer:window=6", "longformer:window=6,dilation=2", "global-tokens:globals=0/9/40", "strided:stride=4",
        "strided:stride=4,step=1", "strided:stride=4,step=2", "fixed:stride=8,summary=2",
        "fixed:stride=8,summary=2,step=2",
        "banded:size=5", "block-local:block=7", "chunked:size=7", "chunked:size=7,back=1",
        "hierarchical-chunk:size=4", "hierarchical-chunk:size=4,pooled=1", "hat:segment=6", "hat:segment=6,step=2",
        "longlora:group=8", "longnet", "longnet:head=1", "prefix:length=9",
        "document:length=11",
        "document:length=20", "document:length=11,causal=0", "transformer-xl:segment=8,memory=8",
        "compressive:segment=8,memory=8", "compressive:segment=8,memory=4,pooled=0", "dynamic-heads",
        "window:size=7+global-tokens:globals=1", "strided:stride=4@layers=0",
    ]

    @Test func rowsStayAsTheyAre() throws {
        for spec in Self.specs {
            let scenario = try Scenario(parsing: [spec])
            #expect(scenario.changingMethod(scenario.windows) == nil, "\(spec)")
            for window in [0, 1, 3].flatMap({
                scenario.windows(in: HeadPlace(layer: $0, head: $0, layers: 4, heads: 4))
            }) {
                for query in stride(from: 0, to: 90, by: 1) {
                    let short = window.visibleKeys(query: query, tokens: query + 1)
                    for tokens in [query + 2, 64, 90, 200, 1000] where tokens > query {
                        let long = window.visibleKeys(query: query, tokens: tokens)
                        let causal = KeyRanges(0..<query + 1)
                        #expect(
                            long.intersection(causal) == short.intersection(causal), "\(spec), \(query) of \(tokens)")
                    }
                }
            }
        }
    }

    /// Whatever is not known to keep its rows is said not to.
    @Test func othersAreNotTaken() throws {
        for spec in ["bigbird:block=4", "hibert:lengths=4/9", "lsh:chunk=8", "time:threshold=10,keep=4"] {
            guard let scenario = try? Scenario(parsing: [spec]) else { continue }
            #expect(scenario.changingMethod(scenario.windows) != nil, "\(spec)")
        }
        let lsh = try Scenario(parsing: ["lsh:chunk=8"])
        #expect(lsh.changingMethod([]) != nil)
    }
}
