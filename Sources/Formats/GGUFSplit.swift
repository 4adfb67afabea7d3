import Foundation
import RopewalkPhrases

/// What a GGUF file says of the parts of its model, as llama.cpp's llama-gguf-split and its conversion script write it.
struct GGUFSplit {
    /// Counted from 0.
    let number: Int
    let count: Int

    /// Nil where a file holds its model alone.
    init?(_ metadata: [String: GGUFValue]) {
        guard let count = metadata["split.count"]?.integer, count > 1 else { return nil }
        self.count = count
        number = metadata["split.no"]?.integer ?? 0
    }

    /// The files of all parts, in their order, found by their names beside one of them.
    func paths(beside path: String) throws(FormatError) -> [String] {
        let (folder, name) = (PathParts.folder(of: path), (path as NSString).lastPathComponent)
        guard let part = PartName(name), part.count == count else {
            throw .parts(
                file: path,
                problem: say(
                    """
                    is part \(number + 1) of \(count), but its name does not end as that of a part, \
                    -00001-of-00003.gguf, so that the others are not found; give all of them their names back
                    """))
        }
        let paths = part.all.map { folder.isEmpty ? $0 : folder == "/" ? "/" + $0 : folder + "/" + $0 }
        if let missing = paths.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
            throw .parts(file: missing, problem: say("is missing, one of \(count) parts; fetch it again"))
        }
        return paths
    }

    /// Whether files are the parts that they say they are.
    static func check(_ files: [GGUFFile]) throws(FormatError) {
        for (index, file) in files.enumerated() {
            let split = GGUFSplit(file.metadata)
            guard split?.count == files.count, split?.number == index else {
                let found = split.map { say("part \($0.number + 1) of \($0.count)") } ?? say("no part")
                throw .parts(
                    file: file.path,
                    problem:
                        say(
                            """
                            says that it is \(found), its name says part \(index + 1) of \(files.count); fetch \
                            it again
                            """))
            }
        }
        let tensors = files.reduce(0) { $0 + $1.tensors.count }
        guard tensors <= GGUFHeader.countLimit else {
            throw .parts(
                file: files[0].path, problem: say("\(tensors) tensors in all parts are over \(GGUFHeader.countLimit)"))
        }
        if let expected = files.first?.metadata["split.tensors.count"]?.integer, expected != tensors {
            throw .parts(
                file: files[0].path,
                problem:
                    say(
                        """
                        the \(files.count) parts hold \(tensors) tensors and should hold \(expected); fetch \
                        them again
                        """))
        }
    }
}
