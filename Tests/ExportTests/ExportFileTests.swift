import Foundation
import RopewalkExport
import Testing

@Suite struct ExportFileTests {
    /// A folder of its own that is gone after the test.
    func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    func files(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }

    @Test func aFileIsReplacedWhole() throws {
        try inFolder { folder in
            let path = folder + "/mask.txt"
            try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append("first, longer") }
            try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append("second") }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
            #expect(try files(folder) == ["mask.txt"])
        }
    }

    @Test func aFailureKeepsTheOldFileAndLeavesNoOther() throws {
        try inFolder { folder in
            let path = folder + "/mask.txt"
            try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append("old") }
            #expect(throws: ExportError.unknownFormat("x")) {
                try ExportFile.write(to: path) { sink throws(ExportError) in
                    try sink.append(Array(repeating: 7, count: 1 << 20))
                    throw .unknownFormat("x")
                }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            #expect(try files(folder) == ["mask.txt"])
        }
    }

    @Test func aLinkIsKept() throws {
        try inFolder { folder in
            try "old".write(toFile: folder + "/real", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/real")
            try ExportFile.write(to: folder + "/link") { sink throws(ExportError) in try sink.append("new") }
            #expect(try String(contentsOfFile: folder + "/real", encoding: .utf8) == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == folder + "/real")
        }
    }

    @Test func aFullDiskIsReported() {
        #expect(
            throws: ExportError.system(path: "/dev/full", operation: "cannot write", reason: "No space left on device")
        ) {
            try ExportFile.write(to: "/dev/full") { sink throws(ExportError) in try sink.append("x") }
        }
    }

    @Test func placesThatCannotBeWritten() throws {
        try inFolder { folder in
            let missing = ExportError.system(
                path: folder + "/none/mask", operation: "cannot create", reason: "No such file or directory")
            #expect(throws: missing) { try ExportFile.write(to: folder + "/none/mask") { _ in } }
            let directory = ExportError.system(path: folder, operation: "cannot create", reason: "Is a directory")
            #expect(throws: directory) { try ExportFile.write(to: folder) { _ in } }
            #expect(missing.description == "\(folder)/none/mask: cannot create: No such file or directory")
        }
    }
}
