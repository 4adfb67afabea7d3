import RopewalkMethods
import Testing

/// The two steps of sparse transformers, shared by heads or by layers.
@Suite struct StepSharingTests {
    func rows(_ window: (any WindowMethod)?) -> [String]? {
        window.map { window in
            (0..<16).map { query in
                let keys = window.visibleKeys(query: query, tokens: 16)
                return String((0..<16).map { keys.contains($0) ? "1" : "0" })
            }
        }
    }

    func rows(_ spec: String, layer: Int, head: Int) throws -> [String]? {
        let method = try #require(try MethodSpec.parse(spec) as? any WindowMethod)
        return rows(method.window(in: HeadPlace(layer: layer, head: head, layers: 4, heads: 4)))
    }

    func vector(_ id: String) throws -> [String] {
        try ReferenceVectors("efficient-masks").value("st_" + id, "rows", section: "masks")
    }

    @Test func everyHeadTakesBothStepsOrOne() throws {
        for (name, merged, steps) in [
            ("strided:stride=4", "strided_merged_paper_16", ["strided_A1_paper_16", "strided_A2_16"]),
            ("fixed:stride=4,summary=1", "fixed_merged_16", ["fixed_A1_16", "fixed_A2_16"]),
        ] {
            for layer in 0..<4 {
                for head in 0..<4 {
                    #expect(try rows(name, layer: layer, head: head) == vector(merged))
                    #expect(try rows(name + ",heads=merged", layer: layer, head: head) == vector(merged))
                    #expect(try rows(name + ",heads=separate", layer: layer, head: head) == vector(steps[head % 2]))
                    #expect(try rows(name + ",heads=by-layer", layer: layer, head: head) == vector(steps[layer % 2]))
                }
            }
        }
    }

    /// Of heads that read summaries each has a cell of its own, whether or not others read blocks.
    @Test func summaryCellsOfHeads() throws {
        for head in 0..<4 {
            #expect(
                try rows("fixed:stride=4,summary=1,verts=4", layer: 2, head: head)
                    == vector("fixed_merged_16_head\(head)"))
            let reader = try #require(
                try rows("fixed:stride=4,summary=1,verts=4,heads=separate", layer: 0, head: 2 * head + 1))
            #expect(reader[15] == String((0..<16).map { $0 % 4 == 3 - head ? "1" : "0" }))
        }
    }

    @Test func oneStepForAllAndTurnsContradict() {
        for spec in ["strided:step=1,heads=separate", "fixed:step=2,heads=by-layer"] {
            let error = #expect(throws: MethodError.self) { try MethodSpec.parse(spec) }
            #expect(error?.description.contains("is one step for all heads: leave it out") == true)
        }
    }

    /// Where heads or layers share the steps, what one layer hides another shows: two layers reach what both steps reach.
    @Test func twoLayersReachAsTheVectorsSay() throws {
        let expected: [String] = try ReferenceVectors("efficient-masks").value(
            "st_fixed_two_layer_reach", "outputs.first_A1_then_A2_with_residual_rows", section: "algorithms")
        let layers = try (0..<2).map {
            try #require(try rows("fixed:stride=4,summary=1,heads=by-layer", layer: $0, head: 0))
        }
        func sees(_ layer: Int, _ query: Int, _ key: Int) -> Bool {
            query == key || Array(layers[layer][query])[key] == "1"
        }
        let reached = (0..<16).map { query in
            String(
                (0..<16).map { key in
                    (0..<16).contains { sees(1, query, $0) && sees(0, $0, key) } ? "1" : "0"
                })
        }
        #expect(reached == expected)
    }
}
