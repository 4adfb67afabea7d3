import ArgumentParser
import RopewalkModels
import RopewalkPhrases

/// Whether what is read is kept for the next time.
struct CacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            say(
                """
                Keeps what was read, so that the same text and model open at once the next time: as much as this size, 500M or 2G; \
                off for none. Also "cache": "2G" in the settings; ropewalk recordings lists it.
                """), valueName: "size"))
    var cache: String?

    func validate() throws {
        guard let cache, ByteCount.parse(cache) == nil else { return }
        throw CommandError.outOfRange(option: "--cache", value: cache, takes: ByteCount.form)
    }

    /// The cache; nil where nothing is kept.
    /// - Parameter stored: bytes that the settings allow
    func open(settings stored: Int?) throws(CommandError) -> RecordingCache? {
        guard let limit = cache.flatMap(ByteCount.parse) ?? stored, limit > 0 else { return nil }
        guard let folder = RecordingCache.folder() else {
            if cache == nil { return nil }
            throw .combination(say("--cache has no folder: set HOME, or XDG_CACHE_HOME, to one from the root"))
        }
        return RecordingCache(folder: folder, limit: limit, program: Self.program)
    }

    static var program: String { "ropewalk \(Ropewalk.version)" }
}
