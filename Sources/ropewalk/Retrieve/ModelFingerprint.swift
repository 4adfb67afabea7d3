import Foundation
import RopewalkModels

/// What tells the files of a model from those of another one under the same name, without reading all of them: names and sizes, and of
/// each file its beginning, its end and some places between.
struct ModelFingerprint {
    /// 16 digits, base 16.
    let text: String

    /// Files of weights, of configurations and of tokenizers.
    private static let kinds: Set = ["safetensors", "bin", "pt", "pth", "gguf", "json", "model", "txt"]
    private static let block = 4096
    private static let places = 64

    init(_ model: Model) { self.init(paths: [model.path] + [model.adapterPath].compactMap { $0 }) }

    /// - Parameter paths: folders or files; what cannot be read counts as nothing
    init(paths: [String]) {
        var hash = Hash()
        for path in paths.flatMap(Self.files) {
            hash.add(Array((path as NSString).lastPathComponent.utf8))
            guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)),
                let size = try? file.seekToEnd()
            else { continue }
            defer { try? file.close() }
            hash.add(withUnsafeBytes(of: size.littleEndian) { Array($0) })
            for start in Self.starts(Int(size)) {
                guard (try? file.seek(toOffset: UInt64(start))) != nil, let data = try? file.read(upToCount: Self.block)
                else { continue }
                hash.add(Array(data))
            }
        }
        let digits = String(hash.value, radix: 16)
        text = String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func files(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [path] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().filter { kinds.contains(($0 as NSString).pathExtension) }.map { path + "/" + $0 }.filter {
            var status = stat()
            // A pipe would block.
            return stat($0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Where blocks begin: all of a small file.
    private static func starts(_ size: Int) -> [Int] {
        guard size > places * block else { return Array(stride(from: 0, to: size, by: block)) }
        return (0..<places).map { $0 * ((size - block) / (places - 1)) } + [size - block]
    }

    /// FNV-1a.
    private struct Hash {
        private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ bytes: [UInt8]) { for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 } }
    }
}
