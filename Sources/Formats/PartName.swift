/// The name of one of several files that belong together, such as `model-00001-of-00003.safetensors`.
package struct PartName: Hashable, Sendable {
    /// More than any published model has.
    static let countLimit = 4096

    /// What stands before the number.
    package let stem: String
    /// Counted from 1.
    package let number: Int
    package let count: Int
    /// With its dot.
    let ending: String

    /// Nil where a name is no such name.
    package init?(_ name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[parts.count - 2] == "of", let dot = parts[parts.count - 1].firstIndex(of: "."),
            let number = Self.number(parts[parts.count - 3]), let count = Self.number(parts[parts.count - 1][..<dot]),
            (1...Self.countLimit).contains(count), (1...count).contains(number)
        else { return nil }
        stem = parts.dropLast(3).joined(separator: "-")
        ending = String(parts[parts.count - 1][dot...])
        self.number = number
        self.count = count
    }

    private init(_ whole: PartName, number: Int) {
        (stem, count, ending) = (whole.stem, whole.count, whole.ending)
        self.number = number
    }

    /// As all programs write it.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.count == 5 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }

    var name: String { "\(stem)-\(Self.padded(number))-of-\(Self.padded(count))\(ending)" }

    /// The names of all files that belong together with this one.
    package var all: [String] { (1...count).map { PartName(self, number: $0).name } }

    /// The same for all files that belong together.
    package var group: PartName { PartName(self, number: 1) }

    private static func padded(_ number: Int) -> String {
        String(repeating: "0", count: 5 - String(number).count) + String(number)
    }
}
