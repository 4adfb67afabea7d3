extension Array {
    /// How many elements come before the first that `isAfter`; those that are must be last. By bisection.
    package func partitionPoint(_ isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Array where Element: Comparable {
    /// Where `element` stands among elements that ascend; nil where it is none of them.
    func ascendingIndex(of element: Element) -> Int? {
        let index = partitionPoint { $0 >= element }
        return index < count && self[index] == element ? index : nil
    }
}
