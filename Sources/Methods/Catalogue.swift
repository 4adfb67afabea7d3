/// All methods; a new one is a file of its own and a line here.
public enum Catalogue {
    public static let all: [any Method.Type] = [
        RoPE.self,
        PositionInterpolation.self,
        NTKAware.self,
        YaRN.self,
        DynamicNTK.self,
        Llama3Scaling.self,
        LongRoPE.self,
        PartialRotary.self,
        Full.self,
        Causal.self,
        SlidingWindow.self,
        LambdaWindow.self,
        TopK.self,
    ]

    /// The names in the method grammar, in the order of the catalogue.
    public static var names: [String] { all.map { $0.description.name } }

    /// The method of that name, nil where there is none.
    public static func method(named name: String) -> (any Method.Type)? {
        all.first { $0.description.name == name }
    }

    /// The name nearest to a mistyped one; nil where none is near enough to be meant.
    public static func nearestName(to name: String) -> String? {
        let typed = Array(name.lowercased().unicodeScalars.prefix(64))
        let ranked = names.map { (name: $0, edits: editDistance(typed, Array($0.unicodeScalars))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(1, best.name.count / 2) ? best.name : nil
    }
}

/// Insertions, deletions and replacements that turn one into the other (Levenshtein), one row at a time.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
