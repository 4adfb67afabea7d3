/// An answer as columns of one length, for programs: what a panel shows, without the screen.
package struct AnswerTable: Sendable {
    package struct Column: Sendable {
        package enum Values: Sendable {
            case integers([Int])
            /// Not finite ones are missing ones: null in JSON, empty in CSV, NaN in NumPy.
            case numbers([Float])
            case words([String])
        }

        /// A name that a program can use: letters, digits and underscores.
        package let name: String
        package let values: Values
        /// What people read in place of the values.
        let shown: [String]?

        package init(_ name: String, _ values: Values, shown: [String]? = nil) {
            self.name = name
            self.values = values
            self.shown = shown
        }

        var count: Int {
            switch values {
            case .integers(let values): values.count
            case .numbers(let values): values.count
            case .words(let values): values.count
            }
        }
    }

    package let columns: [Column]

    /// All columns have the same length.
    package init(_ columns: [Column]) {
        // Every command makes its columns from one list of rows.
        precondition(Set(columns.map(\.count) + columns.compactMap(\.shown?.count)).count <= 1)
        self.columns = columns
    }

    package var rowCount: Int { columns.first?.count ?? 0 }
}

/// The files that a table can become.
package enum TableFormat: String, CaseIterable, Sendable {
    /// Columns of one width, for people.
    case text
    /// One array of objects.
    case json
    /// RFC 4180 with a line of names; lines end in LF.
    case csv
    /// A structured array of NumPy, one field a column.
    case npy
}
