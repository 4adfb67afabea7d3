import Foundation
import RopewalkPeers

/// A worker that is a shell script, in a folder of its own.
struct FakeWorker: ~Copyable {
    let path: String
    private let folder: URL

    /// - Parameter script: what the shell runs; `$line` is not set: `read line` reads a question.
    init(_ script: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("worker")
        try Data(("#!/bin/sh\n" + script + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        path = file.path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Loaded, with this as what it does with every further question.
    static func loaded(_ answer: String) -> String {
        "read line; echo '{\"ready\": \"fake 1.0\"}'; while read line; do \(answer); done"
    }

    func peer(patience: Int = 20) throws -> Peer {
        try Peer(
            path, arguments: [], settings: .init(peer: "torch", model: "m", threads: 2, room: 64), patience: patience)
    }

    func failure(patience: Int = 20) -> PeerFailure? {
        do {
            _ = try peer(patience: patience).answer(.read([1, 2, 3]))
            return nil
        } catch { return error as? PeerFailure }
    }
}
