/// The catalogue as the second part of a page of the documentation (docs/METHODS.md).
package enum CataloguePageText {
    /// What stands between the part that people write and this one.
    package static let marker = "<!-- What follows is made from the program: RECORD_GOLDEN=1 makes it anew. -->"

    /// From the marker to the end of the page.
    package static var text: String {
        let tree = MethodTree()
        let tables = tree.branches.map { branch in
            let rows = branch.methods.compactMap { Catalogue.method(named: $0.name) }.map(row)
            return "### \(branch.kind.title.capitalisedFirst): \(branch.meaning)\n\n" + header
                + rows.joined(separator: "\n")
        }
        return ([marker, introduction] + tables).joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        ## The catalogue

        Every method as it is written with its defaults, by lines of the literature (`ropewalk methods --tree`), the oldest paper
        first. What each costs on a model and a text: `ropewalk methods --tokens N`, or Ctrl-Q on the screen; all of one method:
        `ropewalk methods NAME`. N tokens, d dimensions of a head.
        """

    private static let header = """
        | method | year | what it does | time | memory | from |
        | --- | --- | --- | --- | --- | --- |

        """

    private static func row(_ type: any Method.Type) -> String {
        let description = type.description
        let lists = description.lists.map { " [\($0.name)=a/b/c]" }.joined()
        let cells = [
            "`\(MethodTable.defaultSpec(type))\(lists)`", description.year.map(String.init) ?? "—",
            "**\(description.title).** \(description.summary)", description.flops, description.memory,
            description.source,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

extension String {
    /// With a capital at its beginning.
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
