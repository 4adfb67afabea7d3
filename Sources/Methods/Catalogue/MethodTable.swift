import RopewalkPhrases

/// The catalogue as `ropewalk methods` prints it.
package enum MethodTable {
    /// One line a method: its spec with all defaults and the lists that it may be given, family, title.
    package static var text: String {
        let rows = Catalogue.all.map { type in
            let description = type.description
            let lists = description.lists.map { "[\($0.name)=a/b/c]" }
            return [
                ([defaultSpec(type)] + lists).joined(separator: " "), description.family.rawValue.said,
                description.title.said,
            ]
        }
        return AlignedTable(
            header: ["method with its defaults", "family", "name"].map(\.said), rows: rows,
            sides: [.left, .left, .left]
        ).text
    }

    /// An array of objects, one a method, as `ropewalk methods --json` prints it.
    package static func json() throws -> String {
        try JSONText.encode(Catalogue.all.map(MethodPage.init))
    }

    static func defaultSpec(_ type: any Method.Type) -> String {
        let description = type.description
        return type.init(values: description.parameters.map(\.defaultValue), lists: description.lists.map { _ in [] })
            .spec
    }
}
