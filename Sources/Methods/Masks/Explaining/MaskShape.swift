/// A mask put together from what masks are mostly made of; what a search for a rule tries.
struct MaskShape: MaskRows {
    enum Base: Equatable, Sendable {
        case full, causal
        /// The first tokens see each other.
        case prefix(Int)
        /// Spans see each other, as images do.
        case spans([Range<Int>])
        /// Every block sees itself and those before it.
        case blocks(Int)
    }

    let tokens: Int
    let queries: Range<Int>
    var base = Base.causal
    var window: Int?
    var sinks = 0
    /// Where documents begin; the first token always is one.
    var starts: [Int] = [] { didSet { bounds = [0] + starts } }
    private(set) var bounds = [0]
    /// Documents of one length, one of which begins here.
    var chunk: Int?
    var chunkStart = 0
    /// Keys that are padding.
    var left = 0
    var right = 0

    func row(_ query: Int) -> KeyRanges {
        let end = max(0, min(tokens, query + 1))
        var keys: KeyRanges
        switch base {
        case .full: keys = KeyRanges(0..<tokens)
        case .causal: keys = KeyRanges(0..<end)
        case .prefix(let length): keys = KeyRanges(0..<max(end, min(length, tokens)))
        case .spans(let spans):
            let own = spans.first { $0.contains(query) }
            keys = KeyRanges([0..<end, own ?? 0..<0])
        case .blocks(let size): keys = KeyRanges(from: 0, to: min(tokens, (query.floorDivided(by: size) + 1) * size))
        }
        if let window {
            keys = keys.intersection(KeyRanges(from: max(0, query - window + 1), to: min(tokens, query + window)))
                .union(KeyRanges(from: 0, to: min(sinks, end)))
        }
        if let chunk {
            let start = chunkStart + (query - chunkStart).floorDivided(by: chunk) * chunk
            keys = keys.intersection(KeyRanges(from: max(0, start), to: start + chunk))
        } else if !starts.isEmpty {
            let index = bounds.stretch(of: query)
            keys = keys.intersection(
                KeyRanges(from: bounds[index], to: index + 1 < bounds.count ? bounds[index + 1] : tokens))
        }
        return left + right > 0 ? keys.intersection(KeyRanges(from: left, to: tokens - right)) : keys
    }

    /// How much there is to say: numbers weigh most.
    var cost: Int {
        var numbers = 0
        switch base {
        case .full: numbers += 1
        case .causal: break
        case .prefix, .blocks: numbers += 1
        case .spans(let spans): numbers += 2 * spans.count
        }
        numbers += (window == nil ? 0 : 1) + (sinks > 0 && window != nil ? 1 : 0)
        numbers += chunk == nil ? starts.count : chunkStart == 0 ? 1 : 2
        return 10 * (numbers + (left > 0 ? 1 : 0) + (right > 0 ? 1 : 0))
    }

    /// Methods that give it when they are combined.
    var specs: [String] {
        var specs: [String] = []
        var isCausal = base == .causal
        switch base {
        case .full: break
        case .blocks(let size): specs.append("expr:k / \(size) <= q / \(size)")
        case .causal:
            if let window {
                specs.append(sinks > 0 ? "lambda:sink=\(sinks),window=\(window)" : "window:size=\(window)")
            }
        case .prefix(let length): specs.append("prefix:length=\(length)")
        case .spans(let spans):
            let rules = spans.map {
                "q >= \($0.lowerBound) && q < \($0.upperBound) && k >= \($0.lowerBound) && k < \($0.upperBound)"
            }
            specs.append("causal+expr:" + rules.joined(separator: " || "))
        }
        if base != .causal, let window {
            specs.append("expr:abs(q - k) < \(window)" + (sinks > 0 ? " || k < \(sinks) && k <= q" : ""))
        }
        if let chunk, chunkStart > 0 {
            let shift = "- \(chunkStart)) / \(chunk)"
            specs.append("expr:(q \(shift) == (k \(shift)")
        } else if let chunk {
            specs.append(base == .causal ? "chunked:size=\(chunk)" : "document:length=\(chunk),causal=0")
        } else if !starts.isEmpty {
            let list = starts.map { "\($0)" }.joined(separator: "/")
            specs.append("document:starts=\(list)" + (base == .causal ? "" : ",causal=0"))
        }
        if left > 0 { specs.append("expr:k >= \(left)") }
        if right > 0 { specs.append("expr:k < \(tokens - right)") }
        // Documents, chunks and windows say it themselves.
        if specs.contains(where: { !$0.hasPrefix("expr:") }) { isCausal = false }
        if isCausal { specs.insert("causal", at: 0) }
        return specs.isEmpty ? ["full"] : specs
    }
}
