/// What is different between two rows of things: one stretch in place of another.
package struct TextChange: Equatable, Sendable {
    /// In the first, and what stands there in the second.
    package let old: Range<Int>
    package let new: Range<Int>

    /// Between bytes, or tokens: what lies between what both begin with and what both end with.
    package init<Element: Equatable>(from first: [Element], to second: [Element]) {
        let shorter = min(first.count, second.count)
        var start = 0
        while start < shorter, first[start] == second[start] { start += 1 }
        var end = 0
        while end < shorter - start, first[first.count - 1 - end] == second[second.count - 1 - end] { end += 1 }
        old = start..<first.count - end
        new = start..<second.count - end
    }

    package var isEmpty: Bool { old.isEmpty && new.isEmpty }

    /// Where in the second stands what stood at a place of the first.
    package func moved(_ place: Int) -> Int {
        if place < old.lowerBound { return place }
        if place >= old.upperBound { return place - old.upperBound + new.upperBound }
        return min(new.lowerBound + place - old.lowerBound, new.upperBound)
    }

    /// Where in the first stood what stands at a place of the second; nil for what it does not have.
    package func original(of place: Int) -> Int? {
        if place < new.lowerBound { return place }
        return place >= new.upperBound ? place - new.upperBound + old.upperBound : nil
    }
}
