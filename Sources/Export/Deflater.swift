import CRopewalkZLib

/// A zlib stream that gives its output in pieces.
final class Deflater {
    typealias Output = ([UInt8]) throws(ExportError) -> Void

    /// On the heap: zlib keeps the stream's address between calls.
    private let stream: UnsafeMutablePointer<z_stream>
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var filled = 0

    init() throws(ExportError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit_(stream, Z_DEFAULT_COMPRESSION, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw .compression(code: code) }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses bytes; whole pieces go to `output`.
    func feed(_ bytes: [UInt8], _ output: Output) throws(ExportError) {
        try run(bytes, flush: Z_NO_FLUSH, output)
    }

    /// Ends the stream and hands on what is left.
    func finish(_ output: Output) throws(ExportError) {
        try run([], flush: Z_FINISH, output)
        if filled > 0 { try output(Array(buffer[..<filled])) }
        filled = 0
    }

    private func run(_ bytes: [UInt8], flush: Int32, _ output: Output) throws(ExportError) {
        var input = bytes
        var consumed = 0
        while true {
            let (code, taken, made) = step(&input, from: consumed, flush: flush)
            consumed += taken
            filled += made
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else { throw .compression(code: code) }
            // With room left in the buffer, zlib has taken all there was.
            if filled < buffer.count { return }
            try output(buffer)
            filled = 0
        }
    }

    private func step(
        _ input: inout [UInt8], from consumed: Int, flush: Int32
    ) -> (code: Int32, taken: Int, made: Int) {
        let available = input.count - consumed
        let room = buffer.count - filled
        return input.withUnsafeMutableBufferPointer { source in
            buffer.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress.map { $0 + consumed }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = target.baseAddress.map { $0 + filled }
                stream.pointee.avail_out = UInt32(room)
                let code = deflate(stream, flush)
                return (code, available - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out))
            }
        }
    }
}
