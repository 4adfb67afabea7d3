/// What a lens works out step by step.
package protocol SteppedAnswer: Sendable {
    var isComplete: Bool { get }
    /// There is nobody to ask.
    mutating func miss()
}
