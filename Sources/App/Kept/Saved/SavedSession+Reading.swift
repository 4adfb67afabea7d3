import Foundation
import RopewalkFormats
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

extension SavedSession {
    /// Reads a file; nothing is opened.
    package init(contentsOf path: String) throws(FormatError) {
        try self.init(JSONNode(contentsOf: path, sizeLimit: Self.mostBytes))
    }

    package init(_ data: Data, source: String) throws(FormatError) { try self.init(JSONNode(data, source: source)) }

    private init(_ node: JSONNode) throws(FormatError) {
        guard node.value["format"]?.string == Self.format else {
            throw node.failure(say("this is no session of ropewalk: \"format\": \"\(Self.format)\" is missing"))
        }
        let version = try node.required("version")
        guard let number = version.value.integer, (Self.firstVersion...Self.version).contains(number) else {
            throw version.failure(
                say(
                    """
                    version \(version.value.summary) is not known: this program reads versions \(Self.firstVersion) to \
                    \(Self.version)
                    """))
        }
        try node.requireMembers(["format", "version", "shown", "screen", "texts"])
        let list = try node.required("texts")
        texts = []
        for text in try list.elements(atMost: Self.mostTexts) { texts.append(try SavedText(text)) }
        if texts.isEmpty { throw list.failure(say("there is no text in it")) }
        shown = try node["shown"]?.whole(0...texts.count - 1) ?? 0
        screen = try SavedScreen(node.required("screen"))
    }
}

extension JSONNode {
    /// The largest place of a text, and the largest number of one of its tokens.
    fileprivate static let most = Int(Int32.max)

    fileprivate func number(_ name: String) throws(FormatError) -> Int? { try self[name]?.whole(0...Self.most) }

    fileprivate func text(_ name: String) throws(FormatError) -> String? { try self[name]?.text() }

    /// The values of some choices by their names.
    fileprivate func choices(_ choices: [SavedChoice]) throws(FormatError) -> [String: String] {
        try requireMembers(choices.map(\.name))
        var values: [String: String] = [:]
        for choice in choices { values[choice.name] = try self[choice.name]?.name(of: choice.values) }
        return values
    }

    /// Something of each element; nothing where the member is missing.
    fileprivate func list<Value>(
        _ name: String, atMost limit: Int, _ read: (JSONNode) throws(FormatError) -> Value
    ) throws(FormatError) -> [Value] {
        var values: [Value] = []
        for node in try self[name]?.elements(atMost: limit) ?? [] { values.append(try read(node)) }
        return values
    }
}

extension SavedScreen {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["panels", "focused", "zoomed", "choices"])
        let names = Panel.allCases.map { "\($0)" }
        panels = try node.list("panels", atMost: names.count) { item throws(FormatError) in try item.name(of: names) }
        focused = try node.required("focused").name(of: names)
        zoomed = try node["zoomed"]?.name(of: ["on", "off"]) ?? "off"
        choices = try node["choices"]?.choices(SavedChoice.screen) ?? [:]
    }
}

extension SavedText {
    private static let members = [
        "text", "model", "beside", "methods", "from", "tokens", "kind", "layer", "head", "cursor", "anchor", "top",
        "map", "marks", "notes", "pages", "compare", "expect", "subspace",
        "selecting", "selected", "keys", "search", "kept",
    ]
    /// Stretches that are selected, and bytes of a pattern.
    static let mostSpans = 1_000
    static let mostPattern = 1_000
    private static let mostMarks = 100
    private static let mostNotes = 2_000
    private static let mostMethods = 100

    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(Self.members)
        text = try SavedSource(node.required("text"))
        model = try node["model"].map { value throws(FormatError) in try SavedModel(value) }
        beside = try node["beside"].map { value throws(FormatError) in try SavedModel(value) }
        methods = try node.list("methods", atMost: Self.mostMethods) { item throws(FormatError) in try item.text() }
        (from, tokens) = (try node.number("from"), try node["tokens"]?.whole(1...JSONNode.most))
        kind = try node["kind"]?.name(of: AttentionKind.allCases.map(\.rawValue))
        (layer, head) = (try node.number("layer"), try node.number("head"))
        subspace = try node.number("subspace")
        cursor = try node["cursor"].map { value throws(FormatError) in try SavedPlace(value) }
        anchor = try node["anchor"].map { value throws(FormatError) in try SavedAnchor(value) }
        (top, compare, expect) = (try node.number("top"), try node.text("compare"), try node.text("expect"))
        if let node = node["expect"], let problem = MaskClaims.problem(try node.text()) { throw node.failure(problem) }
        map = try node["map"].map { value throws(FormatError) in try SavedMap(value) }
        marks = try node.list("marks", atMost: Self.mostMarks) { item throws(FormatError) in try SavedMark(item) }
        notes = try node.list("notes", atMost: Self.mostNotes) { item throws(FormatError) in try SavedNote(item) }
        pages = try node["pages"]?.choices(SavedChoice.pages) ?? [:]
        try readSelection(node)
    }

    private mutating func readSelection(_ node: JSONNode) throws(FormatError) {
        selecting = try node["selecting"].map { value throws(FormatError) in try SavedPlace(value) }
        selected = try node.list("selected", atMost: Self.mostSpans) { item throws(FormatError) in try SavedSpan(item) }
        keys = try node.list("keys", atMost: Self.mostSpans) { item throws(FormatError) in try SavedSpan(item) }
        search = try node["search"].map { value throws(FormatError) in try SavedSearch(value) }
        kept = try node["kept"].map { value throws(FormatError) in try SavedPin(value, mostMethods: Self.mostMethods) }
    }
}

extension MaskClaims {
    /// What is wrong with claims as they are typed; nil where nothing is.
    fileprivate static func problem(_ text: String) -> String? {
        do {
            _ = try MaskClaims(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }
}

extension SavedSource {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["file", "ids", "content", "name", "bytes", "hash", "special"])
        (file, ids) = (try node.text("file"), try node.text("ids"))
        (content, name) = (try node.text("content"), try node.text("name"))
        (bytes, hash) = (try node.number("bytes"), try node.text("hash"))
        special = try node["special"]?.name(of: ["text"])
        guard [file, ids, content].count(where: { $0 != nil }) == 1 else {
            throw node.failure(say("one of file, ids, content is expected"))
        }
        for path in [file, ids] where path?.isEmpty == true || path == "-" {
            throw node.failure(say("the name of a file is expected"))
        }
        if let content, content.utf8.count > SavedSession.mostText {
            throw node.failure(say("the text has more than \(SavedSession.mostText) bytes: keep it in a file"))
        }
    }
}

extension SavedModel {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["path", "adapter", "weightsLike"])
        self.init(
            path: try node.required("path").text(), adapter: try node.text("adapter"),
            weightsLike: try node.text("weightsLike"))
    }
}

extension SavedPlace {
    package init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["byte", "token", "word", "before"])
        self.init(
            byte: try node.required("byte").whole(0...JSONNode.most), token: try node.number("token"),
            word: try node.text("word") ?? "", before: try node.text("before") ?? "")
    }
}

extension SavedAnchor {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["rank", "place"])
        rank = try node.number("rank")
        place = try node["place"].map { value throws(FormatError) in try SavedPlace(value) }
        guard (rank == nil) != (place == nil) else { throw node.failure(say("one of rank and place is expected")) }
    }
}

extension SavedSpan {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["first", "last"])
        self.init(first: try SavedPlace(node.required("first")), last: try SavedPlace(node.required("last")))
    }
}

extension SavedSearch {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["pattern", "direction", "marked"])
        pattern = try node.required("pattern").text()
        guard pattern.utf8.count <= SavedText.mostPattern else {
            throw node.failure(say("the pattern has more than \(SavedText.mostPattern) bytes"))
        }
        direction = try node["direction"]?.name(of: ["forwards", "backwards"]) ?? "forwards"
        marked = try node["marked"]?.name(of: ["on", "off"]) ?? "on"
    }
}

extension SavedPin {
    fileprivate init(_ node: JSONNode, mostMethods: Int) throws(FormatError) {
        try node.requireMembers(["layer", "head", "methods", "choices", "reader", "zoomed"])
        (layer, head) = (try node.number("layer") ?? 0, try node.number("head") ?? 0)
        methods = try node.list("methods", atMost: mostMethods) { item throws(FormatError) in try item.text() }
        choices = try node["choices"]?.choices(SavedChoice.pin) ?? [:]
        reader = try node["reader"]?.name(of: TextReader.allCases.map(\.rawValue))
        zoomed = try node["zoomed"]?.name(of: ["on", "off"]) ?? "off"
    }
}

extension SavedMap {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["cell", "query", "key"])
        cell = try node.required("cell").whole(1...MapWindow.largestCell)
        query = try node.required("query").whole(0...JSONNode.most)
        key = try node.required("key").whole(0...JSONNode.most)
    }
}

extension SavedMark {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["letter", "cursor", "anchor"])
        letter = try node.required("letter").text()
        guard letter.count == 1, letter.first.map({ $0.isLetter || $0.isNumber }) == true else {
            throw node.failure(say("a mark is a letter or a digit"))
        }
        cursor = try SavedPlace(node.required("cursor"))
        anchor = try node["anchor"].map { value throws(FormatError) in try SavedAnchor(value) }
    }
}

extension SavedNote {
    fileprivate init(_ node: JSONNode) throws(FormatError) {
        try node.requireMembers(["place", "note"])
        place = try SavedPlace(node.required("place"))
        note = try node.required("note").text()
    }
}
