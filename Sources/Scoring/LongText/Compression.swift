import CRopewalkZLib

/// How far zlib shrinks a text: what says the same again and again becomes small, what is random does not.
enum Compression {
    /// Compressed size / size at level 6; nil for nothing. Longer texts are compressed in parts of 64 MB.
    static func ratio(_ text: [UInt8]) -> Double? {
        guard !text.isEmpty else { return nil }
        var size = 0
        for start in stride(from: 0, to: text.count, by: part) {
            let end = min(start + part, text.count)
            var room = [UInt8](repeating: 0, count: Int(compressBound(uLong(end - start))))
            var count = uLongf(room.count)
            let code = text[start..<end].withUnsafeBufferPointer {
                compress2(&room, &count, $0.baseAddress, uLong($0.count), 6)
            }
            guard code == Z_OK else { return nil }
            size += Int(count)
        }
        return Double(size) / Double(text.count)
    }

    private static let part = 64 << 20
}
