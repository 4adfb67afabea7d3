import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkTokenizers

/// What the program does with files, memory and threads; its result is the same every time.
enum Operation: String, CaseIterable {
    case safetensors, shards, gguf, tokenizer, sentencepiece, tokens, run, question, export, trace, masks

    /// Does it with what lies in a folder of fixtures; writes into `folder`. What came of it, in a few words.
    func perform(fixtures: String, folder: String) throws -> String {
        switch self {
        case .safetensors: try Self.read("\(fixtures)/hf/llama_tied")
        case .shards: try Self.read("\(fixtures)/hf/llama_sharded")
        case .gguf: try Self.read("\(fixtures)/gguf/small_Q4_0/model.gguf")
        case .tokenizer:
            try Self.tokens("\(fixtures)/tokenizers/bytelevel_gpt2/tokenizer.json", "\(fixtures)/make/README.md")
        case .sentencepiece:
            try Self.tokens(
                "\(fixtures)/tokenizers/sentencepiece_unigram/tokenizer.model", "\(fixtures)/make/README.md")
        case .tokens: try Self.tokens("\(fixtures)/../../samples/books-4m/tokenizer.json", "\(fixtures)/make/README.md")
        case .run: try Self.recorded(fixtures).tokens.description
        case .question: try Self.answers(to: Self.recorded(fixtures))
        case .export: try Self.export(to: folder)
        case .trace: try Self.trace(fixtures, to: folder)
        case .masks: try Self.masks("\(fixtures)/masks")
        }
    }

    private static let ids = (0..<300).map { Int32($0 * 7 % 61) }

    private static func read(_ path: String) throws -> String {
        let model = try Model(contentsOf: path, needsTokenizer: false)
        let recording = try Recorder(model: model, threads: 1).record(Array(ids.prefix(20)))
        return "\(model.parameters) \(model.logits(after: 19, in: recording) ?? [])"
    }

    private static func tokens(_ tokenizer: String, _ text: String) throws -> String {
        let document = try Document(
            text: SourceText(contentsOf: text), tokenizer: Tokenizer(contentsOf: tokenizer))
        return "\(document.ids)"
    }

    private static func model(_ fixtures: String) throws -> Model {
        try Model(contentsOf: "\(fixtures)/hf/llama_default", needsTokenizer: false)
    }

    private static func recorded(_ fixtures: String) throws -> Recording {
        try Recorder(model: model(fixtures), threads: 3).record(ids)
    }

    private static func answers(to recording: Recording) throws -> String {
        let scenario = try Scenario(parsing: ["yarn:factor=4", "window:size=64", "topk:k=9"])
        let lens = Lens(recording: recording, scenario: scenario, threads: 3)
        let row = lens.row(layer: 1, head: 1, query: 290)?.weights ?? []
        let map = lens.map(MapRequest(layer: 0, head: 0, cell: 16, rows: 18, columns: 18))
        return "\(row) \(map.values)"
    }

    private static func export(to folder: String) throws -> String {
        let mask = try Mask(Scenario(parsing: ["window:size=300", "streaming"]), tokens: 900)
        for format in MaskFormat.allCases {
            try ExportFile.write(to: "\(folder)/mask.\(format.rawValue)") { sink throws(ExportError) in
                try format.write(mask, name: "a mask", to: sink)
            }
        }
        return try contents(of: folder)
    }

    private static func trace(_ fixtures: String, to folder: String) throws -> String {
        let recording = try recorded(fixtures)
        let lens = Lens(recording: recording, threads: 1)
        let size = recording.tokens
        var writer = try SafetensorsWriter(
            path: "\(folder)/trace.safetensors", tensors: [.init("attentions", .f32, shape: [size, size])])
        for query in 0..<size {
            let row = lens.row(layer: 0, head: 0, query: query)?.weights ?? []
            try writer.append(row + Array(repeating: 0, count: size - row.count))
        }
        try writer.finish()
        return try contents(of: folder)
    }

    /// Rows are read when they are asked for: like the program, it asks at the end whether all could be.
    private static func masks(_ folder: String) throws -> String {
        let counts = try counts(folder)
        if let failure = ReadFailures.first { throw failure }
        return counts
    }

    private static func counts(_ folder: String) throws -> String {
        try [
            "lambda-f4.npy", "lambda-deflated.npz", "lambda-grey8.png", "heads.safetensors", "reports/r02_leftpad.pt",
            "lambda.txt",
        ].map {
            let stack = try MaskFile.read("\(folder)/\($0)")
            return stack.planes.map { "\($0.allowedCount)" }.joined(separator: " ")
        }.joined(separator: ", ")
    }

    /// The files of a folder with their sums.
    private static func contents(of folder: String) throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
            return "\(name) \(bytes.reduce(UInt64(bytes.count)) { $0 &* 31 &+ UInt64($1) })"
        }.joined(separator: ", ")
    }
}
