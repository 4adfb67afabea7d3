import RopewalkPhrases

/// The method grammar: `name[:key=value[,key=value]...]`.
///
/// Masks may be joined by `+` (a key is seen where one of them lets it be seen), be `expr:RULE` or `file:PATH`, and end
/// with `@layers=0-3/5` and `@heads=0-1`.
package enum MethodSpec {
    /// A number as the grammar writes it: whole numbers without a fraction.
    package static func format(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    /// The method that `text` describes; parameters it leaves out have their defaults.
    ///
    /// - Parameter loader: reads mask files; without it they are refused.
    package static func parse(_ text: String, loader: MaskLoader? = nil) throws(MethodError) -> any Method {
        let (text, scope) = try HeadScope.split(text)
        let parts = unionParts(text)
        var method = try single(parts[0], loader)
        if parts.count > 1 {
            var windows: [any WindowMethod] = []
            for part in parts {
                windows.append(try window(single(part, loader), of: part, for: say("join masks with +")))
            }
            method = UnionWindow(windows)
        }
        guard scope != HeadScope() else { return method }
        if let ablation = method as? Ablation { return try ablation.limited(to: scope) }
        return ScopedWindow(try window(method, of: text, for: say("give layers and heads to masks")), scope: scope)
    }

    private static func window(
        _ method: any Method, of text: String, for purpose: String
    ) throws(MethodError) -> any WindowMethod {
        guard let window = method as? any WindowMethod else {
            throw .scope(text, say("it is no mask: only \(purpose)"))
        }
        return window
    }

    /// What stands between pluses that a name follows (1e+3 is a number); rules and files have no more parts.
    private static func unionParts(_ text: String) -> [String] {
        var parts: [String] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            let rest = text[start...].drop(while: \.isWhitespace)
            if rest.hasPrefix(ExpressionWindow.prefix) || rest.hasPrefix(FileWindow.prefix) { break }
            let next = text.index(after: index)
            let follower = text[next...].first { !$0.isWhitespace }
            if text[index] == "+", follower.map({ $0.isLetter || $0 == "+" }) ?? true {
                parts.append(String(text[start..<index]))
                start = next
            }
            index = next
        }
        return parts + [String(text[start...])]
    }

    private static func single(_ text: String, _ loader: MaskLoader?) throws(MethodError) -> any Method {
        let trimmed = trimmed(text[...])
        if trimmed.hasPrefix(ExpressionWindow.prefix) {
            let rule = String(trimmed.dropFirst(ExpressionWindow.prefix.count))
            return ExpressionWindow(try MaskExpression(rule, loader: loader))
        }
        if trimmed.hasPrefix(FileWindow.prefix) {
            let path = String(trimmed.dropFirst(FileWindow.prefix.count))
            guard !path.isEmpty else { throw .maskFile(path: path, say("no path: write file:PATH")) }
            guard let loader else { throw .maskFile(path: path, say("mask files are not read here")) }
            let (file, plane) = MaskPlane.split(path)
            return FileWindow(path: file, stack: try loader(file), chosen: plane)
        }
        return try named(text)
    }

    private static func named(_ text: String) throws(MethodError) -> any Method {
        let (name, parameters) = split(text, at: ":")
        guard !name.isEmpty else { throw .empty }
        guard let type = Catalogue.method(named: name) else {
            throw .unknownMethod(name, nearest: Catalogue.nearestName(to: name), known: Catalogue.names)
        }
        let (values, lists) = try values(of: type.description, in: parameters)
        let method = type.init(values: values, lists: lists)
        if let contradiction = method.contradiction { throw .contradiction(method: name, contradiction) }
        return (method as? Ablation)?.mask ?? method
    }

    private static func values(
        of method: MethodDescription, in text: String?
    ) throws(MethodError) -> (values: [Double], lists: [[Double]]) {
        var values = method.parameters.map(\.defaultValue)
        var lists = method.lists.map { _ in [Double]() }
        guard let text else { return (values, lists) }
        let names = method.parameters.map(\.name) + method.lists.map(\.name)
        var given: Set<Int> = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (key, value) = split(String(pair), at: "=")
            guard !key.isEmpty else { throw .emptyParameter(method: method.name) }
            guard let index = names.firstIndex(of: key) else {
                throw .unknownParameter(method: method.name, key, known: names)
            }
            guard given.insert(index).inserted else { throw .duplicateParameter(method: method.name, key) }
            guard let value, !value.isEmpty else { throw .missingValue(method: method.name, key) }
            if index < values.count {
                values[index] = try number(value, for: method.parameters[index], of: method.name)
            } else {
                lists[index - values.count] = try list(value, for: method.lists[index - values.count], of: method.name)
            }
        }
        return (values, lists)
    }

    /// The numbers of a list, `0/17/300`.
    private static func list(
        _ text: String, for list: ListDescription, of method: String
    ) throws(MethodError) -> [Double] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= ListDescription.limit else { throw .listTooLong(method: method, list.name) }
        var numbers: [Double] = []
        for part in parts { numbers.append(try number(trimmed(part), for: list.element, of: method)) }
        return numbers
    }

    /// The value of one parameter, checked against what the parameter takes.
    package static func number(
        _ text: String, for parameter: ParameterDescription, of method: String
    ) throws(MethodError) -> Double {
        guard let value = Double(text) ?? parameter.value(ofWord: text), !value.isNaN else {
            throw .notANumber(method: method, parameter, text: text)
        }
        guard parameter.range.contains(value) else { throw .outOfRange(method: method, parameter, text: text) }
        guard !parameter.isInteger || value == value.rounded() else {
            throw .notAnInteger(method: method, parameter, text: text)
        }
        return value
    }

    /// The parts before and after the first `mark`, without blanks around them; nil after it where it is missing.
    private static func split(_ text: String, at mark: Character) -> (String, String?) {
        let parts = text.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false).map { trimmed($0) }
        return (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
