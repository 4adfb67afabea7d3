import RopewalkCellGrid

/// Colours of 24 bits in the places of a palette.
///
/// ncurses knows such colours only by entries of terminfo that most machines do not have. So it is told colours of the
/// palette, each of which stands for one of 24 bits, and what it writes is changed on its way to the terminal.
struct DirectColours {
    /// The 16 named colours stay what they are.
    private static let first = 16
    private static let end = 256

    private var indices: [UInt32: Int] = [:]
    private var colours: [UInt32] = []

    /// The place of a colour; nil where all are taken.
    mutating func index(of colour: Palette.Components) -> Int? {
        let bits = UInt32(colour.red) << 16 | UInt32(colour.green) << 8 | UInt32(colour.blue)
        if let index = indices[bits] { return index }
        let index = Self.first + colours.count
        guard index < Self.end else { return nil }
        colours.append(bits)
        indices[bits] = index
        return index
    }

    /// Forgets all colours; every cell must then be drawn again.
    mutating func removeAll() {
        indices.removeAll(keepingCapacity: true)
        colours.removeAll(keepingCapacity: true)
    }

    /// Whether a capability that sets a colour is written as `rewritten` expects it.
    static func understands(_ capability: String?) -> Bool {
        guard let capability else { return false }
        return ["38", "48"].contains { capability.contains("\($0);5;%p1%d") || capability.contains("\($0):5:%p1%d") }
    }

    /// What ncurses wrote, with `38;5;N` and `48;5;N` as the colours that N stands for.
    func rewritten(_ bytes: [UInt8]) -> [UInt8] {
        guard !colours.isEmpty else { return bytes }
        var written: [UInt8] = []
        written.reserveCapacity(bytes.count * 2)
        var place = 0
        while place < bytes.count {
            guard bytes[place] == 0x1B, place + 1 < bytes.count, bytes[place + 1] == 0x5B else {
                written.append(bytes[place])
                place += 1
                continue
            }
            let end = bytes[(place + 2)...].firstIndex { (0x40...0x7E).contains($0) } ?? bytes.count - 1
            let sequence = bytes[place...end]
            written += sequence.last == 0x6D ? renditions(sequence) : Array(sequence)
            place = end + 1
        }
        return written
    }

    /// One sequence that begins with CSI and ends with "m".
    private func renditions(_ sequence: ArraySlice<UInt8>) -> [UInt8] {
        let body = sequence.dropFirst(2).dropLast()
        let parts = body.split(omittingEmptySubsequences: false) { $0 == 0x3B || $0 == 0x3A }
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count >= 3 else { return Array(sequence) }
        var shown: [String] = []
        var index = 0
        while index < parts.count {
            if index + 2 < parts.count, ["38", "48"].contains(parts[index]), parts[index + 1] == "5",
                let number = Int(parts[index + 2]), colours.indices.contains(number - Self.first)
            {
                let colour = colours[number - Self.first]
                shown += [parts[index], "2", "\(colour >> 16)", "\(colour >> 8 & 0xFF)", "\(colour & 0xFF)"]
                index += 3
            } else {
                shown.append(parts[index])
                index += 1
            }
        }
        return Array("\u{1B}[\(shown.joined(separator: ";"))m".utf8)
    }
}
