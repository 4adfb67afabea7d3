import Foundation

/// Bytes that are asked for in order, so that no file has to be whole in memory.
protocol ByteSource: AnyObject {
    /// The next `count` bytes; fewer only at the end.
    func next(_ count: Int) throws(ExportError) -> [UInt8]
}

/// The bytes of mapped data.
final class DataSource: ByteSource {
    private let data: Data
    private var offset: Int

    init(_ data: Data) {
        self.data = data
        offset = data.startIndex
    }

    func next(_ count: Int) throws(ExportError) -> [UInt8] {
        let end = min(data.endIndex, offset + count)
        defer { offset = end }
        return [UInt8](data[offset..<end])
    }
}
