import Foundation
import RopewalkFormats
import TestSupport
import Testing

/// What somebody asks who explores a document, by keys alone from the place that he looks at, on a screen of a usual size
/// and on the smallest usual one. The numbers on the screen are those that a trace writes.
@Suite struct ExploringTests {
    private static let sizes = ["120x40", "80x24"]
    private static let tokens = 260
    /// The second "Oh" of "Oh dear! Oh dear!", found by its letters: token 206 with head L3 H7.
    private static let place = "/ text:Oh Space text:dear Enter n"

    /// The screen after at most five keys at a place.
    private func screen(
        _ keys: String, _ size: String, _ texts: [String] = [], at place: String = place
    ) throws -> String {
        #expect(keys.split(separator: " ").count { !$0.hasPrefix("text:") } <= 5, "\(keys)")
        let texts = texts.isEmpty ? ["samples/texts/alice.txt"] : texts
        let run = try CommandRun(
            ["render"] + texts + ["--tokens", "\(Self.tokens)", "--size", size, "--keys", "\(place) \(keys)"])
        run.expectFine()
        return run.output
    }

    private struct Traced {
        var weights: [[Float]] = []
        let losses: [Float]
        let logits: [Float]

        init() throws {
            let scratch = try Scratch()
            let out = scratch.path("out.safetensors")
            try CommandRun([
                "trace", "samples/texts/alice.txt", "--tokens", "\(tokens)", "--record", "attentions,nll,logits",
                "--out", out,
            ]).expectFine()
            let file = try SafetensorsFile(contentsOf: out)
            func floats(_ name: String) throws -> [Float] {
                try file.withBytes(of: name) { bytes in
                    stride(from: 0, to: bytes.count, by: 4).map {
                        bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
                    }
                }
            }
            losses = try floats("nll")
            logits = try floats("logits")
            for layer in 0..<4 { weights.append(try floats("attentions.\(layer)")) }
        }

        func weight(_ layer: Int, _ head: Int, _ query: Int, _ key: Int) -> Double {
            Double(weights[layer][(head * tokens + query) * tokens + key])
        }

        /// The probabilities of the token after a place.
        func next(_ token: Int) -> [Double] {
            let size = logits.count / tokens
            let row = logits[token * size..<(token + 1) * size].map(Double.init)
            let highest = row.max() ?? 0
            let powers = row.map { exp($0 - highest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    private static let trace = Result { try Traced() }

    /// How the screen writes a share.
    private func written(_ share: Double) -> String { String(format: share < 0.095 ? "%.4f" : "%.2f", share) }

    private func heads(_ trace: Traced, _ query: Int, _ keys: ClosedRange<Int>) -> [(name: String, weight: Double)] {
        (0..<32).map { index in
            let (layer, head) = (index / 8, index % 8)
            return ("L\(layer) H\(head)", keys.reduce(0) { $0 + trace.weight(layer, head, query, $1) })
        }.sorted { $0.weight > $1.weight }
    }

    /// Task 1: where a word comes from, and which heads look there: at one word, and at a definition.
    @Test(arguments: sizes) func whereItIsTakenFromAndByWhom(_ size: String) throws {
        let trace = try Self.trace.get()
        let reads = try screen("Q", size)
        #expect(reads.contains(/204 +2 +0\.71/) && written(trace.weight(3, 7, 206, 204)) == "0.71")
        let byWord = try screen("H", size)
        for (name, weight) in heads(trace, 206, 204...204).prefix(2) {
            #expect(byWord.contains("\(name)     \(written(weight))"), "\(name) \(weight)")
        }
        // The word, then its sentence, becomes the key; back to where the question came up.
        let bySentence = try screen("% % Enter u H", size, at: "\(Self.place) : text:180 Enter")
        let span = try #require(bySentence.firstMatch(of: /206 → (\d+)–(\d+)/))
        let (first, last) = try (#require(Int(span.1)), #require(Int(span.2)))
        #expect(first < 180 && 180 < last)
        let strongest = heads(trace, 206, first...last)[0]
        #expect(bySentence.contains("\(strongest.name)     \(written(strongest.weight))"), "\(strongest)")
    }

    /// Task 2: who reads a sentence.
    @Test(arguments: sizes) func whoReadsASentence(_ size: String) throws {
        let trace = try Self.trace.get()
        let readers = try screen("% % @", size)
        #expect(readers.contains("206–208") && readers.contains("are read in L3 H7"))
        for query in [207, 208, 209] {
            let sum = (206...208).reduce(0) { $0 + trace.weight(3, 7, query, $1) }
            #expect(readers.split(separator: "\n").contains { $0.contains("\(query) ") && $0.contains(written(sum)) })
        }
    }

    /// Task 3: what was expected, how likely it was, and where the model was surprised most.
    @Test(arguments: sizes) func whatComesNext(_ size: String) throws {
        let trace = try Self.trace.get()
        let expected = try screen("P", size)
        for share in trace.next(206).sorted(by: >).prefix(3) { #expect(expected.contains(written(share)), "\(share)") }
        #expect(expected.contains("“␣dear” follows, which had rank 1"))
        let worst = trace.losses.enumerated().max { $0.element < $1.element }
        let (index, loss) = try #require(worst.map { ($0.offset, $0.element) })
        let surprised = try screen("!", size)
        #expect(surprised.contains(String(format: "%d  %.2f", index + 1, loss)))
        #expect(try screen("! Enter", size).contains("cursor \(index) "))
    }

    /// Task 4: two heads, two layers, two methods at the same place.
    @Test(arguments: sizes) func twoBesideEachOther(_ size: String) throws {
        let trace = try Self.trace.get()
        for (keys, head) in [("Z {", (3, 6)), ("Z [", (2, 7))] {
            let both = try screen(keys, size)
            #expect(both.contains("L3 H7") && both.contains("L\(head.0) H\(head.1)") && both.contains("kept"))
            let strongest = (1...206).map { trace.weight(head.0, head.1, 206, $0) }.max() ?? 0
            #expect(both.contains(written(strongest)), "\(keys)")
        }
        let methods = try screen("Z ; text:yarn:factor=4 Enter", size)
        #expect(methods.contains("kept · plain") && methods.contains("0.71"))
    }

    /// Task 5: along a chain of keys, and back.
    @Test(arguments: sizes) func alongAChain(_ size: String) throws {
        let trace = try Self.trace.get()
        #expect(try screen("o", size).contains("cursor 204"))
        let strongest = (1...204).max { trace.weight(3, 7, 204, $0) < trace.weight(3, 7, 204, $1) } ?? 0
        #expect(try screen("o a o", size).contains("cursor \(strongest) "))
        #expect(try screen("o a o u u", size).contains("cursor 206"))
    }

    /// Task 6: marks, notes, and a row as a table.
    @Test(arguments: sizes) func marksNotesAndTables(_ size: String) throws {
        let trace = try Self.trace.get()
        #expect(try screen("\" a g ' a", size).contains("cursor 206"))
        #expect(try screen("` text:seen Enter", size).contains("noted: seen"))
        let scratch = try Scratch()
        let out = scratch.path("row.csv")
        _ = try screen("Ctrl-S text:\(out) Enter", size)
        let rows = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(rows.count == 207)
        for (key, row) in rows.enumerated() {
            let numbers = row.split(separator: ",").compactMap { Double($0) }
            #expect(numbers.contains { abs($0 - trace.weight(3, 7, 206, key)) < 1e-6 }, "\(row)")
        }
    }

    /// Task 7: a pattern, the outline, and where attention rests.
    @Test(arguments: sizes) func patternsOutlineAndSinks(_ size: String) throws {
        #expect(try screen("/ text:re:d[ae][a-z]+! Enter", size).contains("cursor 207"))
        #expect(try screen("J", size).contains("Chapter 2 - The Pool of Tears"))
        let trace = try Self.trace.get()
        func received(_ key: Int) -> Double {
            (key..<Self.tokens).reduce(0) { $0 + trace.weight(3, 7, $1, key) } / Double(Self.tokens)
        }
        let keys = (0..<Self.tokens).sorted { received($0) > received($1) }
        let shown = try screen("$", size)
        for key in keys.prefix(3) { #expect(shown.contains(try Regex(" \(key) +\(written(received(key)))")), "\(key)") }
    }

    /// Task 8: sentences by sentences.
    @Test(arguments: sizes) func sentencesBySentences(_ size: String) throws {
        let table = try screen("$ t", size)
        #expect(
            table.contains("↓ reads") && table.contains("→ is read") && table.contains("Oh dear!")
                && table.contains("itself"))
        #expect(try screen("$ t t", size).contains("paragraph"))
    }

    /// Task 9: all heads together, entropy, rollout, the logit lens.
    @Test(arguments: sizes) func allHeadsAndLayers(_ size: String) throws {
        let trace = try Self.trace.get()
        let means = (1...206).map { key in (0..<8).reduce(0) { $0 + trace.weight(3, $1, 206, key) } / 8 }
        let mean = try screen("&", size)
        #expect(mean.contains("mean") && mean.contains(written(means.max() ?? 0)))
        let highest = (1...206).map { key in (0..<8).map { trace.weight(3, $0, 206, key) }.max() ?? 0 }.max() ?? 0
        #expect(try screen("2 &", size).contains(written(highest)))
        #expect(try screen("2 ~", size).contains("loss"))
        #expect(try screen("3 ~", size).contains("entropy"))
        #expect(try screen("5 ~", size).contains("rollout"))
        let layers = try screen("^", size)
        #expect(layers.contains("L3") && layers.contains(written(trace.next(206).max() ?? 0)))
    }

    /// Task 10: another word in place of this one.
    @Test(arguments: sizes) func anotherWord(_ size: String) throws {
        let changed = try screen("Ctrl-W text:cat Enter Ctrl-L", size)
        #expect(changed.contains("“Oh” → “cat”") && changed.contains("0.47 →"))
    }

    /// Task 11: several texts.
    @Test(arguments: sizes) func severalTexts(_ size: String) throws {
        let scratch = try Scratch()
        let other = try scratch.file("other.py", "def walrus(x):\n    return x\n")
        #expect(try screen("F12 wait", size, ["samples/texts/alice.txt", other]).contains("walrus"))
    }

    /// Methods that read in levels, by hashing, with global tokens; keys that are split.
    @Test(arguments: sizes) func levelsGlobalsAndSplits(_ size: String) throws {
        let levels = try screen("; text:hibert Enter 7 ~", size)
        // At 80 columns the word attribution has to do.
        #expect(levels.contains("attribution") && (size == "80x24" || levels.contains("not attention")))
        #expect(try screen("; text:window:size=64 Enter Ctrl-V", size).contains("made global"))
        #expect(try screen("Ctrl-D t t", size).contains(/parts? of the keys/))
    }

    /// Task 13: what cannot be seen.
    @Test(arguments: sizes) func whatCannotBeSeen(_ size: String) throws {
        let scratch = try Scratch()
        let odd = try scratch.file("odd.txt", "a\tb  \r\nOh dear, Oh dear x\r\n")
        #expect(try screen("_", size, [odd]).contains("a→  b··␍↵"))
    }
}
