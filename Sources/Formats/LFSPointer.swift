import Foundation

/// What git has in place of a large file until `git lfs pull` fetches it: three short lines.
package enum LFSPointer {
    private static let start = Data("version https://git-lfs.github.com/spec/".utf8)
    /// The format's own limit, in bytes.
    private static let limit = 1024

    /// The bytes of the file that a pointer stands for; nil where the data are none.
    static func size(in data: Data) -> Int? {
        guard data.count < limit, data.starts(with: start) else { return nil }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("size ") }
        return line.flatMap { Int($0.dropFirst("size ".count)) } ?? 0
    }
}
