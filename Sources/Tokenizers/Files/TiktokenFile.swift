import Foundation
import RopewalkFormats
import RopewalkPhrases

/// A vocabulary as tiktoken keeps it: a line a token, its bytes in base64, a space, its rank.
///
/// How texts are cut into words is what `pat_str` of a tokenizer_config.json beside it says, else what is known of the
/// published encoding with as many ranks; special tokens are those of `added_tokens_decoder` there, else the encoding's.
struct TiktokenFile {
    /// Published files have up to 4 MB.
    private static let sizeLimit = 16 << 20

    private let source: String
    private var tokens: RankedTokens
    private let settings: TokenizerFile?

    init(contentsOf path: String) throws(TokenizerError) {
        let data = try Tokenizer.format { () throws(FormatError) in
            try RegularFile.map(path, sizeLimit: Self.sizeLimit)
        }
        let beside = URL(fileURLWithPath: path).deletingLastPathComponent()
            .appendingPathComponent("tokenizer_config.json").path
        var settings: TokenizerFile?
        if FileManager.default.fileExists(atPath: beside) {
            settings = TokenizerFile(
                try Tokenizer.format { () throws(FormatError) in try JSONDocument(contentsOf: beside) })
        }
        try self.init(data, source: path, settings: settings)
    }

    init(_ data: Data, source: String, settings: TokenizerFile?) throws(TokenizerError) {
        self.source = source
        self.settings = settings
        tokens = RankedTokens(source: source)
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let (bytes, rank) = Self.token(line) else {
                throw .invalid(
                    file: source, component: say("line \(index + 1)"), problem: say("is no token in base64 with a rank")
                )
            }
            try tokens.add(bytes, rank: rank, place: say("line \(index + 1)"))
        }
    }

    /// Whether a file begins as such a vocabulary does.
    static func isOne(_ data: Data) -> Bool {
        let start = data.prefix(4 * RankedTokens.longest)
        guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else { return token(start) != nil }
        return token(start[..<end]) != nil
    }

    static func isOne(_ path: String) -> Bool {
        guard let data = try? RegularFile.map(path, sizeLimit: Tokenizer.modelSizeLimit) else { return false }
        return isOne(data)
    }

    private static func token(_ line: Data) -> (bytes: [UInt8], rank: Int)? {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 2 * RankedTokens.longest,
            let rank = Int(String(decoding: parts[1], as: UTF8.self).trimmingSuffix("\r")),
            let bytes = Base64.bytes(Array(parts[0])[...]), !bytes.isEmpty
        else { return nil }
        return (bytes, rank)
    }

    func parts() throws(TokenizerError) -> TokenizerParts {
        let known = KnownEncoding.with(ranks: tokens.count)
        let stated = settings?.root["pat_str"]?.string
        guard let words = stated.map({ WordPatterns.Named(patterns: [$0]) }) ?? known?.words else {
            throw .unsupported(
                file: source,
                component:
                    say(
                        """
                        a tiktoken vocabulary of \(tokens.count) tokens without \"pat_str\" in \
                        tokenizer_config.json beside it (how it cuts a text into words is not known; a \
                        tokenizer.json says it)
                        """))
        }
        let listed = try settings?.addedTokensDecoder() ?? []
        let special = listed.isEmpty ? known?.special ?? [] : listed.map { (id: $0.id, content: $0.token.content) }
        return try tokens.parts(
            kind: "tiktoken BPE (\(stated == nil ? known?.name ?? "" : "pattern of tokenizer_config.json"))",
            words: words, special: special, before: surround("bos", special, standard: known?.beginning),
            after: surround("eos", special, standard: nil))
    }

    /// The token that is put before texts, or after them, where the settings ask for it.
    private func surround(_ name: String, _ special: [(id: Int, content: String)], standard: Int?) -> [Int] {
        guard let adds = settings?.root["add_\(name)_token"]?.bool else { return standard.map { [$0] } ?? [] }
        let value = settings?.root["\(name)_token"]
        guard adds, let content = value?.string ?? value?["content"]?.string else { return [] }
        return special.first { $0.content.utf8.elementsEqual(content.utf8) }.map { [$0.id] } ?? []
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
