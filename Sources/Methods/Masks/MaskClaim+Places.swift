import RopewalkPhrases

extension MaskClaim {
    /// A claim about tokens that a mask has not would hold of any: refused.
    ///
    /// - Parameter tokens: keys of the mask.
    func requireTokens(_ tokens: Int) throws(MethodError) {
        let (name, end): (String, Int)
        switch statement {
        case .documents(let starts): (name, end) = ("documents=\(starts.last ?? 0)", (starts.last ?? 0) + 1)
        case .prefix(let length): (name, end) = ("prefix=\(length)", length)
        case .bidirectional(let spans):
            guard let span = spans.max(by: { $0.upperBound < $1.upperBound }) else { return }
            (name, end) = ("bidirectional=\(span.lowerBound)-\(span.upperBound - 1)", span.upperBound)
        case .padding(let left, let right):
            end = (left ?? right ?? []).max() ?? 0
            name = "padding=\(left == nil ? "right" : "left"):\(end)"
        default: return
        }
        guard end > tokens else { return }
        throw .claim(name, say("the mask has tokens 0 to \((tokens - 1).grouped): claim what it has"))
    }

    /// Of queries of another text than the keys none is before or after a key.
    func requireOrder(in mask: Mask) throws(MethodError) {
        guard mask.isCross else { return }
        let name: String
        switch statement {
        case .causal: name = "causal"
        case .seesSelf: name = "self"
        case .symmetric: name = "symmetric"
        case .window(let size): name = "window=\(size)"
        case .sinks(let count): name = "sinks=\(count)"
        case .documents: name = "documents"
        case .chunks(let size): name = "chunks=\(size)"
        case .prefix(let length): name = "prefix=\(length)"
        case .bidirectional: name = "bidirectional"
        case .twoSided, .noEmptyRows, .noUnseenKeys, .padding, .equals, .measure: return
        }
        throw .claim(
            name,
            say(
                """
                the queries are another text's, none before or after a key: claim padding, no-empty-rows, \
                no-unseen-keys, equals or a number
                """))
    }

    /// A claim about items, layers and heads that are not there would hold of any mask: refused.
    package func requirePlaces(in counts: HeadCounts, advice: String = "") throws(MethodError) {
        if let problem = counts.problem(with: scope, advice: advice) { throw problem }
        guard case .padding(let left, let right) = statement else { return }
        let lengths = left ?? right ?? []
        guard lengths.count > 1, lengths.count != counts.items else { return }
        let name = "padding=\(left == nil ? "right" : "left"):" + lengths.map(String.init).joined(separator: "/")
        let known = counts.items > 1 ? say("items 0 to \((counts.items - 1).grouped)") : say("item 0 only")
        throw .claim(name, say("\(lengths.count.grouped) lengths for \(known): give one, or one for each item"))
    }
}
