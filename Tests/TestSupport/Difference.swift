/// Nil where both have the same elements in the same order, or neither is there; else the first place where they differ,
/// what stands there, and how many places differ. NaN equals NaN.
///
/// `#expect(firstDifference(a, b) == nil)` in place of `#expect(a == b)` for whatever has more than a few hundred elements:
/// Swift Testing works out a whole difference of collections that it finds unequal, in time that grows with the square of
/// their size, which is minutes for 100,000 numbers.
package func firstDifference<A: Collection, B: Collection>(_ found: A?, _ expected: B?) -> String?
where A.Element == B.Element, A.Element: Equatable {
    guard let found, let expected else {
        return found == nil && expected == nil ? nil : "\(found == nil ? "the first" : "the second") is missing"
    }
    var first: String?
    var count = 0
    // What is not equal to itself is NaN.
    for (place, (a, b)) in zip(found, expected).enumerated() where a != b && (a == a || b == b) {
        if first == nil { first = "[\(place)] is \(a), not \(b)" }
        count += 1
    }
    guard found.count == expected.count else {
        let lengths = "\(found.count) elements, not \(expected.count)"
        return first.map { "\(lengths); the first that differs: \($0)" } ?? lengths
    }
    return first.map { "\($0); \(count) of \(expected.count) differ" }
}
