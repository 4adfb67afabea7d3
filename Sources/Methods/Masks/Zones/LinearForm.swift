/// a · q + b · k + constant + Σ coefficient · ⌊(…) / m⌋ or (…) mod m: what most rules compare with 0.
struct LinearForm: Hashable, Sendable {
    struct Term: Hashable, Sendable {
        var coefficient: Int
        /// Of q and k in the dividend.
        let query: Int
        var key: Int
        var constant: Int
        let divisor: Int
        let isRemainder: Bool

        func value(query q: Int, key k: Int) -> Int {
            let dividend = query * q + key * k + constant
            return isRemainder ? dividend.modulo(divisor) : dividend.floorDivided(by: divisor)
        }
    }

    var query = 0
    var key = 0
    var constant = 0
    var terms: [Term] = []

    /// Within this, no value over the tokens of a mask comes near 64 bits.
    private static let limit = 1 << 36

    private var isSmall: Bool {
        abs(query) <= Self.limit && abs(key) <= Self.limit && abs(constant) <= Self.limit << 22 && terms.count <= 8
            && terms.allSatisfy { abs($0.coefficient) <= Self.limit }
    }

    func value(query q: Int, key k: Int) -> Int {
        query * q + key * k + constant
            + terms.reduce(0) { $0 + $1.coefficient * $1.value(query: q, key: k) }
    }

    /// The same with the least dividends: a remainder does not change by multiples of the divisor, nor by those of a
    /// factor of the key.
    var reduced: LinearForm {
        var form = self
        for index in form.terms.indices where form.terms[index].isRemainder {
            let divisor = form.terms[index].divisor
            form.terms[index].constant = form.terms[index].constant.modulo(divisor)
            if abs(form.terms[index].key) > 1 { form.terms[index].key = form.terms[index].key.modulo(divisor) }
        }
        return form
    }

    /// The form of a number without choices; nil where it has none.
    /// - Parameter place: a query, where the form is wanted for it alone.
    init?(_ number: MaskExpression.Number, tokens: Int, layer: Int, head: Int, item: Int = 0, at place: Int? = nil) {
        func form(_ number: MaskExpression.Number) -> LinearForm? {
            LinearForm(number, tokens: tokens, layer: layer, head: head, item: item, at: place)
        }
        switch number {
        case .constant(let value): constant = value
        case .name(.query): if let place { constant = place } else { query = 1 }
        case .name(.key): key = 1
        case .name(.tokens): constant = tokens
        case .name(.layer): constant = layer
        case .name(.head): constant = head
        case .name(.item): constant = item
        case .choice: return nil
        case .element(let array, let places):
            let forms = places.map { form($0) }
            guard forms.allSatisfy({ $0?.isConstant == true }),
                let value = array.value(at: forms.compactMap { $0?.constant })
            else { return nil }
            constant = value
        case .binary(let operation, let a, let b):
            guard let a = form(a), let b = form(b), let joined = Self.joined(operation, a, b) else { return nil }
            self = joined
        }
        guard isSmall else { return nil }
    }

    init() {}

    private var isConstant: Bool { query == 0 && key == 0 && terms.isEmpty }

    private static func joined(_ operation: MaskExpression.Operator, _ a: LinearForm, _ b: LinearForm) -> LinearForm? {
        switch operation {
        case .add: return a.adding(b, times: 1)
        case .subtract: return a.adding(b, times: -1)
        case .multiply:
            if a.isConstant { return abs(a.constant) <= limit ? LinearForm().adding(b, times: a.constant) : nil }
            return b.isConstant && abs(b.constant) <= limit ? LinearForm().adding(a, times: b.constant) : nil
        case .divide, .remainder:
            guard b.isConstant, b.constant > 0, a.terms.isEmpty else { return nil }
            if a.isConstant {
                var form = LinearForm()
                form.constant = operation.apply(a.constant, b.constant) ?? 0
                return form
            }
            guard abs(a.constant) <= limit, b.constant <= limit else { return nil }
            var form = LinearForm()
            form.terms = [
                Term(
                    coefficient: 1, query: a.query, key: a.key, constant: a.constant, divisor: b.constant,
                    isRemainder: operation == .remainder)
            ]
            return form
        }
    }

    /// Itself plus a multiple of another one; nil where a number gets out of hand.
    func adding(_ other: LinearForm, times factor: Int) -> LinearForm? {
        guard other.isSmall else { return nil }
        func product(_ a: Int, _ b: Int) -> Int? {
            let (result, overflow) = a.multipliedReportingOverflow(by: factor)
            let (sum, isBad) = result.addingReportingOverflow(b)
            return overflow || isBad ? nil : sum
        }
        guard let q = product(other.query, query), let k = product(other.key, key),
            let c = product(other.constant, constant)
        else { return nil }
        var sum = LinearForm()
        (sum.query, sum.key, sum.constant, sum.terms) = (q, k, c, terms)
        for var term in other.terms {
            guard let coefficient = product(term.coefficient, 0) else { return nil }
            // Nothing is left of 0 · ⌊…⌋, and nobody may divide by its coefficient.
            guard coefficient != 0 else { continue }
            term.coefficient = coefficient
            sum.terms.append(term)
        }
        return sum.isSmall ? sum : nil
    }

    /// The form for one query: what hangs on q alone becomes a number.
    func fixing(query q: Int) -> LinearForm {
        var form = LinearForm()
        form.key = key
        form.constant = constant + query * q
        for term in terms {
            if term.key == 0 {
                form.constant += term.coefficient * term.value(query: q, key: 0)
            } else {
                form.terms.append(
                    Term(
                        coefficient: term.coefficient, query: 0, key: term.key,
                        constant: term.constant + term.query * q, divisor: term.divisor,
                        isRemainder: term.isRemainder))
            }
        }
        return form
    }
}
