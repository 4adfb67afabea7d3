import RopewalkMethods

/// What stands after the name of an action: how it is called, read and written.
struct ActionParameter<Value: Sendable>: Sendable {
    let title: String
    let example: Value
    /// Nil where the text is no such value.
    let read: @Sendable (String) -> Value?
    let write: @Sendable (Value) -> String
    /// Values that a list shows, as they are written, and whether there are others.
    var values: [String] = []
    var isOpen = true
}

extension ActionParameter where Value == Int {
    /// So many steps forwards or backwards: "+1", "-3".
    static let steps = ActionParameter(
        title: "STEPS", example: 1,
        read: { text in Int(text).flatMap { (-1_000_000...1_000_000).contains($0) ? $0 : nil } },
        write: { $0 < 0 ? String($0) : "+\($0)" }, values: ["+1", "-1"])

    /// One step forwards or backwards.
    static let direction = ActionParameter(
        title: "+1 | -1", example: 1, read: { text in Int(text).flatMap { abs($0) == 1 ? $0 : nil } },
        write: steps.write, values: ["+1", "-1"], isOpen: false)

    /// A number from 0: a token, a line of a list.
    static func index(_ title: String) -> ActionParameter {
        ActionParameter(
            title: title, example: 17, read: { text in Int(text).flatMap { $0 >= 0 ? $0 : nil } }, write: { String($0) }
        )
    }
}

extension ActionParameter where Value == Double {
    /// A share of the text: "50%".
    static let percent = ActionParameter(
        title: "PERCENT", example: 50,
        read: { text in
            let number = Double(text.hasSuffix("%") ? text.dropLast() : text[...])
            return number.flatMap { (0...100).contains($0) ? $0 : nil }
        }, write: { MethodSpec.format($0) + "%" })
}

extension ActionParameter where Value == Steps {
    /// Down and to the right: "+1 -2".
    static let steps = ActionParameter(
        title: "ROWS COLUMNS", example: Steps(rows: 1, columns: -2),
        read: { text in
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count == 2, let rows = ActionParameter<Int>.steps.read(String(words[0])),
                let columns = ActionParameter<Int>.steps.read(String(words[1]))
            else { return nil }
            return Steps(rows: rows, columns: columns)
        },
        write: { steps in
            [steps.rows, steps.columns].map { ActionParameter<Int>.steps.write($0) }.joined(separator: " ")
        })
}

extension ActionParameter where Value == HeadIndex {
    /// Layer and head from 0: "3.7".
    static let head = ActionParameter(
        title: "LAYER.HEAD", example: HeadIndex(layer: 3, head: 7),
        read: { text in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let layer = Int(parts[0]), let head = Int(parts[1]), layer >= 0, head >= 0 else {
                return nil
            }
            return HeadIndex(layer: layer, head: head)
        }, write: { "\($0.layer).\($0.head)" })
}

extension ActionParameter where Value: CaseIterable & Hashable {
    /// One of some names.
    static var name: ActionParameter {
        let names = Value.allCases.map { "\($0)" }
        return ActionParameter(
            title: names.joined(separator: " | "), example: Value.allCases[Value.allCases.startIndex],
            read: { text in Value.allCases.first { "\($0)" == text } }, write: { "\($0)" }, values: names,
            isOpen: false)
    }

    /// One of some names, or "next".
    static var choice: ActionParameter<Choice<Value>> {
        let name = Self.name
        return ActionParameter<Choice<Value>>(
            title: "next | " + name.title, example: .next,
            read: { $0 == "next" ? .next : name.read($0).map { .one($0) } },
            write: { choice in
                switch choice {
                case .next: "next"
                case .one(let value): name.write(value)
                }
            }, values: ["next"] + name.values, isOpen: false)
    }
}

extension ActionParameter where Value == String {
    /// All that follows; in quotes where it has blanks at its ends, quotes or semicolons.
    static func text(_ title: String, example: String) -> ActionParameter {
        ActionParameter(
            title: title, example: example, read: { QuotedText.reading($0) }, write: { QuotedText.writing($0) })
    }
}

/// The next of some values after the present one, or a certain one.
package enum Choice<Value: Hashable & Sendable>: Hashable, Sendable {
    case next
    case one(Value)
}

extension Choice where Value: CaseIterable {
    /// What is chosen where `value` is the present one.
    func after(_ value: Value) -> Value {
        switch self {
        case .next: value.next
        case .one(let chosen): chosen
        }
    }
}

/// Steps in two directions.
package struct Steps: Hashable, Sendable {
    package let rows: Int
    package let columns: Int

    func times(_ count: Int) -> Steps { Steps(rows: rows * count, columns: columns * count) }
}

/// Text in a script of actions, which semicolons separate.
enum QuotedText {
    static func writing(_ text: String) -> String {
        let isPlain =
            text.first?.isWhitespace == false && text.last?.isWhitespace == false
            && !text.contains { $0 == ";" || $0 == "\"" }
        if isPlain { return text }
        let escaped = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(escaped)\""
    }

    /// Nil where quotes are not closed, or something follows them; and for nothing at all.
    static func reading(_ text: String) -> String? {
        guard text.first == "\"" else { return text.isEmpty || text.contains("\"") ? nil : text }
        var read = ""
        var isEscaped = false
        for (index, character) in text.dropFirst().enumerated() {
            if isEscaped {
                read.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return index == text.count - 2 ? read : nil
            } else {
                read.append(character)
            }
        }
        return nil
    }
}
