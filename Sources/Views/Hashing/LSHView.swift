import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// How hashing comes to the keys of the cursor: buckets along the text, what is sorted by them, what rounds find.
package struct LSHView: Sendable {
    /// The method as it is written; nil where nothing is hashed.
    package let method: String?
    /// Nil while it is worked out.
    package let reading: LSHReading?
    /// What the head reads, small.
    package let map: MapImage?
    package let name: @Sendable (Int) -> String
    package let look: Look

    package init(
        method: String?, reading: LSHReading? = nil, map: MapImage? = nil,
        name: @escaping @Sendable (Int) -> String = { String($0) }, look: Look
    ) {
        self.method = method
        self.reading = reading
        self.map = map
        self.name = name
        self.look = look
    }

    /// A sign of a bucket; they begin anew after 36.
    static func sign(_ bucket: Int) -> String {
        String(bucket % 36, radix: 36)
    }

    func ink(_ bucket: Int) -> Style {
        look.theme.series.isEmpty ? look.theme.text : look.theme.series[bucket % look.theme.series.count]
    }
}
