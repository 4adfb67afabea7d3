import Foundation
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
