/// The whole numbers that leave `phase` when they are divided by `period`; all of them where the period is 1.
package struct Congruence: Equatable, Sendable {
    package let period: Int
    /// 0..<period
    package let phase: Int

    package static let all = Congruence(period: 1, phase: 0)

    /// `period` is at least 1; the phase may be any number.
    package init(period: Int, phase: Int) {
        // Divisors of rules are positive where a form is made of them (LinearForm), parameters of methods by their
        // ranges.
        precondition(period >= 1)
        self.period = period
        self.phase = phase.modulo(period)
    }

    package var isAll: Bool { period == 1 }

    package func contains(_ number: Int) -> Bool { isAll || number.modulo(period) == phase }

    /// The first of them that is not below `bound`.
    func first(from bound: Int) -> Int { bound + (phase - bound).modulo(period) }

    /// The numbers that are in both (the Chinese remainder theorem).
    func intersection(_ other: Congruence) -> Intersection {
        if isAll { return .some(other) }
        if other.isAll || self == other { return .some(self) }
        let common = Self.greatestDivisor(period, other.period)
        guard (phase - other.phase) % common == 0 else { return .none }
        let (joint, overflow) = (period / common).multipliedReportingOverflow(by: other.period)
        guard !overflow, joint < 1 << 40 else { return .tooLong }
        // One of at most other.period / common steps of the first meets the second.
        guard other.period / common <= 1 << 16 else { return .tooLong }
        var number = phase
        while !other.contains(number) { number += period }
        return .some(Congruence(period: joint, phase: number))
    }

    enum Intersection {
        case none
        case some(Congruence)
        /// The joint period is beyond what is counted with.
        case tooLong
    }

    private static func greatestDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}

extension Int {
    /// The remainder that is never negative; `divisor` is positive.
    func modulo(_ divisor: Int) -> Int {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }

    /// The quotient rounded down; `divisor` is positive.
    func floorDivided(by divisor: Int) -> Int { (self - modulo(divisor)) / divisor }
}
