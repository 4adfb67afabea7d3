import Foundation
import RopewalkFormats
import Testing

/// Files that change while they are in use.
@Suite(.serialized) struct MappedFileTests {
    static func scratch() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    }

    @Test func aFileThatIsCutShortReadsAsZerosAndIsNamed() throws {
        let path = Self.scratch()
        defer { unlink(path) }
        try Data(repeating: 7, count: 40_000).write(to: URL(fileURLWithPath: path))
        do {
            let data = try RegularFile.map(path)
            #expect(data[39_999] == 7 && MappedFile.problem == nil)
            #expect(truncate(path, 5_000) == 0)
            #expect(data[100] == 7)
            #expect(data[39_999] == 0 && data[20_000] == 0)
            #expect(MappedFile.problem == .cutShort(file: path))
        }
        #expect(MappedFile.problem == nil, "a mapping that is closed is forgotten")
    }

    @Test func aDeletedFileStays() throws {
        let path = Self.scratch()
        try Data(repeating: 7, count: 40_000).write(to: URL(fileURLWithPath: path))
        let data = try RegularFile.map(path)
        unlink(path)
        #expect(data[39_999] == 7 && MappedFile.problem == nil)
    }

    @Test func pipesAreReadWhereThatIsWanted() throws {
        let path = Self.scratch()
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        #expect(throws: FormatError.self) { try RegularFile.map(path) }
        Thread.detachNewThread {
            let file = open(path, O_WRONLY)
            _ = write(file, "[1, 2]", 6)
            close(file)
        }
        #expect(try JSONDocument(contentsOf: path, takesPipes: true).root.array?.count == 2)
    }

    @Test(arguments: [mode_t(0o600), 0o640, 0o755]) func overwritingKeepsTheMode(_ mode: mode_t) throws {
        let path = Self.scratch()
        defer { unlink(path) }
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        chmod(path, mode)
        let file = try AtomicFile(path: path)
        try file.write([1, 2, 3])
        try file.commit()
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == mode && status.st_size == 3)
    }

    @Test(arguments: [true, false]) func linksStayLinks(exists: Bool) throws {
        let (link, target) = (Self.scratch(), Self.scratch())
        defer {
            unlink(link)
            unlink(target)
        }
        #expect(symlink(target, link) == 0)
        if exists { #expect(FileManager.default.createFile(atPath: target, contents: Data())) }
        let file = try AtomicFile(path: link)
        try file.write([1, 2, 3])
        try file.commit()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        #expect(FileManager.default.contents(atPath: target) == Data([1, 2, 3]))
    }
}
