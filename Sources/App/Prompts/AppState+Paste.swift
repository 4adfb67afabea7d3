import RopewalkCellGrid

extension AppState {
    /// A pasted text goes into the line that is being typed; anywhere else it is said what to do with it, for it is no
    /// commands.
    mutating func paste(_ text: String) -> [Effect] {
        notice = nil
        switch overlay {
        case .prompt(var prompt):
            prompt.line.insert(Self.line(text, room: EditedLine.limit))
            return show(changed: prompt)
        case .menu(var menu) where menu.isFiltering:
            menu.setFilter(menu.filter + Self.line(text, room: 100 - menu.filter.count), isOpen: true)
            apply(menu)
        case .menu, .help, .models, nil:
            notice = Notice(
                .information,
                "\(text.utf8.count.grouped) bytes were pasted, and read as no keys: / and : take pasted text, and "
                    + "`ropewalk -` reads it as a text")
        }
        return []
    }

    /// The beginning of a text as one line: breaks and other controls are blanks.
    private static func line(_ text: String, room: Int) -> String {
        let scalars = text.unicodeScalars.prefix(max(0, room)).map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
