import RopewalkFormats
import RopewalkPhrases

/// The names of a file's tensors, and which of them are maps: names that differ in one number alone are layers of one group.
struct AttentionNames {
    private let path: String
    private let single: AttentionFile.Tensor?
    /// By the name with `{layer}` in place of its first number; without layers by the name itself.
    private let groups: [String: [(layer: Int?, tensor: AttentionFile.Tensor)]]

    /// What programs call their maps; the first that is there is taken.
    private static let known = [
        "blocks.{layer}.attn.hook_pattern", "attentions.{layer}", "attention.{layer}", "attn.{layer}", "layers.{layer}",
        "layer.{layer}", "{layer}",
    ]

    init(_ tensors: [AttentionFile.Tensor], path: String) {
        self.path = path
        single = tensors.count == 1 ? tensors[0] : nil
        var groups: [String: [(layer: Int?, tensor: AttentionFile.Tensor)]] = [:]
        for tensor in tensors {
            let (pattern, layer) = Self.pattern(tensor.name)
            groups[pattern, default: []].append((layer, tensor))
        }
        self.groups = groups
    }

    /// The name with its first number replaced, and that number.
    static func pattern(_ name: String) -> (pattern: String, layer: Int?) {
        let bytes = Array(name.utf8)
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        guard let first = bytes.firstIndex(where: isDigit) else { return (name, nil) }
        let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
        // Of several spellings of a number (01) one would take the other's place.
        guard let layer = Int(String(decoding: bytes[first..<end], as: UTF8.self)), end - first == "\(layer)".utf8.count
        else { return (name, nil) }
        let pattern = String(decoding: bytes[..<first] + Array("{layer}".utf8) + bytes[end...], as: UTF8.self)
        return (pattern, layer)
    }

    /// The tensors with the layer of each, and whether it is one of all layers.
    /// - Parameter name: which; nil for the ones that there are
    func chosen(
        _ name: String?
    ) throws(ModelError) -> (tensors: [(layer: Int, tensor: AttentionFile.Tensor)], isWhole: Bool) {
        if name == nil, let single { return ([(0, single)], true) }
        var pattern = name ?? ""
        if name == nil { pattern = try guess() }
        if let group = groups[pattern] { return numbered(group) }
        // One tensor by its whole name is one layer, or all of them.
        for group in groups.values {
            if let tensor = group.first(where: { $0.tensor.name == pattern })?.tensor { return ([(0, tensor)], true) }
        }
        throw .unclearAttention(
            file: path, say("it has no tensors \(String(pattern.prefix(120)).debugDescription); it has \(list)"))
    }

    private func numbered(
        _ group: [(layer: Int?, tensor: AttentionFile.Tensor)]
    ) -> (tensors: [(layer: Int, tensor: AttentionFile.Tensor)], isWhole: Bool) {
        guard group[0].layer != nil else { return ([(0, group[0].tensor)], true) }
        return (group.compactMap { entry in entry.layer.map { ($0, entry.tensor) } }, false)
    }

    private func guess() throws(ModelError) -> String {
        let shaped = groups.filter { $0.value.allSatisfy { Self.couldBeMap($0.tensor) } }
        if let known = Self.known.first(where: { shaped[$0] != nil }) { return known }
        if shaped.count == 1, let only = shaped.first?.key { return only }
        throw .unclearAttention(
            file: path,
            say("it is not clear which of its tensors are the maps: give the name of \(list)"))
    }

    private static func couldBeMap(_ tensor: AttentionFile.Tensor) -> Bool {
        (2...5).contains(tensor.shape.count) && [.f64, .f32, .f16, .bf16].contains(tensor.type)
    }

    /// Some of the names, for people.
    private var list: String {
        let names = groups.keys.sorted()
        let shown = names.prefix(6).map { String($0.prefix(80)).debugDescription }.joined(separator: ", ")
        return names.isEmpty ? say("none") : names.count > 6 ? say("\(shown) and \(names.count - 6) more") : shown
    }
}
