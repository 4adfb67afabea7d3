import RopewalkMethods
import Testing

/// Columns stand under each other on a screen.
@Suite struct AlignedTableTests {
    @Test func charactersOfTwoPlacesAreCountedAsTwo() {
        let table = AlignedTable(
            header: ["词元", "n", "word"],
            rows: [["鲸鱼在海里", "1", "a"], ["whale", "20", "ＡＢ"], ["글 é", "3", "x"]], sides: [.left, .right, .right])
        #expect(
            table.text == """
                词元         n  word
                鲸鱼在海里   1     a
                whale       20  ＡＢ
                글 é         3     x

                """)
    }
}
