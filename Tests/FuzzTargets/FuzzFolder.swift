import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

/// A folder in memory for the files that are read: by their paths, as the program reads them.
package final class FuzzFolder: Sendable {
    private let path: String

    package init() throws {
        path = "/dev/shm/ropewalk-fuzz-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Puts a file of the model beside what is read.
    package func link(_ name: String, to file: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: file)
    }

    /// Writes the file anew, and gives its path.
    private func file(_ name: String, _ bytes: UnsafeRawBufferPointer) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0 && write(descriptor, bytes.baseAddress, bytes.count) == bytes.count, file)
        close(descriptor)
        return file
    }

    func readSafetensors(_ bytes: UnsafeRawBufferPointer) {
        guard let tensors = try? SafetensorsFile(contentsOf: file("x.safetensors", bytes)) else { return }
        for (name, entry) in tensors.tensors {
            let count = tensors.bytes(of: name)?.reduce(into: 0) { count, _ in count += 1 }
            precondition(count == entry.bytes.count, "a tensor that is not in the file")
        }
    }

    func readGGUF(_ bytes: UnsafeRawBufferPointer) {
        let path = file("x.gguf", bytes)
        guard let tensors = try? GGUFFile(contentsOf: path) else { return }
        for (name, entry) in tensors.tensors {
            precondition(tensors.bytes(of: name)?.count == entry.bytes.count, "a tensor that is not in the file")
        }
        _ = try? ModelInfo(contentsOf: path)
        if let tokenizer = try? Model.tokenizer(at: path) { Self.tokenise(with: tokenizer) }
        if let model = try? Model(contentsOf: path, needsTokenizer: false) {
            precondition(model.parameters >= 0)
        }
    }

    func readConfiguration(_ bytes: UnsafeRawBufferPointer) {
        _ = file("config.json", bytes)
        guard (try? ModelOutline(contentsOf: path)) != nil else { return }
        _ = try? ModelInfo(contentsOf: path)
        _ = try? Model(contentsOf: path, needsTokenizer: false)
    }

    func readTokenizer(_ bytes: UnsafeRawBufferPointer, _ name: String) {
        guard let tokenizer = try? Tokenizer(contentsOf: file(name, bytes)) else { return }
        Self.tokenise(with: tokenizer)
    }

    private static let text = "The  cats' naïve 猫, \u{301}x\u{AD}y 12345!\r\n\tİ﷽ <s>[MASK] ▁Ġthe\u{0}\u{1F468}\u{200D}"

    private static func tokenise(with tokenizer: Tokenizer) {
        guard let source = try? SourceText(text), let document = try? Document(text: source, tokenizer: tokenizer)
        else { return }
        var covered = 0
        for token in 0..<document.tokenCount { covered += document.bytes(ofToken: token).count }
        precondition(covered == Array(text.utf8).count, "a byte of the text lies in no token, or in two")
    }

    func readMask(_ bytes: UnsafeRawBufferPointer) {
        // The first byte says how the file is to be taken: the rest is the file.
        var reading = MaskReading()
        let choice = Int(bytes.first ?? 0)
        let contents = MaskReading.Content.allCases
        reading.content = contents[choice % contents.count]
        reading.isInverted = choice & 0x40 != 0
        if choice & 0x80 != 0 { reading.offset = .at(choice & 15) }
        let path = file("x.mask", UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        guard let stack = try? MaskFile.read(path, reading) else { return }
        for plane in stack.planes.prefix(3) {
            for query in plane.queries.prefix(20) {
                let ranges = plane.row(query).ranges
                precondition(ranges.allSatisfy { 0 <= $0.lowerBound && $0.upperBound <= plane.tokens }, "keys beyond")
            }
        }
    }

    func readText(_ bytes: UnsafeRawBufferPointer) {
        guard let text = try? SourceText(contentsOf: file("x.txt", bytes)) else { return }
        let lines = text.lines
        precondition(lines.count > 0 || bytes.isEmpty, "a text without lines")
    }
}
