import RopewalkDocuments
import Testing

struct RightToLeftTests {
    @Test(arguments: ["שלום", "a مرحبا", "ܫ", "ހ", "\u{0590}"]) func scriptsAreFound(text: String) {
        #expect(RightToLeft.isIn(Array(text.utf8)[...]))
    }

    @Test(arguments: ["", "abc", "Привет", "Ընկեր", "孔子", "é", "߀", "🇩🇪", "अ"]) func othersAreNot(text: String) {
        #expect(!RightToLeft.isIn(Array(text.utf8)[...]))
    }
}
