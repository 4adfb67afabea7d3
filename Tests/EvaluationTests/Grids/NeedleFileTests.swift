import Foundation
import RopewalkEvaluation
import RopewalkFormats
import Testing

struct NeedleFileTests {
    private static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("needles-\(UUID().uuidString).jsonl").path
    }

    private static func header(_ model: String = "m", choices: Int = 3, ids: [Int32] = [1, 2]) -> NeedleHeader {
        NeedleHeader(model: model, parameters: 7, text: "a \"text\"", ids: ids, borders: nil, choices: choices)
    }

    static func result(found: Bool = true, loss: Double = 1.25) -> NeedleResult {
        NeedleResult(
            tokens: 512, depth: 24.5, isFound: found, share: found ? 1 : 0.5, isEnded: true, reading: "48\n19\u{1B}\"",
            firstWrong: found ? nil : 2, loss: loss, answerTokens: 5, rank: found ? 1 : 9,
            choice: found ? .init(rank: 1, count: 4) : nil, mass: [0.25, 0.5], seen: [1, 0], heads: 2,
            copies: found
                ? NeedleCopies(
                    steps: 5, needleTokens: 20, differentTokens: 12, drawnHits: 0.125, drawnCopied: 0.25,
                    heads: [.init(hits: 3, copied: 2, shuffledHits: 0.5, shuffledCopied: 0.75), nil]) : nil)
    }

    private static func cell(_ seed: Int) -> NeedleCell {
        NeedleCell(task: "passkey", method: "rope", place: .init(length: 512, depth: 25, seed: seed))
    }

    @Test func recordsComeBack() throws {
        let path = Self.path()
        defer { unlink(path) }
        let outcomes: [NeedleOutcome] = [
            .read(Self.result()), .read(Self.result(found: false, loss: .infinity)), .failed("too\nshort"),
        ]
        do {
            var file = try NeedleFile(path, header: Self.header())
            for (seed, outcome) in outcomes.enumerated() { try file.append(NeedleRecord(Self.cell(seed), outcome)) }
            #expect(file.outcomes.count == 3 && file.broken.isEmpty)
        }
        let again = try NeedleFile(path, header: Self.header())
        for (seed, outcome) in outcomes.enumerated() { #expect(again.outcomes[Self.cell(seed)] == outcome) }
        #expect(again.broken.isEmpty)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 4 && lines.allSatisfy { !$0.contains("\u{1B}") })
    }

    /// What is read again is the same to the last bit: else a table of a run that was gone on with would differ from a fresh one.
    @Test func numbersComeBackToTheBit() throws {
        let path = Self.path()
        defer { unlink(path) }
        let numbers = SeededFloats.some
        let result = NeedleResult(
            tokens: 9, depth: 100.0 / 3, isFound: false, share: 2.0 / 3, isEnded: false, reading: "", firstWrong: 0,
            loss: 6.123456789012345e-7, answerTokens: 1, rank: 2, choice: nil, mass: numbers, seen: numbers, heads: 1,
            copies: NeedleCopies(
                steps: 1, needleTokens: 3, differentTokens: 2, drawnHits: 1.0 / 7, drawnCopied: -0.0,
                heads: numbers.map {
                    .init(hits: 1, copied: 0, shuffledHits: Double($0) / 3, shuffledCopied: 1e-9)
                }))
        do {
            var file = try NeedleFile(path, header: Self.header())
            try file.append(NeedleRecord(Self.cell(0), .read(result)))
        }
        guard case .read(let again) = try NeedleFile(path, header: Self.header()).outcomes[Self.cell(0)] else {
            Issue.record("it is not there")
            return
        }
        #expect(again == result)
        #expect(again.mass.map(\.bitPattern) == result.mass.map(\.bitPattern))
        #expect(again.copies?.drawnCopied.sign == .minus)
    }

    private enum SeededFloats {
        /// Ends of the range, and others of all sizes.
        static var some: [Float] {
            var state: UInt32 = 1
            return [0, -0.0, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.0 / 3, 0.1]
                + (0..<300).map { _ in
                    state = state &* 1_664_525 &+ 1_013_904_223
                    let value = Float(bitPattern: state)
                    return value.isFinite ? value : 0.5
                }
        }
    }

    /// What was cut short is counted and named, and what comes next stands on a line of its own.
    @Test func brokenLinesAreCountedAndNamed() throws {
        let path = Self.path()
        defer { unlink(path) }
        do {
            var file = try NeedleFile(path, header: Self.header())
            for seed in 0..<3 { try file.append(NeedleRecord(Self.cell(seed), .read(Self.result()))) }
        }
        var text = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        text[2] = "{\"task\": 5}"
        text.insert("no json", at: 2)
        let cut = text.joined(separator: "\n").dropLast(40)
        try cut.write(toFile: path, atomically: false, encoding: .utf8)
        do {
            var file = try NeedleFile(path, header: Self.header())
            #expect(file.broken == [3, 4, 5] && file.outcomes.count == 1)
            try file.append(NeedleRecord(Self.cell(2), .read(Self.result(found: false))))
        }
        let again = try NeedleFile(path, header: Self.header())
        #expect(again.broken == [3, 4, 5])
        #expect(again.outcomes[Self.cell(2)] == .read(Self.result(found: false)))
    }

    @Test func otherFilesAreLeftAlone() throws {
        let path = Self.path()
        defer { unlink(path) }
        for text in ["hello\n", "{\"needles\": 9}\n", "\n\n", "[]"] {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            #expect(throws: NeedleError.self) { _ = try NeedleFile(path, header: Self.header()) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
        unlink(path)
        do { _ = try NeedleFile(path, header: Self.header()) }
        for other in [Self.header("n"), Self.header(choices: 0), Self.header(ids: [1, 3])] {
            #expect(throws: NeedleError.self) { _ = try NeedleFile(path, header: other) }
        }
        #expect(throws: NeedleError.self) { _ = try NeedleFile("/dev/null", header: Self.header()) }
        #expect(throws: NeedleError.self) { _ = try NeedleFile("/tmp", header: Self.header()) }
        #expect(throws: NeedleError.self) { _ = try NeedleFile("/nowhere/at/all", header: Self.header()) }
        // Of two writers the second is told.
        let first = try NeedleFile(path, header: Self.header())
        #expect {
            _ = try NeedleFile(path, header: Self.header())
        } throws: { "\($0)".contains("another program") }
        #expect(first.outcomes.isEmpty)
    }
}
