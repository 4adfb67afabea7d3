import Foundation

/// Collects bytes and hands them on in large pieces, so that no picture is ever whole in memory.
package final class ByteSink {
    package typealias Destination = ([UInt8]) throws(ExportError) -> Void

    private let destination: Destination
    private var pending: [UInt8] = []
    private static let pieceSize = 1 << 16

    package init(_ destination: @escaping Destination) {
        self.destination = destination
        pending.reserveCapacity(Self.pieceSize)
    }

    package func append(_ bytes: some Sequence<UInt8>) throws(ExportError) {
        pending.append(contentsOf: bytes)
        if pending.count >= Self.pieceSize { try flush() }
    }

    package func append(_ text: String) throws(ExportError) {
        try append(text.utf8)
    }

    /// Hands on what is left; to be called once at the end.
    package func flush() throws(ExportError) {
        guard !pending.isEmpty else { return }
        try destination(pending)
        pending.removeAll(keepingCapacity: true)
    }
}

extension ByteSink {
    /// Writes to an open file descriptor that stays open; `name` is for error messages.
    package convenience init(descriptor: Int32, name: String) {
        self.init { bytes throws(ExportError) in
            var offset = 0
            while offset < bytes.count {
                let written = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if written < 0 {
                    guard errno == EINTR else { throw .lastError(name, "cannot write") }
                } else {
                    offset += written
                }
            }
        }
    }
}

extension ExportError {
    /// The error that the last system call left.
    static func lastError(_ path: String, _ operation: String) -> ExportError {
        .system(path: path, operation: operation, reason: String(cString: strerror(errno)))
    }
}
