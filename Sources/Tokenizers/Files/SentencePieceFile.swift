import Foundation
import RopewalkFormats
import RopewalkPhrases

/// A SentencePiece model file (`ModelProto`): pieces, and of how it was trained what encoding needs.
struct SentencePieceFile {
    private let source: String
    private(set) var pieces: SentencePieces
    private var beginning = 1
    private var end = 2

    /// Reads the file, and of a tokenizer_config.json beside it which tokens are put around texts.
    init(contentsOf path: String) throws(TokenizerError) {
        if let name = TokenizerClass.renumbering(try TokenizerSettings(beside: path)) {
            throw .unsupported(
                file: path,
                component:
                    say(
                        """
                        a SentencePiece model without a tokenizer.json for \(name), which gives tokens other \
                        ids or puts others around a text,
                        """))
        }
        let data = try Tokenizer.format { () throws(FormatError) in
            try RegularFile.map(path, sizeLimit: Tokenizer.modelSizeLimit)
        }
        try self.init([UInt8](data), source: path)
        let settings = URL(fileURLWithPath: path).deletingLastPathComponent()
            .appendingPathComponent("tokenizer_config.json").path
        addSpecials(nil)
        guard FileManager.default.fileExists(atPath: settings) else { return }
        let document = try Tokenizer.format { () throws(FormatError) in try JSONDocument(contentsOf: settings) }
        pieces.addedTokens = try TokenizerFile(document).addedTokensDecoder().map {
            $0.token.added.with(id: Int32($0.id))
        }
        addSpecials(document.root)
    }

    init(_ data: [UInt8], source: String) throws(TokenizerError) {
        self.source = source
        pieces = SentencePieces(source: source)
        // Fields that have their usual value may be left out.
        pieces.isUnigram = true
        pieces.normalizer.removesExtraSpace = true
        do throws(ProtobufReader.Damage) {
            try read(ProtobufReader(data, 0..<data.count))
        } catch {
            throw .invalid(file: source, component: say("byte \(error.place)"), problem: error.problem)
        }
    }

    func parts() throws(TokenizerError) -> TokenizerParts { try pieces.parts() }

    /// Where no settings say it, a BPE model has a token that begins a text (Llama, Gemma, Mistral), a unigram model
    /// one that ends it (T5).
    mutating func addSpecials(_ settings: JSONValue?) {
        let begins = settings?["add_bos_token"]?.bool ?? !pieces.isUnigram
        let ends = settings?["add_eos_token"]?.bool ?? pieces.isUnigram
        func control(_ id: Int) -> [Int32] {
            pieces.pieces.indices.contains(id) && pieces.pieces[id].kind == .control ? [Int32(id)] : []
        }
        pieces.before = begins ? control(beginning) : []
        pieces.after = ends ? control(end) : []
    }

    // MARK: Messages

    private mutating func read(_ message: ProtobufReader) throws(ProtobufReader.Damage) {
        var reader = message
        while let (field, value) = try reader.next() {
            guard case .bytes(let range) = value else { continue }
            let part = ProtobufReader(message.data, range)
            switch field {
            case 1: pieces.pieces.append(try Self.piece(part))
            case 2: try readTraining(part)
            case 3: try readNormalizer(part)
            default: break
            }
        }
    }

    private static func piece(_ message: ProtobufReader) throws(ProtobufReader.Damage) -> SentencePieces.Piece {
        var piece = SentencePieces.Piece(text: "", score: 0, kind: .normal)
        var reader = message
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let range)):
                let text = message.data[range]
                guard text.withUnsafeBytes({ UTF8Text.firstInvalid(in: $0) }) == nil else {
                    throw .init(place: range.lowerBound, problem: say("a token is not valid UTF-8"))
                }
                piece.text = String(decoding: text, as: UTF8.self)
            case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
            case (3, .varint(let number)):
                guard let kind = Int(exactly: number).flatMap(SentencePieces.Kind.init(rawValue:)) else {
                    throw .init(place: reader.at, problem: say("a token of an unknown kind"))
                }
                piece.kind = kind
            default: break
            }
        }
        return piece
    }

    private mutating func readTraining(_ message: ProtobufReader) throws(ProtobufReader.Damage) {
        var reader = message
        while let (field, value) = try reader.next() {
            guard case .varint(let number) = value else { continue }
            switch field {
            case 3:
                guard number == 1 || number == 2 else {
                    throw .init(place: reader.at, problem: say("only unigram and BPE models are supported"))
                }
            case 24 where number != 0:
                throw .init(
                    place: reader.at, problem: say("space behind words (treat_whitespace_as_suffix) is not supported"))
            case 41: beginning = Int(Int32(truncatingIfNeeded: number))
            case 42: end = Int(Int32(truncatingIfNeeded: number))
            default: break
            }
            if field == 3 { pieces.isUnigram = number == 1 }
        }
    }

    private mutating func readNormalizer(_ message: ProtobufReader) throws(ProtobufReader.Damage) {
        var reader = message
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (2, .bytes(let range)) where !range.isEmpty:
                guard let map = CharacterMap(Array(message.data[range])) else {
                    throw .init(place: range.lowerBound, problem: say("the precompiled rules are damaged"))
                }
                pieces.normalizer.map = map
            case (3, .varint(let flag)): pieces.normalizer.addsPrefix = flag != 0
            case (4, .varint(let flag)): pieces.normalizer.removesExtraSpace = flag != 0
            case (5, .varint(let flag)): pieces.normalizer.marksSpace = flag != 0
            default: break
            }
        }
    }
}
