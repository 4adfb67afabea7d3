import RopewalkCellGrid
import RopewalkModels
import Testing

@testable import RopewalkLens
@testable import RopewalkViews

@Suite struct ExpertsViewTests {
    private static let sizes = [
        (0, 0), (1, 1), (2, 3), (3, 1), (8, 2), (12, 5), (38, 8), (60, 18), (78, 20), (100, 50), (200, 4), (5, 60),
    ]

    /// Logits that go round the experts, so that every one has some tokens.
    private static func router(_ tokens: Int, experts: Int, chosen: Int, layer: Int) throws -> RouterReading {
        let logits = (0..<tokens * experts).map { Float(($0 * 7 + $0 / experts * 3) % 11) / 3 }
        var routed: [Int] = []
        let rule = RoutingRule(chosen: chosen, capacity: layer == 2 ? 3 : nil)
        let choice = RouterChoice(logits: logits, experts: experts, rule: rule, routed: &routed)
        return try #require(RouterReading(layer: layer, choices: [choice], chunkSize: max(1, tokens)))
    }

    private static func view(
        _ page: ExpertsPage, tokens: Int = 40, experts: Int = 4, chosen: Int = 2, factor: Double? = nil,
        problem: String? = nil, depth: ColourDepth = .none
    ) throws -> ExpertsView {
        let routers = try [0, 2].map { try router(tokens, experts: experts, chosen: chosen, layer: $0) }
        let computed = (0..<3).map { layer in
            ComputedLayer(
                layer: layer, fewestKeys: layer == 1 ? 5 : 31, mostKeys: layer == 1 ? 8 : 31, pairs: 100,
                reachable: 31, windows: layer == 1 ? ["window:size=8"] : [], isRecurrent: false,
                experts: layer == 1 ? [] : [.init(expert: 1, weight: 0.5, isDropped: layer == 2)],
                expertCount: layer == 1 ? 0 : experts, sharedWeight: layer == 0 ? 1 : nil, attentionFLOPs: 1500,
                projectionFLOPs: 2_000_000, feedForwardFLOPs: 3e9)
        }
        return ExpertsView(
            page: page, layer: 0, router: routers[0], loads: ExpertLoads(routers[0]), routers: routers,
            computed: computed, cursor: tokens - 1, factor: factor, problem: problem,
            name: { $0 % 3 == 1 ? "猫" : "w\($0)" }, look: Look(depth: depth))
    }

    @Test(arguments: ColourDepth.allCases, sizes) func itStaysInsideAtEverySize(
        depth: ColourDepth, size: (Int, Int)
    ) throws {
        for page in ExpertsPage.allCases {
            for (experts, chosen, factor) in [(4, 2, nil), (130, 8, 1.25), (1, 1, 0.0)] as [(Int, Int, Double?)] {
                let view = try Self.view(page, experts: experts, chosen: chosen, factor: factor, depth: depth)
                var grid = Grid(size: Size(width: size.0 + 8, height: size.1 + 6))
                let rect = Rect(x: 4, y: 3, width: size.0, height: size.1)
                view.draw(in: rect, on: &grid)
                for y in 0..<grid.size.height {
                    let outside = (0..<grid.size.width).filter { !rect.contains(x: $0, y: y) && grid[$0, y] != .blank }
                    #expect(outside.isEmpty, "\(page) \(size), row \(y - 3)")
                }
            }
        }
    }

    private func lines(_ view: ExpertsView, _ width: Int = 78, _ height: Int = 20) -> [String] {
        var grid = Grid(size: Size(width: width, height: height))
        view.draw(in: Rect(x: 0, y: 0, width: width, height: height), on: &grid)
        return grid.lines
    }

    /// Without colours, letters and crosses say the same.
    @Test func tokensHaveLettersAndCrosses() throws {
        let view = try Self.view(.tokens)
        let plain = lines(view)
        #expect(plain[1].contains("room for all tokens") && !plain.dropFirst(2).joined().contains("✗"))
        let experts = try #require(view.router).experts(39)
        let letters = experts.map(ExpertMarks.letter).joined()
        let row = try #require(plain.firstIndex { $0.contains("w39") })
        #expect(plain[row + 1].contains(letters))
        #expect(plain.last?.hasPrefix("entropy ") == true)
        // CF 1 of 40 tokens and 4 experts: room for 10.
        let tight = try Self.view(.tokens, factor: 1)
        #expect(tight.capacity == 10)
        let crossed = lines(tight, 140)
        #expect(crossed[1].contains("a question and no run") && crossed.dropFirst(2).joined().contains("✗"))
        let dropped = (0..<80).filter { tight.isDropped($0) }
        #expect(dropped.count == ExpertLoads(try #require(tight.router)).loads.reduce(0) { $0 + max(0, $1 - 10) })
    }

    @Test func loadsStandBesideTheRoom() throws {
        let shown = lines(try Self.view(.load, factor: 1))
        #expect(shown[1].contains("CF 1.00: room for 10 tokens"))
        #expect(shown[2].contains("balance") && shown[2].contains("(even: 2)"))
        let loads = try #require(try Self.view(.load).loads).loads
        for (expert, load) in loads.enumerated() {
            let line = shown[3 + expert]
            #expect(line.contains("\(ExpertMarks.letter(expert))   \(expert) ") && line.contains(" \(load) "))
            #expect(line.contains("✗ \(load - 10)") == (load > 10))
        }
    }

    @Test func oneTokenGoesThroughAllLayers() throws {
        let view = try Self.view(.way)
        let shown = lines(view)
        #expect(shown[2].hasPrefix("L0") && shown[3].hasPrefix("L2"))
        #expect(shown[2].contains("entropy"))
        #expect(view.layer(atX: 0, y: 3, in: Rect(x: 0, y: 0, width: 78, height: 20)) == 2)
        let computed = lines(try Self.view(.computed), 100)
        #expect(computed[2].contains("all 31 keys") && computed[2].contains("experts B + 1 of 4"))
        #expect(computed[3].contains("5–8 of 31 keys") && computed[3].contains("window:size=8"))
        #expect(computed[3].contains("one feed-forward network") && computed[4].contains("experts ✗B of 4"))
        #expect(computed[2].contains("3.0 GFLOP"))
    }

    @Test func placesOnTheScreenAreTokensAndPages() throws {
        let view = try Self.view(.tokens)
        let rect = Rect(x: 0, y: 0, width: 60, height: 12)
        var grid = Grid(size: Size(width: 60, height: 12))
        view.draw(in: rect, on: &grid)
        let row = try #require(grid.lines.firstIndex { $0.contains("w39") })
        let line = grid.lines[row]
        let column = line.distance(from: line.startIndex, to: try #require(line.range(of: "w39")).lowerBound)
        // Wide characters before it take two cells and are one character.
        let wide = line.prefix(column).filter { $0 == "猫" }.count
        #expect(view.token(atX: column + wide, y: row, in: rect) == 39)
        #expect(view.token(atX: 0, y: 0, in: rect) == nil)
        #expect(view.page(atX: 1, y: 0, in: rect) == .tokens)
        let problem = try Self.view(.load, problem: "nothing here")
        #expect(lines(problem).contains { $0.contains("nothing here") })
        #expect(problem.layer(atX: 0, y: 3, in: rect) == nil)
    }
}
