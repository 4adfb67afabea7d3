import RopewalkMethods
import Testing

@Suite struct ShortSpecTests {
    @Test func onlyWhatDiffersIsSaid() throws {
        #expect(try MethodSpec.parse("yarn:factor=4").shortSpec == "yarn:factor=4")
        #expect(try MethodSpec.parse("yarn:factor=4,beta-fast=16").shortSpec == "yarn:factor=4,beta-fast=16")
        #expect(try MethodSpec.parse("rope").shortSpec == "rope")
        #expect(Scenario.plain.shortLine == "rope" && Scenario.plain.line == "rope")
    }

    /// Every entry's short spec means the same as the full one, lists aside.
    @Test func shortSpecsMeanTheSame() throws {
        for type in Catalogue.all where type.description.lists.isEmpty {
            let method = try MethodSpec.parse(type.description.name)
            #expect(try MethodSpec.parse(method.shortSpec).spec == method.spec)
        }
    }

    @Test func aLineIsAScenario() throws {
        let scenario = try Scenario(line: "ntk:factor=4  lambda:sink=4,window=64")
        #expect(scenario.position is NTKAware && scenario.windows.count == 1)
        #expect(try Scenario(line: scenario.line) == scenario)
        #expect(try Scenario(line: "window:size=8", position: PositionInterpolation(factor: 2)).position.values == [2])
        #expect(throws: MethodError.empty) { try Scenario(line: "  ") }
    }

    /// A few numbers are told, many are counted.
    @Test func shortListsAreTold() throws {
        #expect(try MethodSpec.parse("longformer:window=16,globals=0/20").shortSpec.hasSuffix("globals=0/20"))
        #expect(try MethodSpec.parse("longformer:window=16,globals=0/2/4/6/8").shortSpec.hasSuffix("globals=5 numbers"))
    }

    /// A first parameter that is 0 for "automatic" says nothing.
    @Test func automaticParametersAreLeftOut() throws {
        #expect(try MethodSpec.parse("direct").shortSpec == "direct")
        #expect(try MethodSpec.parse("base-truncation").shortSpec == "base-truncation")
        #expect(try MethodSpec.parse("base-truncation:length=2048").shortSpec == "base-truncation:length=2048")
    }
}
