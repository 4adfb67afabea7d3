import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkFormats
import RopewalkPhrases

/// What a user has chosen for every start of the interactive program.
struct Settings {
    /// What is done first: each setting is an action with its value.
    var actions: [Action] = []
    var keys: [Key: Action] = [:]
    /// Whether a text is opened where it was left.
    var lastPlace = true

    static let names = ["theme", "map", "scale", "preset", "step"]
    static let language = "lang"
    private static let place = "last-place"
    private static let cacheName = "cache"
    /// Bytes of recordings that are kept; nil where nothing is said.
    var cache: Int?

    /// `$XDG_CONFIG_HOME/ropewalk/settings.json`, or the same in `~/.config`; nil without a home.
    static func path(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        // A folder that is not written from the root is none (XDG Base Directory Specification).
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
            return folder + "/ropewalk/settings.json"
        }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.config/ropewalk/settings.json"
    }

    /// Those of the file; none where there is no file.
    static func stored() throws -> Settings {
        guard let path = path(), access(path, F_OK) == 0 else { return Settings() }
        return try Settings(JSONDocument(contentsOf: path, sizeLimit: 1 << 20))
    }

    /// What the file says of the cache alone, for commands that ask for nothing else of it; nil where it says nothing.
    static func storedCache() throws -> Int? {
        guard let path = path(), access(path, F_OK) == 0,
            let document = try? JSONDocument(contentsOf: path, sizeLimit: 1 << 20),
            let member = (try? document.members())?.first(where: { $0.key == cacheName })
        else { return nil }
        guard let bytes = member.value.string.flatMap(ByteCount.parse) else {
            throw CommandError.content(file: path, problem: say("cache is \(ByteCount.form), in quotes"))
        }
        return bytes
    }

    /// Those that change nothing of what a lesson says is on the screen.
    var forLessons: Settings {
        var settings = self
        settings.actions = actions.filter { action in
            ["theme", "colours", "step"].contains { action.text.hasPrefix($0 + " ") }
        }
        return settings
    }

    init() {}

    private init(_ document: JSONDocument) throws {
        let path = document.source
        // Read once more for the lines of what is wrong, which values do not have.
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for member in try document.members() {
            func fail(_ problem: String) -> CommandError {
                .content(file: say("\(path), line \(Self.line(of: member.key, in: text))"), problem: problem)
            }
            switch member.key {
            case Self.language:
                guard member.value.string.flatMap(Language.init(rawValue:)) != nil else {
                    throw fail(say("lang is \"en\" or \"zh\""))
                }
            case Self.place:
                guard let value = member.value.bool else { throw fail(say("last-place is true or false")) }
                lastPlace = value
            case Self.cacheName:
                guard let bytes = member.value.string.flatMap(ByteCount.parse) else {
                    throw fail(say("cache is \(ByteCount.form), in quotes"))
                }
                cache = bytes
            case "keys": keys = try Self.keys(member.value, in: text, path: path)
            case let name where Self.names.contains(name):
                guard let value = member.value.string else { throw fail(say("\(name) is no text in quotes")) }
                let action = name == "map" ? "colours" : name
                // What is wrong is said of the name that stands in the file.
                actions.append(
                    try Self.action("\(action) \(value)") { fail($0.replacing("'\(action) ", with: "'\(name) ")) })
            default:
                throw fail(
                    say(
                        "'\(member.key)' is no setting: there are \((Self.names + [Self.language, Self.place, "keys", Self.cacheName]).joined(separator: ", "))"
                    )
                )
            }
        }
    }

    private static func keys(_ value: JSONValue, in text: String, path: String) throws -> [Key: Action] {
        guard let members = value.members else {
            throw CommandError.content(
                file: say("\(path), line \(line(of: "keys", in: text))"),
                problem: say("keys is no object: {\"Ctrl-G\": \"map.whole\"}"))
        }
        var keys: [Key: Action] = [:]
        for member in members {
            func fail(_ problem: String) -> CommandError {
                .content(file: say("\(path), line \(line(of: member.key, in: text))"), problem: problem)
            }
            guard let key = KeyNames.key(member.key) else { throw fail(say("'\(member.key)' is no key")) }
            guard let name = member.value.string else { throw fail(say("\(member.key) has no action in quotes")) }
            keys[key] = try action(name, fail: fail)
        }
        return keys
    }

    private static func action(_ text: String, fail: (String) -> CommandError) throws -> Action {
        do throws(AppError) {
            return try Action(parsing: text)
        } catch {
            throw fail(error.description)
        }
    }

    /// Where a name first stands in quotes; lines count from 1.
    private static func line(of name: String, in source: String) -> Int {
        let before = source.firstRange(of: "\"\(name)\"").map { source[..<$0.lowerBound] } ?? ""
        return before.count { $0.isNewline } + 1
    }
}
