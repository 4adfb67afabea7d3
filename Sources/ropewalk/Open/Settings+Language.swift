import Foundation
import RopewalkFormats
import RopewalkPhrases

extension Settings {
    /// What the file says is spoken; nil where it says nothing, or cannot be read: that is told where it is used.
    static func storedLanguage() -> Language? {
        guard let path = path(), access(path, F_OK) == 0,
            let document = try? JSONDocument(contentsOf: path, sizeLimit: 1 << 20)
        else { return nil }
        return (try? document.members())?.first { $0.key == language }?.value.string.flatMap(Language.init(rawValue:))
    }

    /// Writes what is spoken into the file, and leaves everything else in it as it stands.
    static func keep(_ language: Language) throws {
        guard let path = path() else { return }
        // What cannot be read is not written over.
        guard access(path, F_OK) != 0 || (try? JSONDocument(contentsOf: path, sizeLimit: 1 << 20)) != nil else {
            return
        }
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "{}\n"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Self.text(text, speaking: language).write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError.content(
                file: path, problem: say("the language cannot be kept: \(error.localizedDescription)").onOneLine)
        }
    }

    /// The text of a file of settings with a language; the text is an object of JSON.
    static func text(_ text: String, speaking spoken: Language) -> String {
        if let member = text.firstMatch(of: /"lang"\s*:\s*"[^"]*"/) {
            return text.replacingCharacters(in: member.range, with: "\"lang\": \"\(spoken.rawValue)\"")
        }
        guard let start = text.firstIndex(of: "{") else { return text }
        let isEmpty = text[text.index(after: start)...].first { !$0.isWhitespace } == "}"
        let member = "\"lang\": \"\(spoken.rawValue)\"" + (isEmpty ? "" : ", ")
        return text.replacingCharacters(in: start...start, with: "{" + member)
    }
}
