/// What is measured of a long document. The names are those of files.
package enum LongTextMetric: String, CaseIterable, Sendable {
    case accuracyDelta = "acc_delta"
    case accuracyRatio = "acc_ratio"
    case perplexityDelta = "ppl_delta"
    case perplexityRatio = "ppl_ratio"
    case pronouns = "pronoun_rate"
    case connectives = "connective_rate"
    case typeTokenRatio = "dedu_rate"
    /// The same in pieces of 256 tokens, mean: the share of different tokens falls as a text grows, whatever it is.
    case pieceTypeTokenRatio = "dedu_rate_256"
    case tokensPerCharacter = "comp_rate"
    case lineMean = "len_line_mean"
    case lineDeviation = "len_line_std"
    case lineMedian = "len_line_med"
    case longestLine = "len_line_max"
    case shortestLine = "len_line_min"
    case lineEnds = "enter_rate"
    case commas = "comma_rate"
    case blanks = "space_rate"
    case bars = "bar_rate"
    case compression = "zlib_ratio"
    case overlap = "half_overlap"

    /// What it is, for people.
    package var meaning: String {
        switch self {
        case .accuracyDelta: "share predicted right with context, less without"
        case .accuracyRatio: "the same as a share of that with context"
        case .perplexityDelta: "perplexity without context, less with"
        case .perplexityRatio: "the same as a share of that without context"
        case .pronouns: "pronouns per word"
        case .connectives: "connectives per word"
        case .typeTokenRatio: "different tokens per token"
        case .pieceTypeTokenRatio: "different tokens per token in pieces of 256, mean"
        case .tokensPerCharacter: "tokens per character"
        case .lineMean: "characters of a line, mean"
        case .lineDeviation: "characters of a line, standard deviation"
        case .lineMedian: "characters of a line, median"
        case .longestLine: "characters of the longest line"
        case .shortestLine: "characters of the shortest line"
        case .lineEnds: "line ends per character"
        case .commas: "commas per character"
        case .blanks: "blanks per character"
        case .bars: "vertical bars per character"
        case .compression: "compressed size per size (zlib)"
        case .overlap: "words of one half that the other has too"
        }
    }
}

/// A document, measured.
package struct LongTextMetrics: Equatable, Sendable {
    package let language: TextLanguage
    /// Code points and bytes.
    package let characters: Int
    package let bytes: Int
    /// Of the model's tokenizer; of words and characters where there is none.
    package let tokens: Int
    /// Nil where no model read it, or it is shorter than a piece.
    package var coherence: Coherence? {
        didSet { setCoherence() }
    }
    /// What is known.
    package private(set) var values: [LongTextMetric: Double] = [:]

    /// - Parameters:
    ///   - tokens: of the model's tokenizer; nil for words, of Chinese characters
    package init(_ text: [UInt8], tokens ids: [Int32]? = nil) {
        let scalars = CodePoints(String(decoding: text, as: UTF8.self).unicodeScalars)
        language = TextLanguage(scalars)
        (characters, bytes) = (scalars.count, text.count)
        let complexity = Complexity(scalars, language)
        let cohesion = Cohesion(scalars, language)
        let types = ids.map(TokenTypes.init) ?? Self.words(scalars, language)
        tokens = types.count
        values = [
            .pronouns: cohesion.pronouns, .connectives: cohesion.connectives,
            .typeTokenRatio: Double(types.different) / Double(max(1, types.count)),
            .tokensPerCharacter: Double(types.count) / Double(max(1, scalars.count)),
            .lineMean: complexity.lineMean, .lineDeviation: complexity.lineDeviation,
            .lineMedian: complexity.lineMedian, .longestLine: Double(complexity.longestLine),
            .shortestLine: Double(complexity.shortestLine), .lineEnds: complexity.lineEnds,
            .commas: complexity.commas, .blanks: complexity.blanks, .bars: complexity.bars,
        ]
        values[.pieceTypeTokenRatio] = types.meanOfPieces
        values[.compression] = Compression.ratio(text)
        values[.overlap] = LexicalOverlap.share(scalars, language)
    }

    private mutating func setCoherence() {
        values[.accuracyDelta] = coherence?.accuracyDelta
        values[.accuracyRatio] = coherence?.accuracyRatio
        values[.perplexityDelta] = coherence?.perplexityDelta
        values[.perplexityRatio] = coherence?.perplexityRatio
    }

    private static func words(_ text: CodePoints, _ language: TextLanguage) -> TokenTypes {
        let runs = text.lazy.split(whereSeparator: { !PythonText.isWord($0) })
        return language == .chinese
            ? TokenTypes(runs.joined()) : TokenTypes(runs.lazy.map { CodePoints($0) })
    }
}
