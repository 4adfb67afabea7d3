import Foundation
import RopewalkFormats

/// A recording in the cache, as it is listed.
package struct CacheEntry: Sendable, Equatable {
    /// 64 digits.
    package let id: String
    /// The names of model and text, and where the model was; empty of an entry whose index is damaged.
    package let model: String
    package let modelPath: String
    package let text: String
    package let tokens: Int
    /// The specs of its methods; empty for the model's own.
    package let methods: [String]
    package let bytes: Int
    /// Seconds since 1970; 0 where nobody knows.
    package let recorded: Int
    /// The same of when it was used last.
    package let used: Int
    /// Whether its index can be read.
    package let isWhole: Bool

    /// What it takes, without a look at what it is.
    struct Size {
        let id: String
        let bytes: Int
        /// Nanoseconds since 1970.
        let used: Int64

        /// Nil where a folder is no entry.
        init?(id: String, in folder: String) {
            guard let files = CacheFolder(path: folder + "/" + id).ownFiles(),
                let own = files.first(where: { $0.name == CacheIndex.fileName })
                    ?? files.first(where: { $0.name == RecordingIndex.fileName })
            else { return nil }
            self.id = id
            bytes = files.reduce(0) { $0 + $1.stamp.bytes }
            used = own.stamp.written
        }
    }

    init(_ size: Size, in folder: String) {
        let index = try? CacheIndex(in: folder + "/" + size.id)
        id = size.id
        (model, modelPath) = (index?.modelName ?? "", index?.modelPath ?? "")
        (text, tokens, methods) = (index?.textName ?? "", index?.tokens ?? 0, index?.methods ?? [])
        bytes = size.bytes
        recorded = index?.recorded ?? 0
        used = Int(size.used / 1_000_000_000)
        isWhole = index != nil
    }

    /// "2026-11-29 18:40", where the machine is.
    /// - Parameter seconds: since 1970
    package static func date(_ seconds: Int) -> String {
        var (time, parts) = (time_t(seconds), tm())
        guard localtime_r(&time, &parts) != nil else { return "-" }
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(day) \(two(parts.tm_hour)):\(two(parts.tm_min))"
    }
}
