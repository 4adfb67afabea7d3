import RopewalkMethods

/// Where masks in files come from.
package struct MaskFiles: Sendable {
    package var loader: MaskLoader
    /// Changes whenever the file does; nil where the file cannot be looked at.
    package var stamp: @Sendable (_ path: String) -> String?

    /// Bytes of a file; nil where there is none.
    package var bytes: @Sendable (_ path: String) -> Int?
    /// Paths of files and folders that begin with a path, in order; those of folders end with a slash.
    package var list: @Sendable (_ path: String) -> [String]

    /// What has happened to a file that is open; nil where all could be read that was asked for.
    package var failure: @Sendable (_ path: String) -> String?

    /// Files of more bytes are not read at every key.
    static let probeLimit = 16 << 20

    package init(
        loader: MaskLoader, stamp: @escaping @Sendable (_ path: String) -> String?,
        bytes: @escaping @Sendable (_ path: String) -> Int? = { _ in nil },
        list: @escaping @Sendable (_ path: String) -> [String] = { _ in [] },
        failure: @escaping @Sendable (_ path: String) -> String? = { _ in nil }
    ) {
        self.loader = loader
        self.stamp = stamp
        self.bytes = bytes
        self.list = list
        self.failure = failure
    }

    /// Bytes of the largest file that methods name; nil where none of them is there.
    func size(of specs: [String]) -> Int? {
        specs.compactMap { spec in
            spec.firstRange(of: "file:").flatMap { bytes(MaskPlane.split(String(spec[$0.upperBound...])).path) }
        }.max()
    }
}

/// The files of some scenarios as they were when last looked at.
struct MaskWatch: Sendable {
    let scenarios: [Scenario]
    private var stamps: [String: String]
    /// Those that could not be read further, which has been said.
    private var damaged: Set<String> = []

    init(_ scenarios: [Scenario], files: MaskFiles) {
        self.scenarios = scenarios
        stamps = [:]
        for path in scenarios.flatMap(\.maskFiles) { stamps[path] = files.stamp(path) }
    }

    /// What has happened to files that are open, once for each.
    mutating func damages(files: MaskFiles) -> [String] {
        stamps.keys.sorted().compactMap { path in
            guard let failure = files.failure(path) else {
                damaged.remove(path)
                return nil
            }
            return damaged.insert(path).inserted ? failure : nil
        }
    }

    /// The files that have changed since the last look. One that is gone for a moment, as while it is replaced, has not.
    mutating func changes(files: MaskFiles) -> [String] {
        var changed: [String] = []
        for (path, last) in stamps.sorted(by: { $0.key < $1.key }) {
            guard let stamp = files.stamp(path), stamp != last else { continue }
            stamps[path] = stamp
            changed.append(path)
        }
        return changed
    }
}
