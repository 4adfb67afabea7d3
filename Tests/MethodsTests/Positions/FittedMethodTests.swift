import Testing

@testable import RopewalkMethods

/// With the numbers that fit a model no pair within the reach of a method has a distance that its training had not.
@Suite struct FittedMethodTests {
    static let fitted: [any FittedMethod.Type] = [
        DistanceLimit.self, LeakyReRoPE.self, SelfExtend.self, CachePositions.self,
    ]

    @Test(arguments: [64, 512, 4096]) func noDistanceIsUnseen(window: Int) throws {
        for type in Self.fitted {
            let values = type.values(trainedOn: window)
            let description = type.description
            #expect(values.count == description.parameters.count)
            let pairs = zip(description.parameters, values).map { "\($0.name)=\(MethodSpec.format($1))" }
            let spec = description.name + ":" + pairs.joined(separator: ",")
            let method = try #require(try MethodSpec.parse(spec) as? any PositionMethod)
            let tokens = 2 * window
            let encoding = method.encoding(
                in: RotaryContext(dimensions: 8, base: 10000, trainedWindow: window, tokens: tokens))
            for key in stride(from: 0, to: tokens, by: max(1, tokens / 64)) {
                // Positions in the cache are those of keys that it has.
                if type == CachePositions.self, key >= 4, key < tokens - window + 4 { continue }
                let distance = encoding.effectiveDistance(query: tokens - 1, key: key)
                #expect(distance <= Double(window) - 1, "\(spec) key \(key): \(distance)")
            }
        }
    }

    @Test func wordsStandForNumbers() throws {
        let yarn = try MethodSpec.parse("yarn:factor=4")
        #expect(yarn.wordSpec.hasSuffix("attention-factor=auto,original=auto,truncate=yes"))
        #expect(try MethodSpec.parse(yarn.wordSpec).spec == yarn.spec)
        #expect(try MethodSpec.parse("rope").wordSpec == "rope")
    }
}
