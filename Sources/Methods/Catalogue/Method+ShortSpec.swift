extension Method {
    /// The spec as far as a reader needs it: the first parameter, and others only where they are not the default; the first
    /// one neither, where it is 0 and stands for a word (`direct`, not `direct:window=0`).
    package var shortSpec: String {
        guard spec == parameterSpec else { return spec }
        let description = Self.description
        var pairs: [String] = []
        for (index, (parameter, value)) in zip(description.parameters, values).enumerated()
        where value != parameter.defaultValue || index == 0 && !(value == 0 && parameter.isAutomatic) {
            pairs.append("\(parameter.name)=\(parameter.format(value))")
        }
        for (list, numbers) in zip(description.lists, lists) where !numbers.isEmpty {
            let told =
                numbers.count > longestList
                ? "\(numbers.count) numbers" : numbers.map(MethodSpec.format).joined(separator: "/")
            pairs.append("\(list.name)=\(told)")
        }
        return pairs.isEmpty ? description.name : description.name + ":" + pairs.joined(separator: ",")
    }

    /// Numbers of a list that are read faster than counted.
    private var longestList: Int { 4 }
}

extension Method {
    /// The spec with words for what a number stands for: `yarn:factor=4,...,original=auto,truncate=yes`.
    package var wordSpec: String {
        guard spec == parameterSpec else { return spec }
        let description = Self.description
        let pairs =
            zip(description.parameters, values).map { "\($0.name)=\($0.words($1))" }
            + zip(description.lists, lists).filter { !$1.isEmpty }.map { list, numbers in
                "\(list.name)=" + numbers.map(MethodSpec.format).joined(separator: "/")
            }
        return pairs.isEmpty ? description.name : description.name + ":" + pairs.joined(separator: ",")
    }
}

extension Scenario {
    /// All its methods on one line, as `Scenario(line:)` reads them: "yarn:factor=4,... lambda:sink=4,window=512"; "rope"
    /// for plain attention.
    package var line: String { specs.isEmpty ? RoPE.description.name : specs.joined(separator: " ") }

    /// The same in the short specs that are read on a screen.
    package var shortLine: String {
        let shown = methods.dropFirst(position is RoPE ? 1 : 0).map(\.shortSpec)
        return shown.isEmpty ? RoPE.description.name : shown.joined(separator: " ")
    }

    /// The scenario of the specs on one line, with blanks between them.
    /// - Parameters:
    ///   - position: the position method where the line names none.
    ///   - loader: reads mask files; without it they are refused.
    package init(
        line: String, position: any PositionMethod = RoPE(), loader: MaskLoader? = nil
    ) throws(MethodError) {
        var methods: [any Method] = []
        // A spec may have blanks of its own, in the name of a file or in a formula.
        if let only = try? MethodSpec.parse(line, loader: loader) {
            methods = [only]
        } else {
            for spec in line.split(whereSeparator: \.isWhitespace) {
                methods.append(try MethodSpec.parse(String(spec), loader: loader))
            }
        }
        guard !methods.isEmpty else { throw .empty }
        if !methods.contains(where: { $0 is any PositionMethod }) { methods.append(position) }
        try self.init(methods)
    }
}
