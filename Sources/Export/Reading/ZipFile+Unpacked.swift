import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

extension ZipFile {
    /// No deflated data are shorter.
    private static let largestRatio = 1032

    /// The bytes of an entry; what is compressed is in memory then.
    func source(of entry: Entry, path: String) throws(ExportError) -> any ByteSource {
        let name = entry.name.prefix(40)
        func broken(_ problem: String) -> ExportError { .mask(file: path, problem: problem) }
        let part = try ExportError.of { () throws(FormatError) in try self.part(of: entry) }
        switch entry.method {
        case 0: return part
        case 8:
            guard entry.size <= MaskArray.memoryLimit, entry.size <= (entry.compressedSize + 16) * Self.largestRatio
            else {
                throw broken(say("\(name) is said to hold \(entry.size.grouped) bytes, more than are unpacked"))
            }
            guard let packed = part.data(limit: MaskArray.memoryLimit) else {
                throw broken(say("\(name) is too large"))
            }
            let unpacked = try Inflater([packed], isRaw: true, path: path).next(entry.size)
            guard unpacked.count == entry.size else { throw broken(say("the data of \(name) end early")) }
            return DataSource(Data(unpacked))
        default: throw broken(say("compression method \(entry.method): stored and deflated arrays are read"))
        }
    }
}
