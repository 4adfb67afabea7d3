import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkMethods
import RopewalkPhrases
import RopewalkTokenizers

/// A recording in a folder, open: its numbers lie in mapped files and are read where they are asked for.
package final class StoredRecording: Sendable {
    /// The folder, as given.
    package let path: String
    package let index: RecordingIndex
    /// What it was run under.
    package let scenario: Scenario
    /// Tokens of what the model reads first: of the encoder's text where a decoder reads it.
    package let encoding: Encoding
    /// The file with the text.
    package let textPath: String
    /// Of the decoder where it reads an encoder; nil elsewhere.
    let decoderIDs: [Int32]?
    /// What is recorded; all kinds nil where no part is complete.
    package let recordings: Recordings

    /// - Parameters:
    ///   - known: the index, where it is read already.
    ///   - traits: of its model.
    init(
        _ folder: RecordingFolder, index known: RecordingIndex? = nil, traits: ModelTraits, name: String,
        position: any PositionMethod
    ) throws(ModelError) {
        path = folder.path
        if let known { index = known } else { index = try RecordingIndex(folder) }
        try Self.check(index, traits, folder)
        scenario = try Self.scenario(index, position: position, folder)
        textPath = try folder.file(index.textFile, key: "text")
        let tokens = try StoredTokens(index, folder, vocabulary: traits.shape.vocabulary)
        encoding = tokens.keys ?? tokens.main
        decoderIDs = tokens.keys == nil ? nil : tokens.main.ids
        try traits.check(scenario, tokens: encoding.count, model: name)
        recordings = try Self.recordings(
            index, traits, scenario: scenario, main: tokens.main.ids, encoder: encoding.ids, folder)
    }

    /// Holds the sizes that the index gives to those of the model.
    private static func check(
        _ index: RecordingIndex, _ traits: ModelTraits, _ folder: RecordingFolder
    ) throws(ModelError) {
        guard Set(index.attention.map(\.kind)) == Set(traits.kinds) else {
            let kinds = traits.kinds.map(\.rawValue).joined(separator: ", ")
            throw folder.problem(say("attention: config.json is of a model with \(kinds), which are to be recorded"))
        }
        for entry in index.attention {
            let shape = traits.shape(entry.kind)
            let found = [entry.layers, entry.heads, entry.keyValueHeads, entry.headDimension, entry.hidden]
            let own = [
                traits.layers(entry.kind).count, shape.heads, shape.keyValueHeads, shape.headDimension, shape.hidden,
            ]
            guard found == own else {
                throw folder.problem(
                    say(
                        "attention: \(entry.kind.rawValue) has layers, heads, key/value heads, head dimension and hidden size \(found), config.json says \(own)"
                    ))
            }
            guard traits.layers(entry.kind).allSatisfy({ $0.mixer == nil }) else {
                throw folder.problem(say("attention: layers without attention are not held by version 1"))
            }
            // Of a model of two stacks the keys of cross attention are the encoder's.
            let isAlike = entry.kind == .cross || entry.queries == entry.keys
            let isMain = entry.kind != traits.kinds.first || entry.queries == index.tokens
            guard isAlike, isMain else {
                throw folder.problem(
                    say("attention: \(entry.kind.rawValue) has other numbers of tokens than the index has"))
            }
        }
        let counts = Dictionary(uniqueKeysWithValues: index.attention.map { ($0.kind, $0) })
        if let cross = counts[.cross] {
            guard cross.queries == counts[.decoder]?.queries, cross.keys == counts[.encoder]?.queries else {
                throw folder.problem(say("attention: cross has other numbers of tokens than decoder and encoder"))
            }
        }
        if index.precision == .single, index.error != 0 {
            throw folder.problem(say("error: numbers of f32 are exact, so that it is 0"))
        }
    }

    private static func scenario(
        _ index: RecordingIndex, position: any PositionMethod, _ folder: RecordingFolder
    ) throws(ModelError) -> Scenario {
        do throws(MethodError) {
            var methods: [any Method] = []
            for spec in index.methods { methods.append(try MethodSpec.parse(spec)) }
            if !methods.contains(where: { $0 is any PositionMethod }) { methods.append(position) }
            return try Scenario(methods)
        } catch {
            throw folder.problem("method: \(String(error.description.prefix(300)))")
        }
    }

    private static func recordings(
        _ index: RecordingIndex, _ traits: ModelTraits, scenario: Scenario, main: [Int32], encoder: [Int32],
        _ folder: RecordingFolder
    ) throws(ModelError) -> Recordings {
        var traits = traits
        if index.precision != .single { traits.precision = .half }
        let entries = Dictionary(uniqueKeysWithValues: index.attention.map { ($0.kind, $0) })
        let workers = Workers(count: 0)
        let opened = workers.map(index.parts.count) { place in
            Result { () throws(ModelError) -> RecordingPart? in
                guard let entry = entries[index.parts[place].kind] else { return nil }
                return try RecordingPart(
                    index.parts[place], attention: entry, precision: index.precision, in: folder)
            }
        }
        var parts: [RecordingPart] = []
        for part in opened { if let part = try part.get() { parts.append(part) } }
        let learned = try StoredConstants(index, traits, folder)
        let (run, inputs) = (Recorder.newRun(), ModelInputs(ids: encoder))
        func joined(_ kind: AttentionKind, limit: Int? = nil) throws(ModelError) -> RecordedParts? {
            guard let entry = entries[kind] else { return nil }
            return try RecordedParts(parts, of: entry, limit: limit, in: folder)
        }
        func recording(_ kind: AttentionKind, limit: Int? = nil) throws(ModelError) -> Recording? {
            guard let entry = entries[kind], let joined = try joined(kind, limit: limit), joined.tokens > 0 else {
                return nil
            }
            try joined.requireSameMeasures(in: folder)
            let isEncoder = kind == .encoder
            var recording = Recording(
                shape: traits.shape(kind), kind: kind, scenario: scenario, ids: isEncoder ? encoder : main,
                keyIDs: kind == .decoder ? main : encoder,
                setup: RunSetup(
                    traits, kind: kind, scenario: scenario, inputs: inputs, learned: learned.scores(kind),
                    queries: entry.queries, keys: entry.keys),
                chunks: try joined.chunks(workers), crossKeys: kind == .cross ? try joined.crossKeys() : [],
                chunkSize: joined.chunkSize, poolBlock: entry.poolBlock, run: run)
            recording.recordedHeads = entry.recorded
            recording.isStored = true
            recording.pages = RecordedPages(parts)
            try recording.requireMeasures(in: folder)
            return recording
        }
        let first = try recording(.encoder)
        guard entries[.cross] != nil else {
            return Recordings(decoder: try recording(.decoder), encoder: first, cross: nil)
        }
        // A decoder reads what the encoder has made of its whole text.
        guard let first, first.isComplete, let own = try joined(.decoder), let across = try joined(.cross) else {
            return Recordings(decoder: nil, encoder: first, cross: nil)
        }
        let limit = min(own.tokens, across.tokens)
        guard limit > 0 else { return Recordings(decoder: nil, encoder: first, cross: nil) }
        return Recordings(
            decoder: try recording(.decoder, limit: limit), encoder: first,
            cross: try recording(.cross, limit: limit))
    }

    /// What could not be read of its files since it was opened, so that what is shown of it is wrong; nil where all was read.
    package var failure: FormatError? {
        let folder = RecordingFolder(path).path
        return ReadFailures.failure(in: folder) ?? MappedFile.problem(in: folder)
    }

    /// The file with the text of the recording in a folder.
    package static func textPath(in path: String) throws(ModelError) -> String {
        let folder = RecordingFolder(path)
        return try folder.file(try RecordingIndex(folder).textFile, key: "text")
    }

    /// Whether bytes are those of the text that was recorded.
    package func isText(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == index.textBytes else { return false }
        var hash = SHA256()
        hash.add(bytes)
        return hash.hexadecimal() == index.textHash.lowercased()
    }

    /// Whether inputs are those that were recorded.
    func isOf(_ inputs: ModelInputs) -> Bool {
        inputs.ids == encoding.ids && inputs.present == nil && inputs.types.map { $0.allSatisfy { $0 == 0 } } ?? true
            && inputs.globals == nil && inputs.decoderIDs.map { $0 == decoderIDs } ?? true
    }
}
