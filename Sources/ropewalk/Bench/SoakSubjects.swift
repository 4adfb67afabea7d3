import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkExport
import RopewalkMethods
import RopewalkModels

/// What the events of a soak are played on: pairs of a model and a text, and a mask in a file that somebody keeps changing.
struct SoakSubjects {
    /// [model, text]; never empty.
    let pairs: [(model: String, text: String)]
    let threads: Int
    /// What is read of a text: two recordings of a model of 135 million weights then fit into the bounds of a soak.
    static let tokens = 1500
    /// A mask file of this process; `disturb` writes it anew, cuts it short and takes it away.
    let maskPath: String

    init(models: [String], texts: [String], threads: Int) {
        pairs = models.flatMap { model in texts.map { (model, $0) } }
        self.threads = threads
        maskPath = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(getpid()).mask").path
        disturb(2)
    }

    /// The program with one of the pairs, as if it had just been started.
    func app(_ number: Int, size: Size) -> AppLoop {
        let (modelPath, text) = pairs[number % pairs.count]
        let inputs = ProgramInputs(
            loadText: { try SourceText(contentsOf: text) },
            loadModel: { try Model(contentsOf: modelPath, needsTokenizer: false) },
            tokenise: { source, model in
                if let tokenizer = model.tokenizer { return try Document(text: source, tokenizer: tokenizer) }
                // A model of the tests has no tokenizer: some bytes of the text as ids.
                let ids = source.bytes.prefix(1500).map { Int32(Int($0) % model.shape.vocabulary) }
                return try Document(ids: ids, tokenizer: nil)
            },
            maskFiles: MaskFiles(loader: MaskFile.loader, stamp: { MaskFile.stamp($0).map { "\($0)" } }),
            threads: threads)
        return AppLoop(state: AppState(size: size, tokenLimit: Self.tokens), inputs: inputs, wake: {})
    }

    /// What happens to the file of the mask.
    func disturb(_ number: Int) {
        switch number % 4 {
        case 0: unlink(maskPath)
        case 1: truncate(maskPath, off_t(number % 40))
        default:
            let side = 8 << (number % 5)
            let rows = (0..<side).map { q in (0..<side).map { $0 <= q && q - $0 < 7 ? "1" : "0" }.joined() }
            try? Data(rows.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: maskPath))
        }
    }
}
