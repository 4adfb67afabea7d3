import Foundation
import RopewalkMethods
import Synchronization

@testable import RopewalkApp

/// A file of a mask that a test can change, without a disk.
final class FakeMaskFile: Sendable {
    private let state = Mutex<(rows: [KeyRanges]?, version: Int)>(([], 0))
    private let failure = Mutex<String?>(nil)

    /// Nil makes the file unreadable.
    func write(_ rows: [KeyRanges]?) {
        state.withLock { $0 = (rows, $0.version + 1) }
    }

    /// What it is found to have lost while it is open.
    func fail(_ why: String?) { failure.withLock { $0 = why } }

    var files: MaskFiles {
        MaskFiles(
            loader: MaskLoader { path throws(MethodError) in
                guard let rows = self.state.withLock({ $0.rows }) else {
                    throw .maskFile(path: path, "the file is empty")
                }
                return MaskStack([[ListedMask(rows: rows)]])
            }, stamp: { _ in "\(self.state.withLock { $0.version })" },
            list: { start in ["own.npy"].filter { $0.hasPrefix(start) } },
            failure: { _ in self.failure.withLock { $0 } })
    }

    /// The last `size` keys of every query.
    static func window(_ size: Int, tokens: Int) -> [KeyRanges] {
        (0..<tokens).map { KeyRanges(from: max(0, $0 - size + 1), to: $0 + 1) }
    }
}
