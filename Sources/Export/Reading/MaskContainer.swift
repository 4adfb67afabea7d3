import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// The arrays of a file that may hold several, by name.
struct MaskContainer {
    /// Read when it is asked for, because a file may hold much else.
    let arrays: [(name: String, array: () throws(ExportError) -> MaskArray)]
    private let path: String

    private static let usualNames = ["mask", "attention_mask", ""]

    /// The array that is named; without a name the one that is called mask, or the only one.
    func array(named name: String?) throws(ExportError) -> MaskArray {
        guard !arrays.isEmpty else { throw .mask(file: path, problem: say("there is no array in it")) }
        if let name {
            guard let named = arrays.first(where: { $0.name == name }) else {
                throw .mask(file: path, problem: say("there is no array \(Self.shown(name)) in it: it has \(names)"))
            }
            return try named.array()
        }
        for usual in Self.usualNames {
            if let named = arrays.first(where: { $0.name == usual }) { return try named.array() }
        }
        guard arrays.count == 1 else {
            throw .mask(file: path, problem: say("several arrays, \(names): choose with file:PATH#NAME"))
        }
        return try arrays[0].array()
    }

    func has(_ name: String) -> Bool { arrays.contains { $0.name == name } }

    private var names: String {
        arrays.prefix(12).map { Self.shown($0.name) }.joined(separator: ", ") + (arrays.count > 12 ? " ..." : "")
    }

    private static func shown(_ name: String) -> String { "'\(name.prefix(40))'" }

    init(arrays: [(name: String, array: () throws(ExportError) -> MaskArray)], path: String) {
        self.arrays = arrays
        self.path = path
    }

    /// A NumPy array, which has no name.
    init(npy source: any ByteSource, path: String) {
        self.path = path
        arrays = [("", { () throws(ExportError) in try NPYReader(source, path: path).array() })]
    }

    /// A zip file of NumPy arrays.
    init(npz zip: ZipFile, path: String) {
        self.path = path
        arrays = zip.entries.filter { $0.name.hasSuffix(".npy") }.map { entry in
            (
                String(entry.name.dropLast(4)),
                { () throws(ExportError) in try NPYReader(zip.source(of: entry, path: path), path: path).array() }
            )
        }
    }

    init(safetensors data: Data, source: any ByteSource, path: String) throws(ExportError) {
        self.path = path
        let file: SafetensorsFile
        do throws(FormatError) {
            file = try SafetensorsFile(data, path: path)
        } catch {
            throw .file(error.description)
        }
        arrays = file.tensors.sorted { $0.key < $1.key }.map { name, entry in
            (
                name,
                { () throws(ExportError) in
                    guard let element = MaskElement(entry.type) else {
                        throw .mask(
                            file: path, problem: say("tensor \(Self.shown(name)) is \(entry.type.rawValue): no mask"))
                    }
                    guard let part = SourcePart(source, start: entry.bytes.lowerBound, count: entry.bytes.count) else {
                        throw .mask(file: path, problem: say("the data of \(Self.shown(name)) end after the file"))
                    }
                    return try MaskArray(part, of: element, shape: entry.shape, path: path)
                }
            )
        }
    }

    /// What to do with a pickle that is not read.
    static var advice: String {
        say("only plain tensors of torch.save are read; numpy.save('mask.npy', mask.numpy()) writes what is")
    }

    /// A file of torch.save.
    init(torch zip: ZipFile, pickle: ZipFile.Entry, path: String) throws(ExportError) {
        self.path = path
        let folder = String(pickle.name.dropLast("data.pkl".count))
        let source = try zip.source(of: pickle, path: path)
        guard let bytes = source.data(limit: TorchPickle.byteLimit) else {
            throw .mask(file: path, problem: say("its list of tensors is over \(TorchPickle.byteLimit.grouped) bytes"))
        }
        let order = try zip.entries.first { $0.name == folder + "byteorder" }.map { entry throws(ExportError) in
            try zip.source(of: entry, path: path).bytes(at: 0, count: 3)
        }
        let isBigEndian = order == Array("big".utf8)
        var pickle = TorchPickle([UInt8](bytes), path: path, advice: Self.advice)
        let tensors = try ExportError.of { () throws(FormatError) in try pickle.tensors() }
        arrays = tensors.map { name, tensor in
            (
                name,
                { () throws(ExportError) in
                    guard var element = MaskElement(torch: tensor.storage) else {
                        throw .mask(
                            file: path, problem: say("tensor \(Self.shown(name)) is a \(tensor.storage): no mask"))
                    }
                    element.isBigEndian = isBigEndian
                    guard let entry = zip.entries.first(where: { $0.name == "\(folder)data/\(tensor.key)" }) else {
                        throw .mask(file: path, problem: say("the data of \(Self.shown(name)) are missing"))
                    }
                    let whole = try zip.source(of: entry, path: path)
                    let (start, overflow) = tensor.offset.multipliedReportingOverflow(by: element.size)
                    guard !overflow, let part = SourcePart(whole, start: start, count: whole.count - start) else {
                        throw .mask(file: path, problem: say("the data of \(Self.shown(name)) begin after their end"))
                    }
                    return try MaskArray(part, of: element, shape: tensor.shape, strides: tensor.strides, path: path)
                }
            )
        }
    }
}
