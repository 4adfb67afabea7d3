/// The catalogue as `ropewalk methods` prints it.
public enum MethodTable {
    /// One line a method: its spec with all defaults, family, title.
    public static var text: String {
        let rows = Catalogue.all.map { type in
            let description = type.description
            return [defaultSpec(type), description.family.rawValue, description.title]
        }
        return AlignedTable(
            header: ["method with its defaults", "family", "name"], rows: rows, alignments: [.left, .left, .left]
        ).text
    }

    /// An array of objects, one a method, as `ropewalk methods --json` prints it.
    public static func json() throws -> String {
        try JSONText.encode(Catalogue.all.map(MethodPage.init))
    }

    static func defaultSpec(_ type: any Method.Type) -> String {
        type.init(values: type.description.parameters.map(\.defaultValue)).spec
    }
}
