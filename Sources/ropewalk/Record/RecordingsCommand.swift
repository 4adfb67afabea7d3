import ArgumentParser
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk recordings`.
struct RecordingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: say("What is kept of texts that were read, so that they open at once; takes it away."),
        discussion: say(
            """
            With --cache SIZE, or "cache": "2G" in the settings, open and ask keep what a model leaves behind of a text in \
            $XDG_CACHE_HOME/ropewalk/recordings (or ~/.cache), and look there before they run it. What was used least recently \
            goes when the size is reached. A changed model, text, method or program is run again. ropewalk FOLDER opens one of them.
            """))

    @Argument(help: .said("With --clear: the recordings that are taken away, by the beginnings of their names."))
    var ids: [String] = []

    @Flag(help: .said("Takes the recordings away: those that are named, else all."))
    var clear = false

    @Flag(help: .said("JSON in place of a table: an array of objects, one a recording."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        guard clear || ids.isEmpty else {
            throw CommandError.combination(say("names are for --clear: give it too, or leave them out"))
        }
    }

    func run() throws {
        guard let folder = RecordingCache.folder() else {
            throw CommandError.combination(
                say("there is no folder for recordings: set HOME, or XDG_CACHE_HOME, to one from the root"))
        }
        let cache = RecordingCache(folder: folder, limit: 0, program: CacheOptions.program)
        let entries = cache.entries()
        guard clear else {
            return try StandardOutput.write(
                json ? JSONText.encode(entries.map { Listed($0, in: folder) }) : Self.text(entries, in: folder))
        }
        let chosen = try ids.isEmpty ? entries : chosen(from: entries)
        var removed: [CacheEntry] = []
        var failure: ModelError?
        for entry in chosen {
            do throws(ModelError) {
                try cache.remove(entry)
                removed.append(entry)
            } catch { failure = failure ?? error }
        }
        if ids.isEmpty { cache.removeRemains() }
        try StandardOutput.write(
            json ? JSONText.encode(removed.map { Listed($0, in: folder) }) : Self.removal(of: removed))
        if let failure { throw failure }
    }

    /// Those whose names begin as was said.
    private func chosen(from entries: [CacheEntry]) throws(CommandError) -> [CacheEntry] {
        var chosen: [CacheEntry] = []
        for id in ids {
            let found = entries.filter { !id.isEmpty && $0.id.hasPrefix(id.lowercased()) }
            guard let entry = found.first else {
                throw .combination(
                    say(
                        "no recording is called \(String(id.prefix(80)).debugDescription): ropewalk recordings lists them"
                    ))
            }
            guard found.count == 1 else {
                throw .combination(
                    say("\(found.count) recordings are called \(id.debugDescription): give more of the name"))
            }
            if !chosen.contains(entry) { chosen.append(entry) }
        }
        return chosen
    }

    // MARK: Texts

    /// As many digits as tell recordings apart, and are typed.
    private static let digits = 10

    private static func text(_ entries: [CacheEntry], in folder: String) -> String {
        guard !entries.isEmpty else { return say("no recordings are kept in \(folder)\n") }
        let bytes = entries.reduce(0) { $0 + $1.bytes }
        let (count, size) = (entries.count, megabytes(bytes))
        return table(entries)
            + say("\(count.grouped) \(count, one: "recording", many: "recordings"), \(size) MB, in \(folder)\n")
    }

    private static func table(_ entries: [CacheEntry]) -> String {
        let rows = entries.map { entry in
            entry.isWhole
                ? [
                    String(entry.id.prefix(digits)), entry.model.onOneLine, entry.text.onOneLine, entry.tokens.grouped,
                    entry.methods.isEmpty ? "-" : entry.methods.joined(separator: " ").onOneLine,
                    megabytes(entry.bytes),
                    CacheEntry.date(entry.recorded), CacheEntry.date(entry.used),
                ]
                : [
                    String(entry.id.prefix(digits)), say("damaged"), "-", "-", "-", megabytes(entry.bytes), "-",
                    CacheEntry.date(entry.used),
                ]
        }
        return AlignedTable(
            header: [
                say("name"), say("model"), say("text"), say("tokens"), say("methods"), "MB", say("recorded"),
                say("used"),
            ],
            rows: rows, sides: [.left, .left, .left, .right, .left, .right, .left, .left]
        ).text
    }

    private static func removal(of entries: [CacheEntry]) -> String {
        guard !entries.isEmpty else { return say("no recordings were there to take away\n") }
        let bytes = entries.reduce(0) { $0 + $1.bytes }
        let (count, size) = (entries.count, megabytes(bytes))
        return table(entries)
            + say("\(count.grouped) \(count, one: "recording", many: "recordings"), \(size) MB, taken away\n")
    }

    /// To a tenth.
    private static func megabytes(_ bytes: Int) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return "\((tenths / 10).grouped).\(tenths % 10)"
    }

    /// As JSON has it.
    private struct Listed: Encodable {
        let id: String
        let path: String
        let model: String
        let modelPath: String
        let text: String
        let tokens: Int
        let methods: [String]
        let bytes: Int
        /// Seconds since 1970.
        let recorded: Int
        let used: Int
        let damaged: Bool

        init(_ entry: CacheEntry, in folder: String) {
            (id, path) = (entry.id, folder + "/" + entry.id)
            (model, modelPath, text) = (entry.model, entry.modelPath, entry.text)
            (tokens, methods, bytes) = (entry.tokens, entry.methods, entry.bytes)
            (recorded, used, damaged) = (entry.recorded, entry.used, !entry.isWhole)
        }
    }
}
