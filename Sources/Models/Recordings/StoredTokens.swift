import Foundation
import RopewalkFormats
import RopewalkPhrases
import RopewalkTokenizers

/// The tokens of a recording, and the bytes of its text that each covers.
struct StoredTokens {
    let main: Encoding
    /// Of the encoder's text; nil where there is one text.
    let keys: Encoding?

    init(_ index: RecordingIndex, _ folder: RecordingFolder, vocabulary: Int) throws(ModelError) {
        let path = try folder.file(index.tokensFile, key: "tokens")
        let file: SafetensorsFile
        do throws(FormatError) { file = try SafetensorsFile(contentsOf: path) } catch { throw .format(error) }
        let text = try folder.file(index.textFile, key: "text")
        var status = stat()
        let size = stat(text, &status) == 0 ? Int(status.st_size) : -1
        guard size == index.textBytes else {
            throw .recording(
                file: text, say("has \(size) bytes, the index says \(index.textBytes): it is another text"))
        }
        func encoding(_ prefix: String, count: Int) throws(ModelError) -> Encoding {
            func wrong(_ problem: String) -> ModelError { .recording(file: path, problem) }
            guard let ids = file.tensors[prefix + "ids"], ids.type == .i32, ids.shape == [count],
                let spans = file.tensors[prefix + "spans"], spans.type == .i64, spans.shape == [count, 2]
            else { throw wrong(say("\(prefix)ids I32 [\(count)] and \(prefix)spans I64 [\(count), 2] are expected")) }
            guard count > 0 else { throw wrong(say("there are no tokens")) }
            let numbers: [Int32] = file.numbers(of: ids)
            let ends: [Int64] = file.numbers(of: spans)
            if let place = numbers.firstIndex(where: { $0 < 0 || Int($0) >= vocabulary }) {
                throw wrong(
                    say("token \(place) has id \(numbers[place]), the model's vocabulary has 0 to \(vocabulary - 1)"))
            }
            var (starts, stops): ([Int32], [Int32]) = ([], [])
            starts.reserveCapacity(count)
            stops.reserveCapacity(count)
            var last = (0, 0)
            for token in 0..<count {
                var span = (Int(ends[2 * token]), Int(ends[2 * token + 1]))
                // Tokens that stand for no text stand where the one before ends, whatever is said.
                if span.0 == span.1 { span = (last.1, last.1) }
                guard span.0 >= last.0, span.1 >= last.1, span.0 <= span.1, span.1 <= size else {
                    throw wrong(
                        say(
                            "token \(token) covers bytes \(span.0) to \(span.1), after \(last.0) to \(last.1) in a text of \(size) bytes"
                        ))
                }
                last = span
                starts.append(Int32(span.0))
                stops.append(Int32(span.1))
            }
            return Encoding(ids: numbers, byteStarts: starts, byteEnds: stops)
        }
        main = try encoding("", count: index.tokens)
        let cross = index.attention.first { $0.kind == .cross }
        keys = try cross.map { entry throws(ModelError) in try encoding("key_", count: entry.keys) }
    }
}

extension SafetensorsFile {
    /// The numbers of a tensor as they lie in the file.
    fileprivate func numbers<Number: FixedWidthInteger>(of entry: TensorEntry) -> [Number] {
        withAllBytes { file in
            [Number](unsafeUninitializedCapacity: entry.count) { buffer, count in
                let bytes = UnsafeRawBufferPointer(rebasing: file[entry.bytes])
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                count = entry.count
            }
        }
    }
}

/// What of a model's weights scores are made with, as a recording keeps it.
struct StoredConstants {
    private var kinds: [AttentionKind: LearnedScores] = [:]

    init(_ index: RecordingIndex, _ traits: ModelTraits, _ folder: RecordingFolder) throws(ModelError) {
        var file: SafetensorsFile?
        if let name = index.constantsFile {
            let path = try folder.file(name, key: "constants")
            do throws(FormatError) { file = try SafetensorsFile(contentsOf: path) } catch { throw .format(error) }
        }
        func values(_ name: String, shape: [Int]) throws(ModelError) -> [Float] {
            let entry = file?.tensors[name]
            guard let file, let entry, entry.type == .f32, entry.shape == shape, let bytes = file.bytes(of: name) else {
                throw folder.problem(say("constants: tensor \(name) F32 \(shape) is missing: scores are made with it"))
            }
            let numbers = bytes.withUnsafeBytes { buffer in
                (0..<entry.count).map { buffer.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            guard numbers.allSatisfy(\.isFinite) else {
                throw .recording(file: file.path, say("tensor \(name): holds NaN or infinite numbers"))
            }
            return numbers
        }
        for kind in traits.kinds where kind != .cross {
            var scores = LearnedScores()
            let (layers, heads) = (traits.layers(kind), traits.shape(kind).heads)
            if layers.contains(where: \.hasSinks) {
                scores.sinks = Array(repeating: nil, count: layers.count)
                for layer in layers.indices where layers[layer].hasSinks {
                    scores.sinks[layer] = try values("\(kind.rawValue).\(layer).learned_sinks", shape: [heads])
                }
            }
            if case .relativeBuckets(let buckets, let maximumDistance) = traits.scheme {
                scores.buckets = RelativeBuckets(
                    values: try values("\(kind.rawValue).bias_buckets", shape: [buckets, heads]), heads: heads,
                    buckets: buckets, maximumDistance: maximumDistance, isBidirectional: kind == .encoder)
            }
            kinds[kind] = scores
        }
    }

    func scores(_ kind: AttentionKind) -> LearnedScores { kinds[kind] ?? LearnedScores() }
}
