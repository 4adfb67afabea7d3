import RopewalkPhrases

/// Makes the parts of a template of its pieces.
struct TemplateParser {
    /// How deep tags and expressions may lie within each other.
    private static let deepest = 100

    private let pieces: [TemplateLexer.Piece]
    private var place = 0
    private var depth = 0

    static func parse(_ template: String) throws(TemplateProblem) -> [TemplateNode] {
        var parser = TemplateParser(pieces: try TemplateLexer.pieces(of: template))
        let (nodes, end) = try parser.nodes(until: [])
        if let end { throw TemplateProblem(end.line, say("\(end.name) stands without a beginning")) }
        return nodes
    }

    private init(pieces: [TemplateLexer.Piece]) { self.pieces = pieces }

    /// A tag that ends a part, with what stands in it.
    private struct End {
        let name: String
        var words: TemplateWords
        let line: Int
    }

    private mutating func nodes(
        until ends: Set<String>
    ) throws(TemplateProblem) -> (nodes: [TemplateNode], end: End?) {
        depth += 1
        defer { depth -= 1 }
        var nodes: [TemplateNode] = []
        while place < pieces.count {
            let piece = pieces[place]
            place += 1
            switch piece {
            case .text(let text): nodes.append(.text(text))
            case .output(let tokens, let line):
                var words = TemplateWords(tokens, line: line)
                nodes.append(.output(try words.wholeExpression()))
            case .tag(let tokens, let line):
                if depth > Self.deepest { throw TemplateProblem(line, say("tags lie too deep within each other")) }
                var words = TemplateWords(tokens, line: line)
                let name = try words.name()
                if ends.contains(name) || name.hasPrefix("end") || ["else", "elif"].contains(name) {
                    return (nodes, End(name: name, words: words, line: line))
                }
                if let node = try node(name, &words, line) { nodes.append(contentsOf: node) }
            }
        }
        return (nodes, nil)
    }

    private mutating func body(_ name: String, until ends: [String], _ line: Int) throws(TemplateProblem) -> (
        nodes: [TemplateNode], end: End
    ) {
        let (nodes, end) = try nodes(until: Set(ends))
        guard let end, ends.contains(end.name) else {
            throw TemplateProblem(end?.line ?? line, say("\(name) has no end: \(ends.last ?? "") is expected"))
        }
        return (nodes, end)
    }

    private mutating func node(
        _ name: String, _ words: inout TemplateWords, _ line: Int
    ) throws(TemplateProblem) -> [TemplateNode]? {
        switch name {
        case "if": return [try condition(&words, line)]
        case "for": return [try loop(&words, line)]
        case "set": return [try set(&words, line)]
        case "macro": return [try macro(&words, line)]
        case "break": return [.leave]
        case "continue": return [.skip]
        // What marks the answers in a prompt for training; here their text is all there is to it.
        case "generation":
            try words.end()
            return try body(name, until: ["endgeneration"], line).nodes
        default:
            throw TemplateProblem(line, say("the tag '\(String(name.prefix(40)))' is not known"))
        }
    }

    private mutating func condition(
        _ words: inout TemplateWords, _ line: Int
    ) throws(TemplateProblem) -> TemplateNode {
        var branches: [(test: TemplateExpression, body: [TemplateNode])] = []
        var test = try words.wholeExpression()
        while true {
            let part = try body("if", until: ["elif", "else", "endif"], line)
            var end = part.end
            branches.append((test, part.nodes))
            if end.name == "elif" {
                test = try end.words.wholeExpression()
                continue
            }
            let otherwise = end.name == "else" ? try body("else", until: ["endif"], end.line).nodes : []
            return .condition(branches, otherwise: otherwise)
        }
    }

    private mutating func loop(_ words: inout TemplateWords, _ line: Int) throws(TemplateProblem) -> TemplateNode {
        let names = try words.names()
        try words.expect("in")
        let values = try words.choiceless()
        let filter = words.take("if") ? try words.expression() : nil
        if words.take("recursive") { throw TemplateProblem(line, say("recursive loops are not known")) }
        try words.end()
        let (body, end) = try body("for", until: ["else", "endfor"], line)
        let otherwise = end.name == "else" ? try self.body("else", until: ["endfor"], end.line).nodes : []
        return .loop(
            TemplateNode.Loop(
                names: names, values: values, filter: filter, body: body, otherwise: otherwise, line: line))
    }

    private mutating func set(_ words: inout TemplateWords, _ line: Int) throws(TemplateProblem) -> TemplateNode {
        var names = [try words.name()]
        var target: TemplateNode.Target?
        if words.takeSign(".") {
            target = .member(names[0], try words.name())
        } else {
            while words.takeSign(",") { names.append(try words.name()) }
        }
        if words.takeSign("=") {
            return .set(target ?? .names(names), try words.wholeTuple(), line: line)
        }
        var filters: [TemplateExpression.Call] = []
        while words.takeSign("|") { filters.append(try words.callWithoutNeed()) }
        try words.end()
        let body = try body("set", until: ["endset"], line).nodes
        return .setBlock(target ?? .names(names), body, filters: filters, line: line)
    }

    private mutating func macro(_ words: inout TemplateWords, _ line: Int) throws(TemplateProblem) -> TemplateNode {
        let name = try words.name()
        var parameters: [(name: String, value: TemplateExpression?)] = []
        try words.expectSign("(")
        while !words.takeSign(")") {
            let parameter = try words.name()
            parameters.append((parameter, words.takeSign("=") ? try words.expression() : nil))
            if !words.takeSign(",") {
                try words.expectSign(")")
                break
            }
        }
        try words.end()
        let body = try body("macro", until: ["endmacro"], line).nodes
        return .macro(TemplateMacro(name: name, parameters: parameters, body: body))
    }
}
