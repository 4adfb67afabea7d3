import RopewalkPhrases

extension FileWindow {
    /// How something that was guessed is said otherwise: by options of the command, or by marks behind the path.
    package enum Says: Sendable {
        case options, marks

        fileprivate func name(_ name: String, _ value: String = "") -> String {
            switch self {
            case .options: "--\(name)" + (value.isEmpty ? "" : " \(value)")
            case .marks: "@\(name)=" + value
            }
        }
    }

    /// What was taken for what, as one line with the path; nil where nothing was guessed.
    ///
    /// - Parameters:
    ///   - layers: of the model; nil where none is given.
    ///   - heads: of the model.
    package func readingText(layers: Int?, heads: Int?, otherwise: Says) -> String? {
        let layout = stack.layout(layers: layers, heads: heads)
        var remarks = stack.remarks
        for (name, index) in [(say("item"), chosen.item), (say("layer"), chosen.layer), (say("head"), chosen.head)] {
            if let index { remarks.append(say("the file's \(name) \(index.grouped), shown in every \(name)")) }
        }
        if layout.isGuess {
            remarks.append(say("axes taken for \(layout.text) (\(otherwise.name("axes")) says otherwise)"))
        }
        if stack.queries.count != stack.keys {
            let place =
                stack.offset == .cross
                ? say("queries of another text")
                : say("queries \(stack.queries.lowerBound.grouped) to \((stack.queries.upperBound - 1).grouped)")
            remarks.append(
                say(
                    """
                    \(place) (\(otherwise.name("offset")) says otherwise; \(otherwise.name("as", "padding")) \
                    takes [batch, keys])
                    """)
            )
        }
        return remarks.isEmpty ? nil : "\(path): \(remarks.joined(separator: "; "))"
    }
}
