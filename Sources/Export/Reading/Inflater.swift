import CRopewalkZLib
import Foundation
import RopewalkPhrases

/// Decompresses as much as is asked for.
final class Inflater {
    /// On the heap: zlib keeps the stream's address between calls.
    private let stream: UnsafeMutablePointer<z_stream>
    private let pieces: [Data]
    private var piece = 0
    /// What zlib reads at the moment, and how much of it is consumed.
    private var input: [UInt8] = []
    private var consumed = 0
    private var isAtEnd = false
    private let path: String

    /// - Parameters:
    ///   - pieces: parts of one compressed stream.
    ///   - isRaw: without zlib's header and checksum, as in a zip file.
    init(_ pieces: [Data], isRaw: Bool, path: String) throws(ExportError) {
        self.pieces = pieces
        self.path = path
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = inflateInit2_(
            stream, isRaw ? -MAX_WBITS : MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw .compression(code: code) }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next `count` bytes; fewer only at the end.
    func next(_ count: Int) throws(ExportError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count, !isAtEnd {
            if consumed == input.count, !refill() { break }
            let (code, taken, made) = step(&output, from: filled)
            consumed += taken
            filled += made
            if code == Z_STREAM_END { isAtEnd = true; break }
            guard code == Z_OK || (code == Z_BUF_ERROR && taken + made > 0) else {
                throw .mask(file: path, problem: say("the compressed data are damaged (zlib code \(code))"))
            }
        }
        output.removeLast(count - filled)
        return output
    }

    /// The next part of the input; false where there is none.
    private func refill() -> Bool {
        while piece < pieces.count {
            let data = pieces[piece]
            let start = pieceOffset
            guard start < data.count else {
                piece += 1
                pieceOffset = 0
                continue
            }
            let length = min(1 << 16, data.count - start)
            input = [UInt8](data[data.startIndex + start..<data.startIndex + start + length])
            pieceOffset += length
            consumed = 0
            return true
        }
        return false
    }
    private var pieceOffset = 0

    private func step(_ output: inout [UInt8], from filled: Int) -> (code: Int32, taken: Int, made: Int) {
        let available = input.count - consumed
        let room = output.count - filled
        return input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress.map { $0 + consumed }
                stream.pointee.avail_in = UInt32(available)
                stream.pointee.next_out = target.baseAddress.map { $0 + filled }
                stream.pointee.avail_out = UInt32(clamping: room)
                let code = inflate(stream, Z_NO_FLUSH)
                return (code, available - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out))
            }
        }
    }
}
