/// All actions as a page of the documentation.
package enum ActionPage {
    package static var text: String {
        let rows = ActionForm.all.map { form in
            "| `\(form.name)` | \(form.takes.isEmpty ? "" : "`\(form.takes.escaped)`") | \(form.meaning) | "
                + "`\(form.example.text)` | \(keys(of: form).escaped) |"
        }
        return introduction + rows.joined(separator: "\n") + "\n"
    }

    private static let introduction = """
        # Actions

        Everything that a reader can do has a name. Keys and the mouse ask for actions, and so do scripts:

            ropewalk render --do "goto token 1204; head 3.7; mask.page check"
            ropewalk open --do "preset rotation; method yarn:factor=4"

        Semicolons stand between actions; text with a semicolon, a quote or blanks at its ends stands in double quotes,
        with `\\"` for a quote and `\\\\` for a backslash. `wait` waits until everything that runs has ended. Names and
        parameters stay as they are. This page is made from the program (`ActionForm.all`).

        | action | takes | what it does | example | keys |
        | --- | --- | --- | --- | --- |

        """

    /// The keys that ask for an action of this form, wherever they do.
    private static func keys(of form: ActionForm) -> String {
        let bindings = KeyMap.bindings.filter {
            $0.action.text == form.name || $0.action.text.hasPrefix(form.name + " ")
        }
        var keys: [String] = []
        for key in bindings.compactMap(\.keys.first).map(KeyNames.name) where !keys.contains(key) { keys.append(key) }
        return keys.map { "`\($0)`" }.joined(separator: " ")
    }
}

extension String {
    /// A bar would end the cell of a table.
    fileprivate var escaped: String { replacing("|", with: "\\|") }
}
