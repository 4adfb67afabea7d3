import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases
import RopewalkTokenizers

/// Writes what a run leaves behind into a folder, part by part while the run goes on.
///
/// Whatever stops it, what was complete then is a valid recording, as far as it goes.
package struct RecordingWriter {
    /// What is recorded, and how.
    package struct Request: Sendable {
        package var scenario: Scenario
        package var inputs: ModelInputs
        /// Of `inputs.ids` in the text.
        package var encoding: Encoding
        package var text: [UInt8]
        package var precision = StoredPrecision.single
        /// Some layers and heads of the main stack; nil for all.
        package var layers: [Int]?
        package var heads: [Int]?
        /// Name and version of the program, and what it runs on.
        package var writer: String

        package init(scenario: Scenario, inputs: ModelInputs, encoding: Encoding, text: [UInt8], writer: String) {
            self.scenario = scenario
            self.inputs = inputs
            self.encoding = encoding
            self.text = text
            self.writer = writer
        }
    }

    /// The folder.
    package let path: String
    package private(set) var index: RecordingIndex
    /// Queries written of each kind.
    private var written: [AttentionKind: Int] = [:]
    private let model: Model
    /// Called before every file that is written; a test lets it fail.
    var beforeWriting: @Sendable (_ path: String) throws(FormatError) -> Void = { _ throws(FormatError) in }

    /// Begins a recording in a folder that is not there or empty, or goes on with one of the same request that was
    /// interrupted: `model` has that one open then (`Model.opening`).
    /// - Throws: what of the model or the scenario recordings in files do not hold, or what else lies in the folder.
    package init(_ request: Request, of model: Model, in path: String) throws(ModelError) {
        self.path = path
        self.model = model
        if let obstacle = model.obstacleToRecording(request) { throw .cannotRecord(model: model.name, obstacle) }
        let scenario = request.scenario
        let choosing: [(any Method)?] = [scenario.selection, scenario.stateSelection, scenario.compression]
        if request.precision != .single, let method = choosing.compactMap({ $0 }).first {
            throw .rounded(method: method.spec)
        }
        index = try Self.index(request, of: model)
        let folder = RecordingFolder(path)
        if RecordingFolder.holdsRecording(path) {
            let earlier = try RecordingIndex(folder)
            guard earlier.isSameWork(as: index) else {
                throw folder.problem(
                    say(
                        "is another recording, of \(String(earlier.modelName.prefix(60)).debugDescription): name another folder"
                    ))
            }
            if earlier.isComplete {
                index = earlier
                for entry in index.attention { written[entry.kind] = entry.queries }
                return
            }
            takeUp(earlier, model.stored)
        } else {
            try Self.create(path)
        }
        try writeBeginning(request)
        try writeIndex()
    }

    /// Tokens of the main kind that are written.
    package var tokens: Int { index.attention.first.map { written[$0.kind] ?? 0 } ?? 0 }

    /// Keeps the parts that a run goes on from; one that begins anew writes them again.
    private mutating func takeUp(_ earlier: RecordingIndex, _ stored: StoredRecording?) {
        guard let stored, stored.path == path, earlier == stored.index, earlier.precision == .single,
            index.attention.allSatisfy({ $0.recorded == nil }), model.goesOn(after: stored.recordings)
        else { return }
        for kind in stored.recordings.kinds { written[kind] = stored.recordings[kind]?.tokens ?? 0 }
        index.parts = earlier.parts.filter { $0.tokens.upperBound <= written[$0.kind] ?? 0 }
        index.isComplete = earlier.isComplete
        index.error = earlier.error
    }

    private static func create(_ path: String) throws(ModelError) {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            let names = isFolder.boolValue ? (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] : ["."]
            // A stopped job may have left files that no index names.
            guard names.allSatisfy({ $0.hasSuffix(".part") || Self.isOwn($0) }) else {
                throw .recording(file: path, say("is there and no recording: name a new folder"))
            }
            return
        }
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw .format(.unwritable(file: path, reason: String(cString: strerror(errno))))
        }
    }

    static func isOwn(_ name: String) -> Bool {
        ["config.json", "text.txt", "tokens.safetensors", "constants.safetensors"].contains(name)
            || Model.tokenizerFiles.contains(name)
    }

    private static func index(_ request: Request, of model: Model) throws(ModelError) -> RecordingIndex {
        let (traits, inputs) = (model.traits, request.inputs)
        let decoder = model.decoderTokens(inputs)
        var attention: [RecordingIndex.Attention] = []
        for kind in traits.kinds {
            let shape = traits.shape(kind)
            let queries = kind == .encoder ? inputs.ids.count : decoder.count
            let layers = traits.layers(kind).count
            var heads: RecordedHeads?
            if request.layers != nil || request.heads != nil {
                heads = RecordedHeads(
                    layers: request.layers ?? Array(0..<layers), heads: request.heads, of: (layers, shape.heads))
            }
            attention.append(
                RecordingIndex.Attention(
                    kind: kind, layers: layers, heads: shape.heads, keyValueHeads: shape.keyValueHeads,
                    headDimension: shape.headDimension, hidden: shape.hidden, queries: queries,
                    keys: kind == .decoder ? decoder.count : inputs.ids.count,
                    poolBlock: Recorder.poolBlock(tokens: queries), recorded: heads))
        }
        var hash = SHA256()
        hash.add(request.text)
        return RecordingIndex(
            writer: request.writer, modelName: model.name, family: model.outline.family,
            weights: WeightsMark(model).text, methods: model.recordedSpecs(request.scenario), textFile: "text.txt",
            textBytes: request.text.count, textHash: hash.hexadecimal(), tokensFile: "tokens.safetensors",
            tokens: traits.kinds.first == .encoder ? inputs.ids.count : decoder.count,
            constantsFile: model.hasLearnedScores ? "constants.safetensors" : nil, attention: attention,
            precision: request.precision, error: 0, parts: [], isComplete: false)
    }

    /// Writes all of a run that is not written yet.
    package mutating func append(_ recordings: Recordings) throws(ModelError) {
        for kind in [AttentionKind.encoder, .decoder, .cross] {
            guard let recording = recordings[kind], let entry = index.attention.first(where: { $0.kind == kind })
            else { continue }
            for chunk in recording.chunks where chunk.tokens.upperBound > written[kind] ?? 0 {
                try append(chunk, of: recording, entry)
                written[kind] = chunk.tokens.upperBound
                index.isComplete = index.attention.allSatisfy { written[$0.kind] ?? 0 == $0.queries }
                try writeIndex()
            }
        }
    }

    /// The parts of a chunk: one, or of some layers and heads as many as they lie in runs.
    private mutating func append(
        _ chunk: RecordedChunk, of recording: Recording, _ entry: RecordingIndex.Attention
    ) throws(ModelError) {
        var isFirst = true
        for layers in Self.runs(entry.recorded?.layers ?? Array(0..<entry.layers)) {
            let heads = entry.recorded?.heads(layers.lowerBound) ?? Array(0..<entry.heads)
            for heads in Self.runs(heads) {
                let number = index.parts.count
                let zeros = String(repeating: "0", count: max(0, 5 - String(number).count))
                let name = "part-\(zeros)\(number).safetensors"
                let share = entry.heads / entry.keyValueHeads
                let part = RecordingIndex.Part(
                    file: name, kind: entry.kind, tokens: chunk.tokens, layers: layers, heads: heads,
                    keyValueHeads: heads.lowerBound / share..<(heads.upperBound - 1) / share + 1, bytes: 0)
                var work = PartWork(
                    part: part, chunk: chunk, recording: recording, precision: index.precision,
                    hasStates: isFirst, model: model.name)
                isFirst = false
                let file = path + "/" + name
                try before(file)
                index.parts.append(try work.write(to: file))
                index.error = max(index.error, Double(work.error))
            }
        }
    }

    /// Numbers that follow each other.
    private static func runs(_ numbers: [Int]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound == number {
                runs[runs.count - 1] = last.lowerBound..<number + 1
            } else {
                runs.append(number..<number + 1)
            }
        }
        return runs
    }

    private func before(_ file: String) throws(ModelError) {
        do throws(FormatError) { try beforeWriting(file) } catch { throw .format(error) }
    }

    private func writeIndex() throws(ModelError) {
        let file = path + "/" + RecordingIndex.fileName
        try before(file)
        try Self.write(Array(index.json.lines.utf8), to: file)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ModelError) {
        do throws(FormatError) {
            let file = try AtomicFile(path: path)
            try file.write(bytes)
            try file.commit()
        } catch { throw .format(error) }
    }

    /// What all recordings have beside their parts.
    private func writeBeginning(_ request: Request) throws(ModelError) {
        try Self.write(request.text, to: path + "/" + index.textFile)
        try Self.write(try model.configurationText(), to: path + "/config.json")
        for name in Model.tokenizerFiles {
            guard let bytes = model.tokenizerFile(name) else { continue }
            try Self.write(bytes, to: path + "/" + name)
        }
        let (inputs, decoder) = (request.inputs, model.decoderTokens(request.inputs))
        var texts: [(prefix: String, encoding: Encoding)] = [("", request.encoding)]
        if model.kinds.contains(.cross) {
            // A decoder's own tokens have places in the text only where they are the text's.
            let own =
                decoder.dropFirst().elementsEqual(inputs.ids.dropLast())
                ? request.encoding.beginning(with: decoder[0]).prefix(decoder.count)
                : Encoding(ids: decoder)
            texts = [("", own), ("key_", request.encoding)]
        }
        do throws(FormatError) {
            var file = try SafetensorsWriter(
                path: path + "/" + index.tokensFile,
                tensors: texts.flatMap {
                    [
                        .init($0.prefix + "ids", .i32, shape: [$0.encoding.count]),
                        .init($0.prefix + "spans", .i64, shape: [$0.encoding.count, 2]),
                    ]
                })
            for text in texts {
                try file.append(text.encoding.ids)
                try file.append(
                    zip(text.encoding.byteStarts, text.encoding.byteEnds).flatMap { [Int64($0), Int64($1)] })
            }
            try file.finish()
        } catch { throw .format(error) }
        try writeConstants()
    }

    private func writeConstants() throws(ModelError) {
        guard let name = index.constantsFile else { return }
        var tensors: [(declaration: SafetensorsWriter.Declaration, numbers: [Float])] = []
        for kind in model.kinds where kind != .cross {
            let learned = model.learnedScores(kind)
            for (layer, sinks) in learned.sinks.enumerated() {
                guard let sinks else { continue }
                tensors.append((.init("\(kind.rawValue).\(layer).learned_sinks", .f32, shape: [sinks.count]), sinks))
            }
            if let buckets = learned.buckets {
                tensors.append(
                    (
                        .init("\(kind.rawValue).bias_buckets", .f32, shape: [buckets.buckets, buckets.heads]),
                        buckets.values
                    ))
            }
        }
        do throws(FormatError) {
            var file = try SafetensorsWriter(path: path + "/" + name, tensors: tensors.map(\.declaration))
            for tensor in tensors { try file.append(tensor.numbers) }
            try file.finish()
        } catch { throw .format(error) }
    }
}

extension RecordingIndex {
    /// Whether both are of the same run: then one may go on with the other.
    func isSameWork(as other: RecordingIndex) -> Bool {
        modelName == other.modelName && family == other.family && weights == other.weights
            && methods == other.methods && textHash == other.textHash && textBytes == other.textBytes
            && tokens == other.tokens && attention == other.attention && precision == other.precision
    }
}
