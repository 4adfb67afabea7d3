import RopewalkCellGrid
import Testing

@testable import RopewalkViews

@Suite struct SentenceTests {
    static let parts = [["angle never seen", "unseen"], ["critical: no full turn", "no turn"], ["index"]]

    @Test func takesTheLongestWordingsThatFit() {
        #expect(Sentence.fitting(Self.parts, width: 80) == "angle never seen · critical: no full turn · index")
        #expect(Sentence.fitting(Self.parts, width: 34) == "angle never seen · no turn · index")
        #expect(Sentence.fitting(Self.parts, width: 16) == "unseen · no turn")
        #expect(Sentence.fitting(Self.parts, width: 5) == "index")
        #expect(Sentence.fitting(Self.parts, width: 0).isEmpty)
    }

    @Test(arguments: 0..<60)
    func neverCutsAWord(width: Int) {
        let text = Sentence.fitting(Self.parts, width: width)
        #expect(CellWidth.of(text) <= width)
        let wordings = Set(Self.parts.joined())
        for part in text.split(separator: " · ") { #expect(wordings.contains(String(part))) }
    }

    /// What comes first stays; a part is cut only where its beginning still says something.
    @Test func aBorderKeepsItsFirstParts() {
        let facts = "L3 H7 · max · log · 1 cell = 32² tokens"
        #expect(Sentence.shortened(facts, width: 40) == facts)
        #expect(Sentence.shortened(facts, width: 30) == "L3 H7 · max · log · 1 cell = …")
        #expect(Sentence.shortened(facts, width: 22) == "L3 H7 · max · log")
        #expect(Sentence.shortened(facts, width: 6) == "L3 H7")
        #expect(Sentence.shortened("bigbird:block=64,random=3", width: 14) == "bigbird:block…")
        #expect(Sentence.shortened(facts, width: -3).isEmpty)
    }

    /// No number is cut.
    @Test func whatHasNoRoomIsLeftOutAsAWhole() {
        let line = "sentence 6 reads: itself 0.31 · 3 “There” 0.22 · others 0.2175"
        #expect(Sentence.whole(line, width: 80) == line)
        #expect(Sentence.whole(line, width: 61) == "sentence 6 reads: itself 0.31 · 3 “There” 0.22 · …")
        #expect(Sentence.whole(line, width: 34) == "sentence 6 reads: itself 0.31 · …")
        #expect(Sentence.whole(line, width: 9) == "sentence…" && Sentence.whole(line, width: 0).isEmpty)
    }

    @Test func signedBarsGrowFromTheMiddle() {
        #expect(Bar.signed(1, width: 9) == "    ┃━━━━")
        #expect(Bar.signed(-0.5, width: 9) == "  ━━┃    ")
        #expect(Bar.signed(-0.1, width: 9) == "   ╺┃    ")
        #expect(Bar.signed(0, width: 9) == "    ┃    ")
        #expect(Bar.signed(.nan, width: 5) == "     ")
        #expect(Bar.signed(7, width: 0).isEmpty)
    }
}
