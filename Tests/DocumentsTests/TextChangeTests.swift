import RopewalkDocuments
import Testing

struct TextChangeTests {
    private func change(_ first: String, _ second: String) -> TextChange {
        TextChange(from: Array(first.utf8), to: Array(second.utf8))
    }

    @Test func isWhatLiesBetweenWhatBothHave() {
        #expect(change("one two three", "one 2 three") == change("xxx two three", "xxx 2 three"))
        let word = change("one two three", "one 22222 three")
        #expect(word.old == 4..<7 && word.new == 4..<9)
        #expect(change("same", "same").isEmpty)
        // What both begin and end with is counted once.
        let doubled = change("aa", "aaa")
        #expect(doubled.old == 2..<2 && doubled.new == 2..<3)
        #expect(change("", "new").new == 0..<3 && change("old", "").old == 0..<3)
    }

    /// Everything outside of the change is led there and back.
    @Test func placesAreLedThereAndBack() {
        let word = change("one two three", "one 22222 three")
        for place in [0, 3, 7, 12] { #expect(word.original(of: word.moved(place)) == place) }
        #expect((4..<7).map { word.moved($0) } == [4, 5, 6])
        #expect((4..<9).allSatisfy { word.original(of: $0) == nil })
        #expect(word.moved(13) == 15)
    }
}
