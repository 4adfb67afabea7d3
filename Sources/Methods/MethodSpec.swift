/// The method grammar: `name[:key=value[,key=value]...]`.
public enum MethodSpec {
    /// A number as the grammar writes it: whole numbers without a fraction.
    public static func format(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    /// The method that `text` describes; parameters it leaves out have their defaults.
    public static func parse(_ text: String) throws(MethodError) -> any Method {
        let (name, parameters) = split(text, at: ":")
        guard !name.isEmpty else { throw .empty }
        guard let type = Catalogue.method(named: name) else {
            throw .unknownMethod(name, nearest: Catalogue.nearestName(to: name), known: Catalogue.names)
        }
        let values = try values(of: type.description, in: parameters)
        let method = type.init(values: values)
        if let contradiction = method.contradiction { throw .contradiction(method: name, contradiction) }
        return method
    }

    private static func values(
        of method: MethodDescription, in text: String?
    ) throws(MethodError) -> [Double] {
        var values = method.parameters.map(\.defaultValue)
        guard let text else { return values }
        var given: Set<Int> = []
        for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (key, value) = split(String(pair), at: "=")
            guard !key.isEmpty else { throw .emptyParameter(method: method.name) }
            guard let index = method.parameters.firstIndex(where: { $0.name == key }) else {
                throw .unknownParameter(method: method.name, key, known: method.parameters.map(\.name))
            }
            guard given.insert(index).inserted else { throw .duplicateParameter(method: method.name, key) }
            guard let value, !value.isEmpty else { throw .missingValue(method: method.name, key) }
            values[index] = try number(value, for: method.parameters[index], of: method.name)
        }
        return values
    }

    /// The value of one parameter, checked against what the parameter takes.
    public static func number(
        _ text: String, for parameter: ParameterDescription, of method: String
    ) throws(MethodError) -> Double {
        guard let value = Double(text), !value.isNaN else {
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
