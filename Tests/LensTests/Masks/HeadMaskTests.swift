import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

/// Masks of the same text that are not the same in every head.
struct HeadMaskTests {
    private static let mask = ListedMask(rows: (0..<300).map { KeyRanges(from: max(0, $0 - 4), to: $0 + 1) })
    private static let other = ListedMask(rows: (0..<300).map { KeyRanges(from: 0, to: $0 + 1) })

    /// The run's own sums are those of the head's mask: weights that they give sum to 1.
    @Test func aRuleThatNamesTheHeadHoldsInTheRun() throws {
        try check(Scenario(parsing: ["expr:head % 2 == 1 || q - k < 5"]))
    }

    @Test func aFileWithAMaskAHeadHoldsInTheRun() throws {
        let file = FileWindow(path: "heads.npy", masks: [[Self.mask, Self.other, Self.mask, Self.other]])
        try check(Scenario(windows: [file]))
    }

    @Test func inactiveHeadsReadNothingInTheRun() throws {
        try check(Scenario(windows: [DynamicHeads(limits: [1000], heads: [1])])) { $0 == 0 ? 201 : 0 }
    }

    private func check(
        _ scenario: Scenario, keys: (_ head: Int) -> Int = { $0 % 2 == 1 ? 201 : 5 }
    ) throws {
        let recording = try Recorder(model: Sample.model(), scenario: scenario, threads: 2).record(Sample.ids(300))
        let lens = Lens(recording: recording, threads: 2)
        for head in 0..<4 {
            let seen = try #require(lens.maskRow(layer: 0, head: head, query: 200)).visible.count
            #expect(seen == keys(head), "head \(head)")
            // A map of single cells takes the sums that the run recorded.
            let image = lens.map(
                MapRequest(layer: 0, head: head, firstQuery: 200, firstKey: 0, cell: 1, rows: 1, columns: 201))
            let sum = image.values.reduce(0) { $0 + ($1.isNaN ? 0 : $1) }
            #expect(abs(sum - (seen > 0 ? 1 : 0)) < 1e-4, "head \(head): \(sum)")
        }
    }

    /// Files of one name are told apart by what they hold.
    @Test func scenariosWithAnotherContentDiffer() throws {
        let before = Scenario(windows: [FileWindow(path: "a.npy", masks: [[Self.mask]])])
        let same = Scenario(windows: [FileWindow(path: "a.npy", masks: [[Self.mask]])])
        let after = Scenario(windows: [FileWindow(path: "a.npy", masks: [[Self.other]])])
        #expect(before == same && before != after && before.specs == after.specs)
        #expect(before.maskFiles == ["a.npy"])
        let union = try Scenario(
            parsing: ["window:size=4+file:b.npy"], loader: MaskLoader { _ in MaskStack([[Self.mask]]) })
        #expect(union.maskFiles == ["b.npy"])
    }

    @Test func aMaskThatDoesNotFitIsRefused() throws {
        let scenario = Scenario(windows: [FileWindow(path: "small.npy", masks: [[ListedMask(rows: [KeyRanges()])]])])
        #expect {
            try Sample.model().check(scenario, tokens: 9)
        } throws: { error in
            "\(error)".contains("the mask spans 1 tokens")
        }
    }

    /// The masks of layers join their heads.
    @Test func layersJoinTheirHeads() throws {
        let scenario = try Scenario(parsing: ["window:size=5@layers=0@heads=0-1", "window:size=3@layers=1"])
        let recording = try Recorder(model: Sample.model(), scenario: scenario, threads: 2).record(Sample.ids(40))
        let layers = try recording.setup.layerMasks()
        #expect(layers[0].row(30).count == 31, "the other heads see all")
        #expect(layers[1].row(30).count == 3)
        #expect(try recording.setup.mask(layer: 0, head: 1).row(30).count == 5)
        #expect(try recording.setup.mask(layer: 0, head: 1, scenario: .plain).row(30).count == 31)
    }
}
