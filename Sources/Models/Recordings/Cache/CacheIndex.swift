import RopewalkFormats
import RopewalkPhrases

/// What an entry of the cache says of itself, beside what its recording says: docs/RECORDING.md.
struct CacheIndex: Sendable, Equatable {
    static let fileName = "cache.json"
    private static let format = "ropewalk-recording-cache"
    private static let version = 1

    /// A file of the entry, and what it was when it was complete.
    struct File: Sendable, Equatable {
        let name: String
        let stamp: String
    }

    var key: String
    var modelName: String
    var modelPath: String
    var textName: String
    var tokens: Int
    var methods: [String]
    /// Seconds since 1970.
    var recorded: Int
    var files: [File]

    init(_ run: CacheableRun, _ key: CacheKey, recorded: Int, files: [File]) {
        self.key = key.text
        (modelName, modelPath, textName) = (run.model.name, run.model.path, run.name)
        (tokens, methods) = (run.encoding.count, run.model.recordedSpecs(run.scenario))
        (self.recorded, self.files) = (recorded, files)
    }

    /// That of a folder.
    init(in folder: String) throws(ModelError) {
        let path = folder + "/" + Self.fileName
        func wrong(_ problem: String) -> ModelError { .recording(file: path, problem) }
        guard FileStamp(path, followsLinks: false) != nil else { throw wrong(say("is no regular file")) }
        let root: JSONValue
        do throws(FormatError) {
            root = try JSONDocument(contentsOf: path, sizeLimit: RecordingIndex.sizeLimit).root
        } catch { throw .format(error) }
        guard root["format"]?.string == Self.format, root["version"]?.integer == Self.version,
            let key = root["key"]?.string, let model = root["model"], let modelName = model["name"]?.string,
            let modelPath = model["path"]?.string, let textName = root["text"]?.string,
            let tokens = root["tokens"]?.integer, tokens >= 0, let methods = root["method"]?.array,
            let recorded = root["recorded"]?.integer, let files = root["files"]?.array
        else { throw wrong(say("is no index of the cache of recordings")) }
        (self.key, self.modelName, self.modelPath) = (key, modelName, modelPath)
        (self.textName, self.tokens, self.recorded) = (textName, tokens, recorded)
        self.methods = methods.compactMap(\.string)
        self.files = files.compactMap { file in
            guard let name = file["name"]?.string, let stamp = file["stamp"]?.string else { return nil }
            return File(name: name, stamp: stamp)
        }
        guard self.files.count == files.count, self.methods.count == methods.count else {
            throw wrong(say("is no index of the cache of recordings"))
        }
    }

    var json: JSONValue {
        [
            "format": .string(Self.format), "version": .integer(Self.version), "key": .string(key),
            "model": ["name": .string(modelName), "path": .string(modelPath)], "text": .string(textName),
            "tokens": .integer(tokens), "method": .array(methods.map { .string($0) }),
            "recorded": .integer(recorded),
            "files": .array(files.map { ["name": .string($0.name), "stamp": .string($0.stamp)] }),
        ]
    }
}
