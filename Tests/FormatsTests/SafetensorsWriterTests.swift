import Foundation
import RopewalkFormats
import TestSupport
import Testing

@Suite struct SafetensorsWriterTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("writer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    var path: String { folder.appendingPathComponent("out.safetensors").path }
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    @Test func writesWhatTheReaderReads() throws {
        var writer = try SafetensorsWriter(
            path: path,
            tensors: [
                .init("a \"quoted\" name\n", .f32, shape: [2, 3]), .init("none", .f32, shape: [0]),
                .init("ids", .i64, shape: [2]),
            ],
            metadata: ["model": "Ω", "version": "1"])
        try writer.append([1, 2, 3] as [Float])
        try writer.append([4, 5, 6] as [Float])
        try writer.append([7, -8] as [Int64])
        try writer.finish()
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.metadata == ["model": "Ω", "version": "1"])
        let floats = try file.withBytes(of: "a \"quoted\" name\n") { Array($0.bindMemory(to: Float.self)) }
        #expect(floats == [1, 2, 3, 4, 5, 6])
        #expect(try file.withBytes(of: "ids") { Array($0.bindMemory(to: Int64.self)) } == [7, -8])
        #expect(file.tensors["none"]?.bytes.isEmpty == true)
        #expect(names == ["out.safetensors"])
        try FileManager.default.removeItem(at: folder)
    }

    @Test func leavesNothingOfAnIncompleteFile() throws {
        try Data("before".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: FormatError.self) {
            var writer = try SafetensorsWriter(path: path, tensors: [.init("a", .f32, shape: [2])])
            try writer.append([1] as [Float])
            try writer.finish()
        }
        #expect(throws: FormatError.self) {
            var writer = try SafetensorsWriter(path: path, tensors: [.init("a", .f32, shape: [2])])
            try writer.append([1, 2, 3] as [Float])
        }
        #expect(names == ["out.safetensors"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
        try FileManager.default.removeItem(at: folder)
    }

    @Test func reportsAFullDisk() {
        #expect(throws: FormatError.unwritable(file: "/dev/full", reason: "No space left on device")) {
            let writer = try SafetensorsWriter(path: "/dev/full", tensors: [])
            try writer.finish()
        }
        #expect(FileManager.default.fileExists(atPath: "/dev/full"))
    }

    @Test func refusesImpossibleDeclarations() {
        for shape in [[-1], [Int.max, 2]] {
            #expect(throws: FormatError.self) {
                _ = try SafetensorsWriter(path: path, tensors: [.init("a", .f32, shape: shape)])
            }
        }
        #expect(throws: FormatError.self) {
            _ = try SafetensorsWriter(
                path: path, tensors: [.init("a", .f32, shape: [1]), .init("a", .f32, shape: [1])])
        }
        #expect(names.isEmpty)
    }
}
