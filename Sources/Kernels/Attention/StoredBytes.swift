/// Bytes of a file that lie in memory without having been read, and stay there as long as this lives.
package final class StoredBytes: Sendable {
    /// What the bytes belong to.
    private let owner: any Sendable
    nonisolated(unsafe) let base: UnsafeRawPointer?
    package let count: Int
    /// Told of numbers that no recording has; by the name of their tensor.
    private let report: @Sendable (_ tensor: String) -> Void

    /// - Parameters:
    ///   - bytes: stay where they are as long as the owner lives.
    ///   - report: called when numbers are met that may not be there; from any thread, often for the same.
    package init(
        owner: any Sendable, bytes: UnsafeRawBufferPointer, report: @escaping @Sendable (_ tensor: String) -> Void
    ) {
        self.owner = owner
        self.report = report
        base = bytes.baseAddress
        count = bytes.count
    }

    func noteProblem(in tensor: String) { report(tensor) }
}

extension StoredBytes {
    /// A copy of some bytes, kept as long as this lives.
    package convenience init(copying bytes: UnsafeRawBufferPointer) {
        let copy = CopiedBytes(bytes)
        self.init(owner: copy, bytes: UnsafeRawBufferPointer(copy.buffer)) { _ in }
    }
}

private final class CopiedBytes: Sendable {
    nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        buffer = .allocate(byteCount: max(1, bytes.count), alignment: 64)
        buffer.copyMemory(from: bytes)
    }

    deinit { buffer.deallocate() }
}
