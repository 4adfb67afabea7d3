import Foundation
import RopewalkFormats

/// The model and the texts that come with the program.
enum SamplesFolder {
    /// Names the folder, in place of looking for it.
    static let variable = "ROPEWALK_SAMPLES"

    static let bundled = "books-4m"

    static func model() throws(CommandError) -> String { try find() + "/" + bundled }
    /// All models that come with it, the default first.
    static var models: [String] {
        guard let folder = try? find() else { return [] }
        return ((try? FolderContents(folder))?.models ?? []).map { folder + "/" + $0 }
    }
    static func book() throws(CommandError) -> String { try text("alice.txt") }
    static func text(_ name: String) throws(CommandError) -> String { try find() + "/texts/" + name }

    static func path() throws(CommandError) -> String { try find() }

    /// The files of benchmarks that come with it.
    static var benchmarks: [String] {
        guard let folder = try? find() + "/benchmarks" else { return [] }
        return [folder, folder + "/leval"].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
                .filter { $0.hasSuffix(".jsonl") || $0.hasSuffix(".json") }.map { folder + "/" + $0 }
        }
    }

    /// The files of lessons in their order, each with the name that it goes by: `02-heads.lesson` is heads.
    static func lessons() throws(CommandError) -> [(name: String, path: String)] {
        let folder = try find() + "/lessons"
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return files.filter { $0.hasSuffix(LessonSource.ending) }.map { file in
            let stem = file.dropLast(LessonSource.ending.count)
            return (String(stem.drop { $0.isNumber || $0 == "-" }), folder + "/" + file)
        }
    }

    /// The folder `samples` beside the program or above it, or in the current folder; `share/ropewalk/samples` where the
    /// program is installed.
    private static func find() throws(CommandError) -> String {
        if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty {
            guard isSamples(named) else { throw .noSamples(["\(named) (\(variable))"]) }
            return named
        }
        let current = FileManager.default.currentDirectoryPath
        let places = (ancestors(of: program) + [current]).flatMap { [$0 + "/samples", $0 + "/share/ropewalk/samples"] }
        if let found = places.first(where: isSamples) { return found }
        throw .noSamples(["\(current)/samples", "any folder samples above \(program)"])
    }

    /// The program's own file, behind all links.
    static var program: String {
        guard let path = realpath("/proc/self/exe", nil) ?? realpath(CommandLine.arguments.first ?? "", nil) else {
            return "/"
        }
        defer { free(path) }
        return String(cString: path)
    }

    static func ancestors(of path: String) -> [String] {
        var folders: [String] = []
        var place = URL(fileURLWithPath: path)
        while place.path != "/" {
            place = place.deletingLastPathComponent()
            folders.append(place.path == "/" ? "" : place.path)
        }
        return folders
    }

    private static func isSamples(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/\(bundled)/config.json")
    }
}
