import RopewalkPhrases
import Synchronization

/// The user's own rule as a window: `expr:k <= q && q - k < 256`.
package struct ExpressionWindow: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "expr", family: .window, title: "Rule",
        summary: "A rule of the user's own over q, k, n, layer and head says which keys a query sees.",
        source: "the user", flops: "as many pairs as the rule allows", memory: "2·N·d numbers a key/value head")

    package let expression: MaskExpression
    package let layer: Int
    package let head: Int
    package let item: Int
    private let compiled: Compiled

    package init(_ expression: MaskExpression, layer: Int = 0, head: Int = 0, item: Int = 0) {
        self.item = item
        self.expression = expression
        self.layer = layer
        self.head = head
        compiled = Compiled()
    }

    /// What the catalogue would make: a rule that every decoder follows.
    package init(values: [Double]) {
        self.init(MaskExpression(causal: ()))
    }
    package var values: [Double] { [] }

    package var spec: String { Self.prefix + expression.text }
    static let prefix = "expr:"

    /// Heads share a rule that names neither layer nor head.
    package var identity: String {
        let names: Set<MaskExpression.Name> = expression.names
        let whole = ([spec] + expression.arrays.map(\.identity)).joined(separator: " ")
        guard names.contains(.layer) || names.contains(.head) || names.contains(.item) else { return whole }
        return "\(whole)#\(names.contains(.item) ? "\(item)/" : "")\(layer)/\(head)"
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.expression == b.expression && a.layer == b.layer && a.head == b.head && a.item == b.item
    }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        ExpressionWindow(expression, layer: place.layer, head: place.head, item: place.item)
    }

    package func problem(tokens: Int) -> String? {
        expression.fault(tokens: tokens, layer: layer, head: head, item: item)?.description
    }

    /// Whether every pair has to be looked at.
    func looksAtPairs(tokens: Int) -> Bool { mask(tokens).looksAtPairs }

    private func mask(_ tokens: Int) -> ExpressionMask {
        compiled.mask(tokens) {
            ExpressionMask(expression.condition, tokens: tokens, layer: layer, head: head, item: item)
        }
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges { mask(tokens).row(query) }
    package func visibleBits(query: Int, tokens: Int) -> KeyBits { mask(tokens).bits(query) }
    package func zones(of queries: Range<Int>, tokens: Int) -> ZoneSum? { mask(tokens).zones(of: queries) }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        let pair = MaskExpression.Assignment(
            query: query, key: key, tokens: tokens, layer: layer, head: head, item: item)
        let isVisible = expression.condition.holds(pair)
        let parts = expression.deciding(pair).filter { !$0.isEmpty }
        let because = parts.isEmpty ? expression.text : parts.joined(separator: ", ")
        return VisibilityReason(
            isVisible ? .visible : .outside,
            isVisible
                ? say("kept for q = \(query.grouped), k = \(key.grouped) by: \(because)")
                : say("blocked for q = \(query.grouped), k = \(key.grouped) by: \(because)"))
    }

    /// The rule made ready for the text that it was last asked about.
    private final class Compiled: Sendable {
        private let last = Mutex<ExpressionMask?>(nil)

        func mask(_ tokens: Int, _ make: () -> ExpressionMask) -> ExpressionMask {
            last.withLock { last in
                if let known = last, known.tokens == tokens { return known }
                let made = make()
                last = made
                return made
            }
        }
    }
}

extension MaskExpression {
    /// `k <= q`
    init(causal: Void) {
        text = "k <= q"
        arrays = []
        condition = .compare(.atMost, .name(.key), .name(.query), 0..<6)
    }
}
