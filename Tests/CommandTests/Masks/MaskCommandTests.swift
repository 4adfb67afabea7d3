import Foundation
import TestSupport
import Testing

@Suite struct MaskCommandTests {
    @Test func textIsRowsOfDigits() throws {
        let run = try CommandRun("mask lambda:sink=1,window=2 --tokens 4")
        run.expectFine()
        #expect(run.output == "1000\n1100\n1110\n1011\n")
        let both = try CommandRun("mask causal --method window:size=1 --tokens 2")
        #expect(both.output == "10\n01\n")
        #expect(try CommandRun("mask causal").lines.count == 64)
    }

    @Test func jsonHasTheRows() throws {
        for option in ["--json", "--format json"] {
            let run = try CommandRun("mask window:size=2 --tokens 3 \(option)")
            run.expectFine()
            let object = try run.object()
            #expect(object["method"] as? String == "window:size=2")
            #expect(object["tokens"] as? Int == 3)
            #expect(object["allowed"] as? Int == 5)
            #expect(object["rows"] as? [[Int]] == [[0], [0, 1], [1, 2]])
        }
    }

    @Test func theFormatFollowsTheName() throws {
        let scratch = try Scratch()
        for (name, start) in [("m.png", "\u{89}PNG"), ("m.npy", "\u{93}NUMPY"), ("m.svg", "<svg"), ("m.txt", "1")] {
            let run = try CommandRun("mask causal --tokens 8 --out \(scratch.path(name))")
            run.expectFine()
            #expect(run.bytes.isEmpty)
            let data = try Data(contentsOf: scratch.url(name))
            #expect(data.starts(with: start.unicodeScalars.map { UInt8($0.value) }), "\(name)")
        }
    }

    @Test func checksFailOnFaults() throws {
        let fine = try CommandRun("mask lambda:sink=1,window=2 --tokens 16 --check")
        fine.expectFine()
        let leak = try CommandRun("mask full --tokens 16 --check")
        #expect(leak.status == 1)
        #expect(leak.output.contains("future") && leak.lines.count == 1)
        #expect(leak.errors == "")
        let json = try CommandRun("mask full --tokens 16 --check --json")
        #expect(json.status == 1)
        #expect(try json.objects().first?["count"] as? Int == 120)
    }

    @Test func differencesAreCounted() throws {
        let diff = try CommandRun("mask full --tokens 4 --diff causal --json")
        diff.expectFine()
        #expect(try diff.object()["only_in_first"] as? Int == 6)
        #expect(try CommandRun("mask causal --tokens 4 --diff causal --check").status == 0)
        #expect(try CommandRun("mask causal --tokens 4 --diff window:size=2 --check").status == 1)
    }

    @Test func reasonsHaveTheNumbers() throws {
        let why = try CommandRun("mask window:size=4 --why 40,3")
        why.expectFine()
        #expect(why.output == "query 40 does not see key 3: blocked: 40 − 3 = 37 ≥ window 4\n")
        #expect(try CommandRun("mask causal --why 3,3 --json").object()["visible"] as? Bool == true)
    }

    @Test func tooLargeMasksAreRefused() throws {
        try CommandRun("mask causal --tokens 100000").expectError("16384")
    }
}

/// Masks of the user's own, claims, and what layers can reach.
@Suite struct OwnMaskCommandTests {
    let wrong = Fixture.path("masks/window-256-off-by-one.png")

    @Test func aMaskThatIsOffByOneFailsItsClaim() throws {
        let run = try CommandRun(["mask", "--file", wrong, "--check", "--expect", "window=256"])
        #expect(run.status == 1)
        #expect(
            run.output
                == "window: queries whose window is not the stated 256: 256, first: query 256 sees key 0, 256 before it\n"
        )
        let fine = try CommandRun([
            "mask", "file:" + wrong, "--check", "--expect", "window=257,causal,self,density<=0.4",
        ])
        fine.expectFine()
    }

    @Test func rulesAreMasks() throws {
        let run = try CommandRun(["mask", "--expression", "k <= q && (q - k < 2 || k < 1)", "--tokens", "4"])
        run.expectFine()
        #expect(run.output == "1000\n1100\n1110\n1011\n")
        let why = try CommandRun(["mask", "expr:k <= q && q - k < 4", "--why", "40,3"])
        #expect(why.output == "query 40 does not see key 3: blocked for q = 40, k = 3 by: q - k < 4\n")
        try CommandRun(["mask", "--expression", "k <= "]).expectError("column 5")
        try CommandRun(["mask", "--file", "/nowhere"]).expectError("/nowhere")
        try CommandRun(["mask", "--file", wrong, "--tokens", "600"]).expectError("512", "600")
        #expect(try CommandRun(["mask", "--file", wrong]).lines.count == 512)
    }

    @Test func layersAndHeadsDiffer() throws {
        try CommandRun("mask banded:size=2 --of 4x2 --tokens 4").expectError("--layers")
        #expect(try CommandRun("mask banded:size=2 --of 4x2 --layers 1,3 --tokens 3").output == "100\n110\n011\n")
        #expect(try CommandRun("mask window:size=1@layers=1 --of 2x2 --layers 1 --tokens 2").output == "10\n01\n")
        try CommandRun("mask causal --layers 1").expectError("--of")
        let check = try CommandRun("mask longlora:group=4,wrap=1 --of 1x2 --tokens 16 --check")
        #expect(check.status == 1 && check.output.contains("future: layer 0, head 1: pairs that leak the future: 4"))
        let lost = try CommandRun("mask window:size=2 --of 3x1 --tokens 16 --check")
        #expect(lost.output.contains("unreachable-token: tokens that the last one cannot know of after 3 layers: 12"))
    }

    /// What is said of a place that is not there would always hold.
    @Test(arguments: [
        ("causal --tokens 16 --of 2x2 --check --expect two-sided@layers=5", "layers 0 to 1"),
        ("causal --tokens 16 --of 2x2 --check --expect causal@heads=0-2", "heads 0 to 1"),
        ("causal --tokens 16 --check --expect causal@items=5", "item 0 only"),
        ("causal --tokens 16 --check --expect padding=left:0/0", "2 lengths"),
        ("causal --tokens 16 --check --expect documents=99", "tokens 0 to 15"),
        ("window:size=4@layers=9 --of 2x2 --tokens 8", "layers 0 to 1"),
        ("causal --of 2x2 --tokens 8 --diff window:size=4@layers=9", "layers 0 to 1"),
        ("causal --of 2x2 --tokens 8 --check --expect equals=causal@layers=9", "layers 0 to 1"),
    ]) func placesThatAreNotThere(words: String, range: String) throws {
        let run = try CommandRun("mask " + words)
        run.expectError(range)
        #expect(run.status == 2)
    }

    @Test func placesOfAFileThatAreNotThere() throws {
        let words = ["mask", "file:r16_right_1HQK.npy", "--check", "--expect"]
        let run = try CommandRun(words + ["causal@heads=4"], folder: MaskReportTests.folder)
        run.expectError("'@heads=4'", "heads 0 to 3")
        let scratch = try Scratch()
        let list = #"[{"mask": "causal", "of": "2x2", "expect": "causal@layers=5"}]"#
        try Data(list.utf8).write(to: scratch.url("list.json"))
        let suite = try CommandRun(["mask", "--suite", scratch.path("list.json")])
        #expect(suite.status == 1 && suite.output.contains("layers 0 to 1"))
    }

    @Test func reachAndBlocks() throws {
        let way = try CommandRun("mask window:size=3 --tokens 16 --reach 5,0")
        way.expectFine()
        #expect(way.lines.first == "query 5 knows of key 0 after 3 layers" && way.lines.count == 4)
        let never = try CommandRun("mask block-local:block=4 --tokens 16 --reach 5,0 --json")
        #expect(try never.object()["layers"] == nil)
        let drawn = try CommandRun("mask lambda:sink=4,window=64 --tokens 4096 --block 128")
        #expect(drawn.lines[0].hasSuffix("block density 0.09082, density 0.01647, efficiency 0.1813"))
        let blocks = try CommandRun("mask causal --tokens 16 --block 4 --json").object()
        #expect(blocks["full"] as? Int == 6 && blocks["partial"] as? Int == 4 && blocks["empty"] as? Int == 6)
        try CommandRun("mask causal --check --expect casual").expectError("casual")
        try CommandRun("mask causal --expect causal").expectError("--check")
    }
}
