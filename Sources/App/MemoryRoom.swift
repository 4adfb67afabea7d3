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

    /// Of one token while a run goes on: keys, values and queries, the run's own turned keys and values, seven numbers a
    /// head in every layer, the last hidden state, the loss, and cos and sin of its angles.
    static func bytesPerToken(_ shape: ModelShape) -> Double {
        let vectors = (4 * Double(shape.keyValueHeads) + Double(shape.heads)) * Double(shape.headDimension)
        let layers = Double(shape.layers) * (vectors + 7 * Double(shape.heads))
        return 4 * (layers + Double(shape.hidden) + 1 + Double(shape.headDimension))
    }

    /// Of the blocks of the map: two numbers for each of the past half of at most 512 x 512 blocks a head.
    static func mapBytes(_ shape: ModelShape) -> Double {
        Double(shape.layers) * Double(shape.heads) * 2 * 4 * 512 * 512 / 2
    }

    /// The tokens, at most `wanted`, whose recording fits into `available` bytes; at least one.
    static func tokens(_ wanted: Int, shape: ModelShape, available: Int?) -> Int {
        guard let available else { return wanted }
        let room = Double(available) * share - mapBytes(shape)
        let fitting = max(1, room / max(1, bytesPerToken(shape)))
        return fitting >= Double(wanted) ? wanted : Int(fitting)
    }
}
