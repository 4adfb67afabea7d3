import RopewalkApp
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// What each model of a comparison reads: the same tokens, or what its own tokenizer makes of the same bytes.
struct CompareTexts {
    /// In the order of the models.
    let comparisons: [Comparison]
    /// Whether tokenizers differ, so that only bytes can be compared.
    var isByBytes: Bool { comparisons.contains { $0.bytes != nil } }

    /// - Parameters:
    ///   - length: tokens of the first model in an excerpt; nil for the whole text
    ///   - count: how many excerpts
    ///   - units: what the methods take from the text
    init(
        _ models: [Model], text: TextOptions, length: Int?, count: Int?, units: Set<TextUnit> = [], threads: Int
    ) throws {
        var whole = text
        if count != nil { whole.tokens = nil }
        let ids = try whole.tokenIDs(models.first?.tokenizer, vocabulary: models.first?.shape.vocabulary)
        guard ids.count > 1 else {
            throw CommandError.combination(say("a loss needs two tokens or more: give a longer text"))
        }
        let places = Comparison.excerpts(
            of: ids.count, length: count == nil ? ids.count : length ?? 0, count: count ?? 1)
        var same = Comparison(texts: places.map { Array(ids[$0]) }, threads: threads)
        if !units.isEmpty, let tokenizer = models.first?.tokenizer, text.ids == nil {
            same.borders = Self.borders(of: units, in: try whole.document(tokenizer), places)
        }
        guard let documents = try Self.documents(models, text: text, first: ids) else {
            comparisons = Array(repeating: same, count: models.count)
            return
        }
        let first = documents[0]
        let cuts = documents.map { document in places.map { document.tokens(ofBytes: first.bytes(ofTokens: $0)) } }
        let own = [places] + cuts.dropFirst()
        let spans = ByteSpans.of(
            zip(documents, own).map { document, cuts in cuts.map { document.spans(ofTokens: $0) } })
        comparisons = documents.indices.map { index in
            var comparison = Comparison(texts: own[index].map { Array(documents[index].ids[$0]) }, threads: threads)
            comparison.bytes = spans[index]
            comparison.borders = Self.borders(of: units, in: documents[index], own[index])
            return comparison
        }
    }

    /// Where sentences and paragraphs begin in each of some excerpts; empty where no method asks.
    private static func borders(
        of units: Set<TextUnit>, in document: Document, _ places: [Range<Int>]
    ) -> [[TextUnit: PartBorders]] {
        units.isEmpty ? [] : places.map { document.borders(of: units, from: $0.lowerBound) }
    }

    /// The whole text in the tokens of each model; nil where all cut it as the first does.
    private static func documents(_ models: [Model], text: TextOptions, first: [Int32]) throws -> [Document]? {
        guard models.count > 1, text.ids == nil else { return nil }
        var whole = text
        whole.tokens = nil
        let source = try whole.source()
        let documents = try models.map { model in
            guard let tokenizer = model.tokenizer else { throw CommandError.noTokenizer(model.path) }
            return try Document(text: source, tokenizer: whole.reading(tokenizer))
        }
        return documents.allSatisfy { $0.ids.starts(with: first) } ? nil : documents
    }
}
