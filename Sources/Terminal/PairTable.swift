import CRopewalkNCurses

/// The pairs of foreground and background that ncurses has been told, made when first needed.
struct PairTable {
    private struct Colours: Hashable {
        var foreground: Int32
        var background: Int32
    }

    private var numbers: [Colours: Int32] = [:]
    private let capacity: Int

    /// - Parameter capacity: How many pairs the terminal has, the standard pair 0 included.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The pair of two colour indices, nil for the terminal's own; nil where the table is full.
    mutating func number(foreground: Int?, background: Int?) -> Int32? {
        if foreground == nil, background == nil { return 0 }
        let colours = Colours(foreground: Int32(foreground ?? -1), background: Int32(background ?? -1))
        if let known = numbers[colours] { return known }
        let number = Int32(numbers.count + 1)
        guard Int(number) < capacity, init_extended_pair(number, colours.foreground, colours.background) == OK else {
            return nil
        }
        numbers[colours] = number
        return number
    }

    /// Forgets all pairs; every cell must then be drawn again.
    mutating func removeAll() { numbers.removeAll(keepingCapacity: true) }
}
