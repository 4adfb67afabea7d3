import Foundation
import RopewalkPhrases

/// The folder with `ropewalk.py`, which asks this program about masks from Python.
enum PythonFolder {
    static func find() throws(CommandError) -> String {
        let places = SamplesFolder.ancestors(of: SamplesFolder.program) + [FileManager.default.currentDirectoryPath]
        let folders = places.flatMap { [$0 + "/Sources/Python", $0 + "/share/ropewalk/python", $0 + "/python"] }
        guard let found = folders.first(where: { FileManager.default.fileExists(atPath: $0 + "/ropewalk.py") }) else {
            throw .content(
                file: SamplesFolder.program, problem: say("there is no folder Sources/Python with ropewalk.py above it")
            )
        }
        return found
    }
}
