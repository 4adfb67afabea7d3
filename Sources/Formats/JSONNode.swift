import Foundation
import RopewalkPhrases

/// A value of a JSON file with the way to it, for readers whose errors name the line of what is wrong.
package struct JSONNode: Sendable {
    /// From one value to one in it.
    enum Step: Equatable {
        case member(String), element(Int)
    }

    package let value: JSONValue
    /// Names the file in errors.
    package let source: String
    private let bytes: [UInt8]
    private let way: [Step]

    /// - Parameter sizeLimit: the largest file that is read, in bytes
    package init(contentsOf path: String, sizeLimit: Int) throws(FormatError) {
        try self.init(RegularFile.map(path, sizeLimit: sizeLimit), source: path)
    }

    package init(_ data: Data, source: String) throws(FormatError) {
        value = try JSONDocument(data, source: source).root
        self.source = source
        bytes = [UInt8](data)
        way = []
    }

    private init(_ value: JSONValue, in node: JSONNode, _ step: Step) {
        self.value = value
        (source, bytes, way) = (node.source, node.bytes, node.way + [step])
    }

    /// An error at this value.
    package func failure(_ problem: String) -> FormatError {
        var parser = JSONParser(bytes, maximumDepth: JSONDocument.depthLimit)
        return .json(file: source, line: parser.line(of: way), problem: problem)
    }

    // MARK: What it holds

    /// The member of that name; nil where there is none, or null.
    package subscript(name: String) -> JSONNode? {
        guard let member = value[name], !member.isNull else { return nil }
        return JSONNode(member, in: self, .member(name))
    }

    /// The members of an object, of which only some are known.
    /// - Throws: where this is no object, or has others.
    package func requireMembers(_ names: [String]) throws(FormatError) {
        guard let members = value.members else { throw failure(say("an object in braces is expected")) }
        for member in members where !names.contains(member.key) {
            throw JSONNode(member.value, in: self, .member(member.key)).failure(
                say("\(FormatError.quoted(member.key)) is not known: there are \(names.joined(separator: ", "))"))
        }
    }

    package func required(_ name: String) throws(FormatError) -> JSONNode {
        guard let node = self[name] else { throw failure(say("\(name) is missing")) }
        return node
    }

    package func elements(atMost limit: Int) throws(FormatError) -> [JSONNode] {
        guard let values = value.array else { throw failure(say("a list in brackets is expected")) }
        guard values.count <= limit else {
            throw failure(say("\(values.count) are more than the \(limit) there may be"))
        }
        return values.enumerated().map { JSONNode($1, in: self, .element($0)) }
    }

    package func text() throws(FormatError) -> String {
        guard let text = value.string else { throw failure(say("a text in quotes is expected")) }
        return text
    }

    package func whole(_ range: ClosedRange<Int>) throws(FormatError) -> Int {
        guard let number = value.integer, range.contains(number) else {
            throw failure(say("a whole number from \(range.lowerBound) to \(range.upperBound) is expected"))
        }
        return number
    }

    /// One of some names.
    package func name(of names: [String]) throws(FormatError) -> String {
        let text = try text()
        guard names.contains(text) else {
            throw failure(say("\(FormatError.quoted(text)) is none of \(names.joined(separator: ", "))"))
        }
        return text
    }
}
