import RopewalkMethods
import Testing

@Suite struct ParameterStepTests {
    private func parameter(_ method: String, _ name: String) throws -> ParameterDescription {
        try #require(
            Catalogue.method(named: method)?.description.parameters.first { $0.name == name }, "\(method) \(name)")
    }

    @Test func stepsAreThoseThatAPersonWouldTake() throws {
        let factor = try parameter("pi", "factor")
        #expect(factor.stepped(4, 1) == 5 && factor.stepped(4, -1) == 3 && factor.stepped(8, 1) == 10)
        #expect(factor.stepped(1, -1) == 1 && factor.stepped(1024, 1) == 1024 && factor.stepped(3.7, -1) == 3)
        let window = try parameter("lambda", "window")
        #expect(window.stepped(512, 1) == 1024 && window.stepped(512, -1) == 256 && window.stepped(100, -1) == 64)
        let sink = try parameter("lambda", "sink")
        #expect(sink.stepped(4, 1) == 5 && sink.stepped(0, -1) == 0)
        let original = try parameter("yarn", "original")
        #expect(original.stepped(0, 1) == 16 && original.stepped(16, -1) == 0 && original.stepped(16, 1) == 32)
        let attention = try parameter("yarn", "attention-factor")
        #expect(attention.stepped(0, 1) == 1 && attention.stepped(0, -1) == 0)
    }

    /// From everywhere the ends of every parameter of the catalogue are reached, always within the range and in whole
    /// numbers where it takes no others.
    @Test func everyParameterCanBeSteppedThroughItsRange() {
        for method in Catalogue.all {
            for parameter in method.description.parameters {
                for direction in [1, -1] {
                    var value = parameter.defaultValue
                    var steps = 0
                    while steps < 5000 {
                        let next = parameter.stepped(value, direction)
                        #expect(parameter.range.contains(next), "\(method.description.name) \(parameter.name) \(next)")
                        #expect(!parameter.isInteger || next == next.rounded())
                        guard next != value else { break }
                        #expect(direction > 0 ? next > value : next < value)
                        value = next
                        steps += 1
                    }
                    let isWide = parameter.range.upperBound - parameter.range.lowerBound > 4000
                    #expect(steps < 5000 || isWide, "\(method.description.name) \(parameter.name)")
                }
            }
        }
    }
}
