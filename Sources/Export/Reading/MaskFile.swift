import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// A mask of the user's own: NumPy (.npy, .npz), safetensors, torch.save, text, PBM or PNG; told apart by its first bytes.
///
/// 1 is visible and 0 hidden; in pictures white is visible and black hidden, as this program writes them.
package enum MaskFile {
    /// What is read whole: text, pictures, standard input.
    static let textLimit = 1 << 30
    /// Queries or keys of a mask whose rows are read when they are asked for.
    static let largestSide = 4_194_304

    /// When a file was last changed, to see whether it has to be read again; one system call.
    package struct Stamp: Hashable, Sendable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
        let node: UInt64
    }

    /// Nil where the file cannot be looked at.
    package static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(split(path).path, &status) == 0 else { return nil }
        return Stamp(
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size),
            node: UInt64(status.st_ino))
    }

    /// Why rows of a file that is open cannot be read any more; nil where all could be that were asked for.
    package static func failure(of path: String) -> String? {
        ReadFailures.failure(of: split(path).path)?.description
    }

    /// Nil where there is no file; the largest number where it has no size, as a pipe.
    package static func byteCount(_ path: String) -> Int? {
        var status = stat()
        guard path != "-" else { return .max }
        guard stat(split(path).path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : .max
    }

    /// The file that a mask's path leads to, without the name of an array.
    package static func file(of path: String) -> String { path == "-" ? "/dev/stdin" : split(path).path }

    /// A path with the name of one of its arrays behind a `#`, and behind both how it is taken; a file whose own name has
    /// one comes first.
    static func split(_ text: String) -> (path: String, name: String?) {
        let text = ReadingMarks.split(text).path
        guard let mark = text.lastIndex(of: "#"), access(text, F_OK) != 0 else { return (text, nil) }
        return (String(text[..<mark]), String(text[text.index(after: mark)...]))
    }

    /// The masks of a file; of `-`, what standard input has.
    package static func read(_ text: String, _ reading: MaskReading = MaskReading()) throws(ExportError) -> MaskStack {
        let reading = try ReadingMarks.split(text).marks.applied(to: reading)
        if let unread = ReadingMarks.unread(text) {
            throw .file(
                say(
                    """
                    \(unread.prefix(60)) behind a path: it takes @axes, @as, @block, @hidden-below and @offset \
                    with a value and @invert, then @item, @layer and @head with a number from 0, each once
                    """))
        }
        let stack = try stack(text, reading)
        try checkOffset(stack, path: split(text).path)
        // What could not be read is not there as if it were hidden.
        if let failure = ReadFailures.failure(of: split(text).path) { throw .file(failure.description) }
        guard let side = reading.block else { return stack }
        guard stack.keys <= largestSide / side else {
            throw .mask(
                file: split(text).path,
                problem:
                    say(
                        """
                        \(stack.keys.grouped) blocks of \(side.grouped) are over \(largestSide.grouped) tokens, \
                        the limit
                        """))
        }
        return stack.spread(side: side)
    }

    /// A row whose query would stand behind the last key is none of the text.
    private static func checkOffset(_ stack: MaskStack, path: String) throws(ExportError) {
        guard case .at(let first) = stack.offset, stack.planes[0].queries.count <= stack.keys,
            stack.queries.upperBound > stack.keys
        else { return }
        let most = stack.keys - stack.planes[0].queries.count
        throw .mask(
            file: path,
            problem:
                say(
                    """
                    offset \(first.grouped): its \(stack.sizeText) leave room for 0 to \(most.grouped), the \
                    last query at the last key
                    """))
    }

    private static func stack(_ text: String, _ reading: MaskReading) throws(ExportError) -> MaskStack {
        let (path, name) = split(text)
        let source = try source(path)
        guard source.count > 0 else { throw .mask(file: path, problem: say("the file is empty")) }
        var hasher = Hasher()
        hasher.combine(text)
        hasher.combine(stamp(path))
        if !(source is FileSource) { hasher.combine(source.bytes(at: 0, count: source.count)) }
        let fingerprint = hasher.finalize()
        if let container = try container(source, path: path) {
            if name == nil, let blocks = try BlockIndexArrays(container, path: path) {
                return try blocks.stack(reading, fingerprint: fingerprint)
            }
            let array = try container.array(named: name)
            return reading.content == .mask
                ? try array.stack(reading, fingerprint: fingerprint)
                : try TokenArray(array).stack(reading, fingerprint: fingerprint)
        }
        guard name == nil else {
            throw .mask(file: path, problem: say("it holds one mask, none by the name '\(name ?? "")'"))
        }
        return try picture(source, path: path, reading, fingerprint)
    }

    /// The arrays of a file that holds some; nil where it holds something else.
    static func container(_ source: any ByteSource, path: String) throws(ExportError) -> MaskContainer? {
        if source.starts(with: [0x93, 0x4E, 0x55, 0x4D]) {
            return MaskContainer(npy: source, path: path)
        }
        if source.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let zip = try ExportError.of { () throws(FormatError) in try ZipFile(source, path: path) }
            if let pickle = zip.entries.first(where: { $0.name.hasSuffix("/data.pkl") || $0.name == "data.pkl" }) {
                return try MaskContainer(torch: zip, pickle: pickle, path: path)
            }
            return MaskContainer(npz: zip, path: path)
        }
        if source.starts(with: [0x80]), (2...5).contains(source.bytes(at: 1, count: 1).first ?? 0),
            !path.hasSuffix(".safetensors")
        {
            throw .mask(
                file: path,
                problem: say(
                    "it is a pickle, which is not run: numpy.save('mask.npy', mask.numpy()) writes what is read"))
        }
        guard path.hasSuffix(".safetensors") || isSafetensors(source) else { return nil }
        guard let size = source.number(at: 0, size: 8), size <= 100_000_000, size + 8 <= source.count else {
            throw .mask(file: path, problem: say("its header is longer than the file"))
        }
        let data = source is FileSource ? try mapped(path) : Data(source.bytes(at: 0, count: source.count))
        return try MaskContainer(safetensors: data, source: source, path: path)
    }

    /// A length, then the brace of a header.
    private static func isSafetensors(_ source: any ByteSource) -> Bool {
        guard let size = source.number(at: 0, size: 8), size > 1, size <= source.count - 8 else { return false }
        return source.bytes(at: 8, count: 1) == [UInt8(ascii: "{")]
    }

    /// The names of the arrays in a file; empty where it holds none.
    static func arrayNames(_ path: String) -> [String] {
        guard byteCount(path).map({ $0 < .max }) == true, let source = try? source(path), source.count > 0,
            let container = (try? container(source, path: path)) ?? nil
        else { return [] }
        return container.arrays.map(\.name)
    }

    private static func picture(
        _ source: any ByteSource, path: String, _ reading: MaskReading, _ fingerprint: Int
    ) throws(ExportError) -> MaskStack {
        func stack(_ mask: any MaskRows) -> MaskStack {
            MaskStack(planes: [mask], lengths: [], offset: reading.offset, fingerprint: fingerprint)
        }
        if source.starts(with: Array("P1".utf8)) || source.starts(with: Array("P4".utf8)) {
            return stack(try PBMReader(source, path: path).mask(isInverted: reading.isInverted))
        }
        guard let data = source.data(limit: textLimit) else {
            throw .mask(
                file: path, problem: say("\(source.count.grouped) bytes are over the limit of \(textLimit.grouped)"))
        }
        if source.starts(with: PNGReader.signature) {
            return stack(try PNGReader(data, path: path).mask(isInverted: reading.isInverted))
        }
        return try MaskTextReader(data, path: path).stack(reading, fingerprint: fingerprint)
    }

    /// What the method grammar reads `file:PATH` with.
    package static let loader = loader(MaskReading())

    package static func loader(_ reading: MaskReading) -> MaskLoader {
        MaskLoader(
            { path throws(MethodError) in
                // The sentence begins with the path already.
                do throws(ExportError) { return try read(path, reading) } catch {
                    throw .maskFile(path: "", error.description)
                }
            },
            arrays: { path throws(MethodError) in
                do throws(ExportError) { return try array(path) } catch {
                    throw .maskFile(path: "", error.description)
                }
            })
    }

    private static func mapped(_ path: String, takesPipes: Bool = false) throws(ExportError) -> Data {
        do throws(FormatError) {
            return try RegularFile.map(path, sizeLimit: takesPipes ? textLimit : .max, takesPipes: takesPipes)
        } catch {
            throw .file(error.description)
        }
    }

    /// A pipe is read to its end, as `<(…)` of a shell is one.
    static func source(_ path: String) throws(ExportError) -> any ByteSource {
        if path == "-" { return try standardInput() }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO {
            return DataSource(try mapped(path, takesPipes: true))
        }
        return try FileSource(path)
    }

    private static func standardInput() throws(ExportError) -> DataSource {
        var data = Data()
        while true {
            let part: Data?
            do { part = try FileHandle.standardInput.read(upToCount: 1 << 20) } catch {
                throw .lastError("-", "cannot read")
            }
            guard let part, !part.isEmpty else { return DataSource(data) }
            data += part
            guard data.count <= textLimit else {
                throw .mask(file: "-", problem: say("over \(textLimit.grouped) bytes on standard input: give a file"))
            }
        }
    }

    /// An error where there are no queries or keys, or too many.
    static func checkSize(queries: Int, keys: Int, path: String) throws(ExportError) {
        for (count, name) in [(queries, say("queries")), (keys, say("keys"))]
        where !(1...largestSide).contains(count) {
            throw .mask(
                file: path, problem: say("a mask of \(count.grouped) \(name): it takes 1 to \(largestSide.grouped)"))
        }
    }
}

/// Collects the ranges of a row, value by value.
struct RowBuilder {
    private var ranges: [Range<Int>] = []
    private var start: Int?
    private(set) var key = 0

    mutating func append(_ isAllowed: Bool) {
        if isAllowed {
            start = start ?? key
        } else if let from = start {
            ranges.append(from..<key)
            start = nil
        }
        key += 1
    }

    /// The row; the builder begins anew.
    mutating func finish() -> KeyRanges {
        if let start { ranges.append(start..<key) }
        defer { self = RowBuilder() }
        return KeyRanges(ranges)
    }
}
