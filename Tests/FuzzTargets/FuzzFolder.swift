import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

/// A folder in memory for the files that are read: by their paths, as the program reads them.
package final class FuzzFolder: Sendable {
    let path: String
    /// What the headers that are read speak of.
    let models: [FuzzModel]

    /// - Parameter fixtures: the folder Tests/Fixtures, of which some lie beside what a target reads
    package init(for target: FuzzTarget, fixtures: String) throws {
        path = "/dev/shm/ropewalk-fuzz-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        models = try FuzzModel.all(for: target, fixtures: fixtures)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        switch target {
        case .configuration: try link("model.safetensors", to: "\(fixtures)/hf/llama_default/model.safetensors")
        case .tokenizerSettings: try link("tokenizer.json", to: "\(fixtures)/fuzz/tokenizer-json/spm_bpe_llama2")
        case .shards:
            for name in ["plain", "types"] {
                try link("\(name).safetensors", to: "\(fixtures)/fuzz/safetensors/\(name)")
            }
        case .manifests: try makePlaces(fixtures)
        case .tiktoken:
            try link("tokenizer_config.json", to: "\(fixtures)/tokenizers/tiktoken/tokenizer_config.json")
        case .adapters:
            for name in ["config.json", "model.safetensors"] {
                try link("base/\(name)", to: "\(fixtures)/adapters/llama/\(name)")
            }
        default: break
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func link(_ name: String, to file: String) throws {
        let place = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: file)
    }

    /// Writes the file anew, and gives its path.
    func file(_ name: String, _ bytes: UnsafeRawBufferPointer) -> String {
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

    /// The first two bytes are the length of the first of two files.
    func readSplitGGUF(_ bytes: UnsafeRawBufferPointer) {
        let length = bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        let rest = bytes.dropFirst(2)
        let first = file("x-00001-of-00002.gguf", UnsafeRawBufferPointer(rebasing: rest.prefix(length)))
        _ = file("x-00002-of-00002.gguf", UnsafeRawBufferPointer(rebasing: rest.dropFirst(length)))
        _ = try? ModelInfo(contentsOf: first)
        _ = try? Model(contentsOf: first, needsTokenizer: false)
    }

    func readShards(_ bytes: UnsafeRawBufferPointer) {
        _ = file("model.safetensors.index.json", bytes)
        guard let files = try? CheckpointFiles(folder: path) else { return }
        for name in ["a", "b", "c", "d", "no such"] {
            guard let (tensors, entry) = files.find(name) else {
                _ = files.absence(of: name)
                continue
            }
            precondition(tensors.bytes(of: name)?.count == entry.bytes.count, "a tensor that is not in its file")
        }
    }

    func readTokenizerSettings(_ bytes: UnsafeRawBufferPointer) {
        _ = file("tokenizer_config.json", bytes)
        guard let tokenizer = try? Tokenizer(contentsOf: "\(path)/tokenizer.json") else { return }
        Self.tokenise(with: tokenizer)
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
