import RopewalkPhrases

/// One method as `ropewalk methods NAME` prints it.
package struct MethodPage: Equatable, Sendable, Encodable {
    package struct Parameter: Equatable, Sendable, Encodable {
        package let name: String
        package let meaning: String
        package let unit: String
        package let `default`: Double
        package let minimum: Double
        package let maximum: Double
        package let integer: Bool
    }

    /// A parameter that is a list of numbers; without one the method has its own.
    package struct List: Equatable, Sendable, Encodable {
        package let name: String
        package let meaning: String
        package let unit: String
        package let minimum: Double
        package let maximum: Double
        package let integer: Bool
    }

    package let name: String
    package let family: String
    package let title: String
    package let summary: String
    package let source: String
    package let parameters: [Parameter]
    package let lists: [List]
    package let flops: String
    package let memory: String
    /// The method with all its defaults, in the method grammar.
    package let spec: String
    /// What makes it the whole method, in the method grammar; nil for nothing.
    package let companion: String?
    private let description: MethodDescription

    private enum CodingKeys: String, CodingKey {
        case name, family, title, summary, source, parameters, lists, flops, memory, spec, companion
    }

    package init(_ type: any Method.Type) {
        let method = type.description
        name = method.name
        family = method.family.rawValue
        title = method.title
        summary = method.summary
        source = method.source
        flops = method.flops
        memory = method.memory
        spec = MethodTable.defaultSpec(type)
        companion = type.init(values: method.parameters.map(\.defaultValue)).companion?.spec
        description = method
        lists = method.lists.map {
            List(
                name: $0.name, meaning: $0.meaning, unit: $0.unit, minimum: $0.range.lowerBound,
                maximum: $0.range.upperBound, integer: $0.isInteger)
        }
        parameters = method.parameters.map {
            Parameter(
                name: $0.name, meaning: $0.meaning, unit: $0.unit, default: $0.defaultValue,
                minimum: $0.range.lowerBound, maximum: $0.range.upperBound, integer: $0.isInteger)
        }
    }

    /// The page of the method of that name; an error with the nearest name where there is none.
    package init(named name: String) throws(MethodError) {
        guard let type = Catalogue.method(named: name) else {
            throw .unknownMethod(name, nearest: Catalogue.nearestName(to: name), known: Catalogue.names)
        }
        self.init(type)
    }

    /// One object, as `ropewalk methods NAME --json` prints it.
    package func json() throws -> String { try JSONText.encode(self) }

    /// A few short paragraphs, lines not wrapped.
    package var text: String {
        var lines = ["\(title.said) (\(name), \(family.said))", "", summary.said, ""]
        let takesNone = parameters.isEmpty && lists.isEmpty
        lines.append(takesNone ? Self.line("parameters", "none".said) : "parameters".said)
        if !takesNone {
            lines += parameterTable.split(separator: "\n").map { "  " + $0 }
            lines.append("")
        }
        lines.append(Self.line("write", spec))
        if let companion { lines.append(Self.line("goes with", companion)) }
        lines += [
            Self.line("source", source.said), Self.line("time", flops.said), Self.line("memory", memory.said),
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ name: String, _ text: String) -> String {
        AlignedTable.padded(name.said, to: 12) + text
    }

    private var parameterTable: String {
        let numbers = description.parameters.map {
            [$0.name, $0.words($0.defaultValue), $0.rangeText, $0.meaning.said]
        }
        let lists = description.lists.map {
            [$0.name, "none".said, say("\($0.element.rangeText) each, a/b/c"), $0.meaning.said]
        }
        return AlignedTable(
            header: ["name", "default", "takes", "meaning"].map(\.said), rows: numbers + lists,
            sides: [.left, .right, .left, .left]
        ).text
    }
}
