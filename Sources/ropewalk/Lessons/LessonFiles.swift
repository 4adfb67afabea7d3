import Foundation
import RopewalkApp
import RopewalkFormats
import RopewalkPhrases

/// A lesson with the file that it came from.
struct LessonSource {
    /// As `ropewalk lesson` names it.
    let name: String
    let path: String
    let lesson: Lesson

    static let ending = ".lesson"

    /// A shipped lesson by its name, or a file.
    init(_ name: String) throws {
        if name.contains("/") || name.hasSuffix(Self.ending) {
            self = try LessonSource(
                name: URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent, path: name)
        } else if let known = try SamplesFolder.lessons().first(where: { $0.name == name }) {
            self = try LessonSource(name: name, path: known.path)
        } else {
            throw CommandError.combination(
                say(
                    "no lesson is called '\(name.prefix(60))': ropewalk lesson lists them, and takes files that end in \(Self.ending)"
                )
            )
        }
    }

    private init(name: String, path: String) throws {
        let data = try RegularFile.map(path, sizeLimit: Lesson.mostBytes)
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandError.content(file: path, problem: say("it is no UTF-8 text"))
        }
        (self.name, self.path) = (name, path)
        lesson = try Lesson(parsing: text, file: path)
    }

    /// Those that come with the program, in their order.
    static func shipped() throws -> [LessonSource] {
        try SamplesFolder.lessons().map { try LessonSource(name: $0.name, path: $0.path) }
    }

    /// What opens its text with its model and methods.
    func arguments() throws -> [String] {
        var arguments: [String] = []
        if let text = lesson.text ?? bundled("texts/alice.txt") { arguments.append(try file(text)) }
        if let model = lesson.model ?? bundled(SamplesFolder.bundled) { arguments += ["--model", try file(model)] }
        if let beside = lesson.beside { arguments += ["--beside", try file(beside)] }
        if let tokens = lesson.tokens { arguments += ["--tokens", String(tokens)] }
        for method in lesson.methods { arguments += ["--method", method] }
        return arguments
    }

    /// What comes with the program, where only the lesson knows the way to it.
    private func bundled(_ name: String) -> String? { (try? SamplesFolder.path()) == nil ? name : nil }

    /// In the folder of samples, or else beside the lesson or in the folder above, as those that come with the program lie;
    /// names of models stay.
    private func file(_ name: String) throws -> String {
        let own = URL(fileURLWithPath: path).deletingLastPathComponent()
        var folders = [own.path, own.deletingLastPathComponent().path]
        if let samples = try? SamplesFolder.path() { folders.insert(samples, at: 0) }
        let places = name.hasPrefix("/") ? [] : folders.map { $0 + "/" + name }
        return places.first { access($0, F_OK) == 0 } ?? name
    }
}
