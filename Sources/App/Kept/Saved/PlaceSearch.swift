import RopewalkDocuments
import RopewalkMethods
import RopewalkPhrases

/// Places of a saved text in the present one, and how many are elsewhere now.
struct PlaceSearch {
    private let text: SourceText
    let isSame: Bool
    private(set) var moved = 0
    private(set) var lost = 0

    init(_ text: SourceText, isSame: Bool) { (self.text, self.isSame) = (text, isSame) }

    mutating func byte(of place: SavedPlace) -> Int {
        let byte = min(place.byte, text.bytes.count)
        if isSame { return byte }
        switch place.find(in: text) {
        case .there: return byte
        case .moved(let byte):
            moved += 1
            return byte
        case .lost:
            lost += 1
            return byte
        }
    }
}

extension PlaceSearch {
    /// "3 places moved with their words, 1 place was not found and stands at its old byte".
    var words: String {
        let (far, gone) = (moved.grouped, lost.grouped)
        if moved + lost == 0 { return say("all places stand at their words") }
        let found = say(
            "\(far) \(moved, one: "place", many: "places") moved with \(moved, one: "its word", many: "their words")")
        if lost == 0 { return found }
        let missing = say(
            "\(gone) \(lost, one: "place was not found: it stands at its old byte", many: "places were not found: they stand at their old bytes")"
        )
        return moved == 0 ? missing : say("\(found), \(missing)")
    }
}
