import RopewalkPhrases

/// Documents packed into one text that do not see each other.
package struct DocumentMask: ZonedWindow, Equatable {
    package static let description = MethodDescription(
        name: "document", family: .window, title: "Document mask",
        summary: "Several documents in one text: every token sees its own document only, up to itself or all of it.",
        source: "Zhao et al., Analysing the Impact of Sequence Composition on Pre-Training, 2024 (arXiv 2402.13991), "
            + "intra-document causal masking",
        parameters: [
            .tokens("length", "length of a document, where starts are not given", default: 1024),
            .choice("causal", "0: both directions inside of a document", default: 1),
        ],
        lists: [.tokens("starts", "first tokens of the documents, ascending; the text's first always is one")],
        flops: "2·Σ length²·d a head", memory: "2·N·d numbers a key/value head")

    package let length: Int
    package let isCausal: Bool
    package let starts: [Int]
    private let bounds: [Int]

    package init(starts: [Int], isCausal: Bool = true) { self.init(length: 1024, isCausal: isCausal, starts: starts) }

    package init(length: Int, isCausal: Bool = true, starts: [Int] = []) {
        self.length = length
        self.isCausal = isCausal
        self.starts = starts
        bounds = starts.first == 0 ? starts : [0] + starts
    }

    /// Documents that each end with a separator token.
    package init(ids: [Int32], separator: Int32, isCausal: Bool = true) {
        let starts = ids.indices.dropLast().filter { ids[$0] == separator }.map { $0 + 1 }
        self.init(starts: [0] + starts, isCausal: isCausal)
    }

    package init(values: [Double]) { self.init(values: values, lists: [[]]) }
    package init(values: [Double], lists: [[Double]]) {
        self.init(length: Int(values[0]), isCausal: values[1] == 1, starts: lists[0].map { Int($0) })
    }
    package var values: [Double] { [Double(length), isCausal ? 1 : 0] }
    package var lists: [[Double]] { [starts.map(Double.init)] }

    package var contradiction: String? {
        zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }
            ? nil : say("starts do not ascend: give them in order, each once")
    }

    func sum(of queries: Range<Int>, tokens: Int) -> ZoneSum {
        starts.isEmpty
            ? .chunks(size: length, isCausal: isCausal, queries: queries, tokens: tokens)
            : .stretches(bounds, isCausal: isCausal, queries: queries, tokens: tokens)
    }

    private func document(of token: Int) -> Int { starts.isEmpty ? token / length : bounds.stretch(of: token) }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        if isCausal, key > query { return .future(query: query, key: key) }
        let (own, other) = (document(of: query), document(of: key))
        return own == other
            ? VisibilityReason(.block, say("kept: query and key are in document \(own.grouped)"))
            : VisibilityReason(
                .outside, say("blocked: the query is in document \(own.grouped), the key in \(other.grouped)"))
    }
}
