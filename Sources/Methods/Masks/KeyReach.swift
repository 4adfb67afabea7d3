/// The keys that queries of a text can see at all under windows that forget: the first ones of the text, and those that are
/// not further back than a distance.
package struct KeyReach: Equatable, Sendable {
    /// Tokens at the beginning of the text.
    package private(set) var first: Int
    /// The last keys that a query may see, itself included.
    package private(set) var recent: Int

    package init(first: Int, recent: Int) {
        self.first = first
        self.recent = recent
    }

    /// Of some windows that hold together; nil where none of them forgets, or none says so in zones.
    /// - Parameter tokens: of the text
    package init?(_ windows: [any WindowMethod], tokens: Int) {
        let reaches = windows.compactMap { KeyReach($0, tokens: tokens) }
        guard let least = reaches.min(by: { $0.first + $0.recent < $1.first + $1.recent }) else { return nil }
        self = least
    }

    private init?(_ window: any WindowMethod, tokens: Int) {
        guard let zones = window.zones(of: 0..<tokens, tokens: tokens)?.zones else { return nil }
        self.init(first: 0, recent: 0)
        // What others take away again makes it less at most.
        for zone in zones where zone.weight > 0 {
            let last = min(zone.distances.upperBound, zone.queries.upperBound - zone.keys.lowerBound)
            if last <= zone.keys.upperBound {
                recent = max(recent, last)
            } else {
                first = max(first, zone.keys.upperBound)
            }
        }
        if first + recent >= tokens { return nil }
    }

    /// What is in either.
    package func union(_ other: KeyReach) -> KeyReach {
        KeyReach(first: max(first, other.first), recent: max(recent, other.recent))
    }
}
