import Foundation

/// A zip file of entries that are not compressed, without checksums, which no reader here looks at.
struct StoredZip {
    private(set) var bytes = Data()

    init(_ entries: [(name: String, data: Data)]) {
        var directory = Data()
        for (name, data) in entries {
            let place = bytes.count
            // Needed version, flags, method, time, date, checksum, both sizes, lengths of the name and of nothing.
            let common =
                Self.number(20, 2) + Data(count: 12) + Self.number(data.count, 4) + Self.number(data.count, 4)
                + Self.number(name.utf8.count, 2) + Self.number(0, 2)
            bytes += Self.number(0x0403_4B50, 4) + common + Data(name.utf8) + data
            directory +=
                Self.number(0x0201_4B50, 4) + Self.number(20, 2) + common + Data(count: 10)
                + Self.number(place, 4) + Data(name.utf8)
        }
        let start = bytes.count
        bytes += directory + Self.number(0x0605_4B50, 4) + Data(count: 4) + Self.number(entries.count, 2)
        bytes +=
            Self.number(entries.count, 2) + Self.number(directory.count, 4) + Self.number(start, 4) + Data(count: 2)
    }

    /// Little-endian.
    private static func number(_ value: Int, _ size: Int) -> Data {
        Data((0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
}
