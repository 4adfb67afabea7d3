import Synchronization

/// Which keys of a file have been asked for, as "rope_scaling.factor" where they lie in an object.
final class KeyLog: Sendable {
    private let names = Mutex<Set<String>>([])
    private let sentences = Mutex<[String]>([])

    func note(_ key: String) { names.withLock { _ = $0.insert(key) } }

    func contains(_ key: String) -> Bool { names.withLock { $0.contains(key) } }

    /// Whether a member of the object under that key has been asked for.
    func looksInto(_ key: String) -> Bool { names.withLock { $0.contains { $0.hasPrefix(key + ".") } } }

    /// What a reader should know of how the file was read.
    func remark(_ sentence: String) {
        sentences.withLock { if !$0.contains(sentence) { $0.append(sentence) } }
    }

    var remarks: [String] { sentences.withLock { $0 } }
}
