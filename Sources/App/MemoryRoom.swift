import Foundation
import Models

/// How many tokens can be recorded in the memory there is.
struct MemoryRoom {
    /// The part of the available memory that a recording may take.
    static let share = 0.6

    /// Bytes that are free or can be freed; nil where the system does not say.
    static var available: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        return available(in: text)
    }

    /// From the text of /proc/meminfo: `MemAvailable:   12345 kB`.
    static func available(in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        let (bytes, isTooMany) = kilobytes.multipliedReportingOverflow(by: 1024)
        return isTooMany ? nil : bytes
    }

    /// Of one token: keys, values, queries and a few numbers a head in every layer, and the last hidden state.
    static func bytesPerToken(_ shape: ModelShape) -> Double {
        let vectors = (2 * Double(shape.keyValueHeads) + Double(shape.heads)) * Double(shape.headDimension)
        return 4 * Double(shape.layers) * (vectors + 6 * Double(shape.heads)) + 4 * Double(shape.hidden)
    }

    /// Of the pooled maps: two of 512 x 512 cells a head, with all coarser ones.
    static func pyramidBytes(_ shape: ModelShape) -> Double {
        Double(shape.layers) * Double(shape.heads) * 2 * 4 * 512 * 512 * 4 / 3
    }

    /// The tokens, at most `wanted`, whose recording fits into `available` bytes; at least one.
    static func tokens(_ wanted: Int, shape: ModelShape, available: Int?) -> Int {
        guard let available else { return wanted }
        let room = Double(available) * share - pyramidBytes(shape)
        let fitting = max(1, room / max(1, bytesPerToken(shape)))
        return fitting >= Double(wanted) ? wanted : Int(fitting)
    }
}
