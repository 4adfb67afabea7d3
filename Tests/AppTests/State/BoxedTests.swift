import RopewalkCellGrid
import Testing

@testable import RopewalkApp

/// Values kept apart behave as if they were not.
@Suite struct BoxedTests {
    private struct Pair: Equatable {
        @Boxed var left = [1, 2]
        @Boxed var right: String? = "two"
    }

    @Test func aCopyKeepsWhatItHasWhenTheOtherChanges() {
        let first = Pair()
        var second = first
        second.left.append(3)
        second.right = nil
        #expect(first == Pair())
        #expect(second.left == [1, 2, 3])
        #expect(second.right == nil)
        second.left.removeLast()
        second.right = "two"
        #expect(second == first)
    }

    @Test func partsOfAStateDoNotChangeItsCopies() {
        let before = AppState(size: Size(width: 80, height: 24))
        var after = before
        after.notes.put(Notes.Note(byte: 3, word: "a", text: "seen"))
        after.overlay = .help(top: 2)
        #expect(before.overlay == nil)
        #expect(after != before)
        after.notes = before.notes
        after.overlay = nil
        #expect(after == before)
    }
}
