import RopewalkFormats
import RopewalkPhrases

extension RecordingIndex {
    /// The largest index that is read, bytes: one of 100,000 parts has some 20 MB.
    static let sizeLimit = 64 << 20
    /// Parts times heads: some seconds of a processor.
    private static let workLimit = 1 << 30

    /// Reads what a folder says of itself; nothing of it is believed before the files have shown it.
    init(_ folder: RecordingFolder) throws(ModelError) {
        _ = try folder.file(Self.fileName, key: Self.fileName)
        let root: JSONValue
        do throws(FormatError) {
            root = try JSONDocument(contentsOf: folder.index, sizeLimit: Self.sizeLimit).root
        } catch { throw .format(error) }
        let fields = IndexFields(folder: folder, path: "", value: root)
        let format = try fields.string("format")
        guard format == Self.format else {
            throw folder.problem(say("format: \(IndexFields.shown(format)) is not \(Self.format)"))
        }
        let version = try fields.count("version")
        guard version == Self.version else {
            throw folder.problem(
                say("version \(version) is not read, only \(Self.version): open it with the ropewalk that wrote it"))
        }
        writer = try fields.stringIfThere("writer") ?? ""
        let model = try fields.object("model")
        modelName = try model.string("name")
        family = try model.stringIfThere("family") ?? ""
        weights = try model.stringIfThere("weights")
        methods = try fields.array("method").map { element throws(ModelError) in try element.string() }
        let text = try fields.object("text")
        textFile = try text.string("file")
        textBytes = try text.count("bytes", limit: Int(Int32.max))
        textHash = try text.string("sha256")
        let tokens = try fields.object("tokens")
        tokensFile = try tokens.string("file")
        self.tokens = try tokens.count("count", limit: Int(Int32.max))
        constantsFile = try fields.objectIfThere("constants")?.string("file")
        let attention = try fields.array("attention").map { element throws(ModelError) in try Attention(element) }
        guard !attention.isEmpty, Set(attention.map(\.kind)).count == attention.count else {
            throw folder.problem(say("attention: one entry for each kind is expected"))
        }
        self.attention = attention
        let name = try fields.string("precision")
        guard let precision = StoredPrecision(rawValue: name) else {
            let known = StoredPrecision.allCases.map(\.rawValue).joined(separator: ", ")
            throw folder.problem(say("precision: \(IndexFields.shown(name)) is none of \(known)"))
        }
        self.precision = precision
        error = try fields.number("error")
        parts = try fields.array("parts").map { element throws(ModelError) in
            try Part(element, of: attention)
        }
        isComplete = try fields.flag("complete")
        if Set(parts.map(\.file)).count < parts.count {
            throw folder.problem(say("parts: a file is named twice"))
        }
        // Every part is looked at for every head.
        let heads = attention.map { $0.layers * $0.heads }.max() ?? 1
        if parts.count > Self.workLimit / heads {
            throw folder.problem(say("parts: \(parts.count) are too many for \(heads) heads: give larger ones"))
        }
    }
}

extension RecordingIndex.Attention {
    /// More heads than any model has: what is kept for each is allocated before a file has shown it.
    private static let headLimit = 1 << 20

    fileprivate init(_ fields: IndexFields) throws(ModelError) {
        kind = try fields.kind("kind")
        layers = try fields.count("layers", limit: 1 << 16)
        heads = try fields.count("heads", limit: 1 << 14)
        keyValueHeads = try fields.count("key_value_heads", limit: 1 << 14)
        headDimension = try fields.count("head_dimension", limit: 1 << 14)
        hidden = try fields.count("hidden", limit: 1 << 24)
        queries = try fields.count("queries", limit: Int(Int32.max))
        keys = try fields.count("keys", limit: Int(Int32.max))
        poolBlock = try fields.count("pool_block", limit: 1 << 24)
        guard layers > 0, heads > 0, headDimension > 0, layers * heads <= Self.headLimit else {
            throw fields.problem("heads", say("\(heads) heads in \(layers) layers are none of a model"))
        }
        guard keyValueHeads > 0, heads % keyValueHeads == 0 else {
            throw fields.problem("key_value_heads", say("\(keyValueHeads) does not divide \(heads) heads"))
        }
        guard poolBlock >= 16, poolBlock & (poolBlock - 1) == 0 else {
            throw fields.problem("pool_block", say("\(poolBlock) is no power of two from 16 on"))
        }
        try readRecorded(fields)
    }

    private mutating func readRecorded(_ fields: IndexFields) throws(ModelError) {
        var isThere = Array(repeating: Array(repeating: false, count: heads), count: layers)
        if let list = try fields.arrayIfThere("recorded_layers") {
            for element in list {
                let layer = try element.count(limit: layers - 1)
                isThere[layer] = Array(repeating: true, count: heads)
            }
        } else if let list = try fields.arrayIfThere("recorded_heads") {
            for element in list {
                let pair = try element.elements()
                guard pair.count == 2 else {
                    throw element.problem("", say("a layer and a head are expected"))
                }
                isThere[try pair[0].count(limit: layers - 1)][try pair[1].count(limit: heads - 1)] = true
            }
        } else {
            return
        }
        recorded = RecordedHeads(isThere)
    }
}

extension RecordingIndex.Part {
    fileprivate init(_ fields: IndexFields, of attention: [RecordingIndex.Attention]) throws(ModelError) {
        file = try fields.string("file")
        let kind = try fields.kind("kind")
        guard let entry = attention.first(where: { $0.kind == kind }) else {
            throw fields.problem("kind", say("\(kind.rawValue) is not among the kinds of attention of the index"))
        }
        self.kind = kind
        tokens = try fields.range("tokens", within: entry.queries)
        layers = try fields.range("layers", within: entry.layers)
        heads = try fields.range("heads", within: entry.heads)
        keyValueHeads = try fields.range("key_value_heads", within: entry.keyValueHeads)
        bytes = try fields.count("bytes", limit: .max)
        guard tokens.lowerBound % 256 == 0 else {
            throw fields.problem("tokens", say("\(tokens.lowerBound) is no multiple of 256"))
        }
        let share = entry.heads / entry.keyValueHeads
        let needed = heads.lowerBound / share..<(heads.upperBound - 1) / share + 1
        guard keyValueHeads.lowerBound <= needed.lowerBound, keyValueHeads.upperBound >= needed.upperBound else {
            throw fields.problem(
                "key_value_heads",
                say("heads \(heads.lowerBound) to \(heads.upperBound - 1) read others: \(needed.lowerBound) on"))
        }
    }
}

/// The values of an index, checked as they are read.
private struct IndexFields {
    let folder: RecordingFolder
    /// Where the value lies: "parts 3 ".
    let path: String
    let value: JSONValue

    /// What a file says, so that nothing in it can do anything to a screen.
    static func shown(_ text: String) -> String { String(text.prefix(60)).debugDescription }

    func problem(_ key: String, _ problem: String) -> ModelError {
        folder.problem((path + key).trimmed + ": " + problem)
    }

    private func member(_ key: String) throws(ModelError) -> IndexFields {
        guard let value = memberIfThere(key) else { throw problem(key, say("is missing")) }
        return value
    }

    private func memberIfThere(_ key: String) -> IndexFields? {
        value[key].flatMap { $0.isNull ? nil : IndexFields(folder: folder, path: path + key + " ", value: $0) }
    }

    func object(_ key: String) throws(ModelError) -> IndexFields { try member(key) }
    func objectIfThere(_ key: String) throws(ModelError) -> IndexFields? { memberIfThere(key) }

    func string() throws(ModelError) -> String {
        guard let string = value.string else { throw problem("", say("must be a string")) }
        return string
    }

    func string(_ key: String) throws(ModelError) -> String { try member(key).string() }
    func stringIfThere(_ key: String) throws(ModelError) -> String? { try memberIfThere(key)?.string() }

    func count(limit: Int) throws(ModelError) -> Int {
        guard let count = value.integer, count >= 0, count <= limit else {
            throw problem("", say("must be a whole number from 0 to \(limit)"))
        }
        return count
    }

    func count(_ key: String, limit: Int = Int(Int32.max)) throws(ModelError) -> Int {
        try member(key).count(limit: limit)
    }

    func number(_ key: String) throws(ModelError) -> Double {
        guard let number = try member(key).value.number, number.isFinite, number >= 0 else {
            throw problem(key, say("must be a number from 0 on"))
        }
        return number
    }

    func flag(_ key: String) throws(ModelError) -> Bool {
        guard let flag = try member(key).value.bool else { throw problem(key, say("must be true or false")) }
        return flag
    }

    func elements() throws(ModelError) -> [IndexFields] {
        guard let values = value.array else { throw problem("", say("must be a list")) }
        return values.enumerated().map { IndexFields(folder: folder, path: path + "\($0) ", value: $1) }
    }

    func array(_ key: String) throws(ModelError) -> [IndexFields] { try member(key).elements() }
    func arrayIfThere(_ key: String) throws(ModelError) -> [IndexFields]? { try memberIfThere(key)?.elements() }

    /// A range that is not empty, as its first element and what comes after the last.
    func range(_ key: String, within count: Int) throws(ModelError) -> Range<Int> {
        let ends = try array(key).map { element throws(ModelError) in try element.count(limit: count) }
        guard ends.count == 2, ends[0] < ends[1] else {
            throw problem(key, say("must be a first number and a later end, up to \(count)"))
        }
        return ends[0]..<ends[1]
    }

    func kind(_ key: String) throws(ModelError) -> AttentionKind {
        let name = try string(key)
        guard let kind = AttentionKind(rawValue: name) else {
            let known = AttentionKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem(key, say("\(Self.shown(name)) is none of \(known)"))
        }
        return kind
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
