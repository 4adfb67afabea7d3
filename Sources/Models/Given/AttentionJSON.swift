import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// Attention weights in JSON: lists of lists of numbers, or such lists with their tokens beside them, as the parameters of
/// BertViz's views have them.
struct AttentionJSON {
    let tensor: AttentionFile.Tensor
    let tokens: [String]?
    let keyTokens: [String]?

    private static let mapKeys = ["attn", "attention", "attentions", "weights"]
    private static let tokenKeys = ["left_text", "tokens", "text"]
    private static let keyTokenKeys = ["right_text", "key_tokens"]

    /// - Parameter entry: which of several maps of the file, by its name; nil where there is one
    init(_ data: Data, path: String, entry: String?) throws(ModelError) {
        guard data.count <= JSONDocument.sizeLimit else {
            throw .format(.tooLarge(file: path, bytes: data.count, limit: JSONDocument.sizeLimit))
        }
        let root: JSONValue
        do throws(FormatError) { root = try JSONDocument(data, source: path).root } catch { throw .format(error) }
        var holder = root
        // The model view has a list of them, the neuron view one by name.
        for _ in 0..<3 {
            if let inner = try Self.entry(in: holder, named: entry, path) { holder = inner } else { break }
        }
        let maps = Self.mapKeys.lazy.compactMap { holder[$0] }.first ?? holder
        guard maps.array != nil else {
            throw .attention(
                file: path,
                say("lists of lists of numbers are expected, or an object with them as \"attention\" or \"attn\""))
        }
        tensor = try Self.tensor(maps, path)
        tokens = try Self.words(holder, Self.tokenKeys, path)
        keyTokens = try Self.words(holder, Self.keyTokenKeys, path)
    }

    /// What holds the maps, one step further in; nil where this does.
    private static func entry(in value: JSONValue, named name: String?, _ path: String) throws(ModelError) -> JSONValue?
    {
        guard value.members != nil else { return nil }
        let inner = mapKeys.lazy.compactMap { value[$0] }.first
        if let list = inner?.array, list.first?.members != nil {
            let names = list.enumerated().map { $0.element["name"]?.string ?? "\($0.offset)" }
            guard let place = name.map({ names.firstIndex(of: $0) }) ?? (list.count == 1 ? 0 : nil) else {
                let shown = names.prefix(6).map { String($0.prefix(40)).debugDescription }.joined(separator: ", ")
                throw .unclearAttention(
                    file: path,
                    say("it has \(list.count) sets of maps: give the name of one of \(shown)"))
            }
            return list[place]
        }
        if inner?.members != nil { return inner }
        return inner == nil ? (name.flatMap { value[$0] } ?? value["all"]) : nil
    }

    /// The numbers of lists within lists, which must be as long as their neighbours.
    private static func tensor(_ value: JSONValue, _ path: String) throws(ModelError) -> AttentionFile.Tensor {
        var shape: [Int] = []
        var first: JSONValue? = value
        while let list = first?.array {
            shape.append(list.count)
            first = list.first
            guard shape.count <= 5, !list.isEmpty else {
                throw .attention(
                    file: path,
                    say("lists of lists of numbers are expected, at most five within one another, none empty"))
            }
        }
        var numbers: [Float] = []
        var place: [Int] = []
        try collect(value, depth: 0, shape: shape, &place, into: &numbers, path)
        let bytes = numbers.withUnsafeBytes { StoredBytes(copying: $0) }
        return AttentionFile.Tensor(name: "", type: .f32, shape: shape, bytes: bytes, offset: 0)
    }

    private static func collect(
        _ value: JSONValue, depth: Int, shape: [Int], _ place: inout [Int], into numbers: inout [Float], _ path: String
    ) throws(ModelError) {
        func wrong(_ problem: String) -> ModelError {
            .attention(file: path, say("element \(place.map(String.init).joined(separator: ".")): \(problem)"))
        }
        guard depth < shape.count else {
            guard let number = value.number else { throw wrong(say("a number is expected, there is \(value.summary)")) }
            numbers.append(Float(number))
            return
        }
        guard let list = value.array, list.count == shape[depth] else {
            let found = value.array.map { say("\($0.count) elements") } ?? value.summary
            throw wrong(say("a list of \(shape[depth]) is expected, as its neighbours are, there is \(found)"))
        }
        for (index, element) in list.enumerated() {
            place.append(index)
            try collect(element, depth: depth + 1, shape: shape, &place, into: &numbers, path)
            place.removeLast()
        }
    }

    /// Tokens that lie beside the maps; nil where there are none.
    private static func words(_ value: JSONValue, _ keys: [String], _ path: String) throws(ModelError) -> [String]? {
        guard let (key, list) = keys.lazy.compactMap({ key in value[key]?.array.map { (key, $0) } }).first else {
            return nil
        }
        var words: [String] = []
        for element in list {
            guard let word = element.string else {
                throw .attention(file: path, say("\(key): a list of texts is expected, there is \(element.summary)"))
            }
            words.append(word)
        }
        return words
    }
}
