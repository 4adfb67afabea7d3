import Foundation

/// The limits of memory of the control groups that this process is in, as containers and services have them.
///
/// /proc/meminfo does not know them; who takes more than they allow is ended by the system.
struct ControlGroups {
    /// The folder that holds `proc` and `sys`.
    let root: URL

    /// Bytes that are left within the tightest limit; nil where there is none.
    var room: Int? {
        let text = (try? String(contentsOf: root.appendingPathComponent("proc/self/cgroup"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line -> Int? in
            // "0::/path" of version 2; "4:memory:/path" of version 1, which has a hierarchy for each kind of limit.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            if parts[0] == "0", parts[1].isEmpty { return room(in: parts[2], .two) }
            return parts[1].split(separator: ",").contains("memory") ? room(in: parts[2], .one) : nil
        }.min()
    }

    /// The names of files in either version.
    private struct Version {
        /// Where the hierarchy may stand.
        let folders: [String]
        let limit: String
        let used: String
        /// In `memory.stat`: cached files that nobody has needed lately, which are used memory that can be had.
        let cached: String

        static let one = Version(
            folders: ["sys/fs/cgroup/memory"], limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
            cached: "total_inactive_file")
        static let two = Version(
            folders: ["sys/fs/cgroup", "sys/fs/cgroup/unified"], limit: "memory.max", used: "memory.current",
            cached: "inactive_file")
    }

    /// The limit of every group above holds too. Inside a container the path may be the one outside, where only the top
    /// is there to be read.
    private func room(in path: Substring, _ version: Version) -> Int? {
        let names = path.split(separator: "/").filter { $0 != ".." }
        return version.folders.flatMap { folder in
            (0...names.count).compactMap { depth in
                names.prefix(depth).reduce(root.appendingPathComponent(folder)) {
                    $0.appendingPathComponent(String($1))
                }
            }.compactMap { room(at: $0, version) }
        }.min()
    }

    /// Nil where the group has no limit ("max").
    private func room(at group: URL, _ version: Version) -> Int? {
        guard let limit = number(group, version.limit), let used = number(group, version.used) else { return nil }
        let statistics = (try? String(contentsOf: group.appendingPathComponent("memory.stat"), encoding: .utf8)) ?? ""
        let line = statistics.split(separator: "\n").first { $0.hasPrefix(version.cached + " ") }
        let cached = line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        return max(0, limit - max(0, used - max(0, min(cached, used))))
    }

    /// A number that is not negative, which a file has all to itself.
    private func number(_ group: URL, _ file: String) -> Int? {
        guard let text = try? String(contentsOf: group.appendingPathComponent(file), encoding: .utf8),
            let number = Int(text.filter { !$0.isWhitespace }), number >= 0
        else { return nil }
        return number
    }
}
