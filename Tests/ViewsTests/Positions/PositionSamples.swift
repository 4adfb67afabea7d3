import Foundation
import RopewalkCellGrid
import RopewalkMethods
import RopewalkModels

@testable import RopewalkLens
@testable import RopewalkViews

/// Hand-made data about positions.
extension Samples {
    static func methods(dimensions: Int = 32) throws -> [EncodedMethod] {
        let context = RotaryContext(dimensions: dimensions, base: 10_000, trainedWindow: 512, tokens: 4_096)
        return try ["rope", "pi:factor=4", "yarn:factor=4", "rerope:window=256"].map { spec in
            let scenario = try Scenario(parsing: [spec])
            return EncodedMethod(
                title: spec, encoding: scenario.position.encoding(in: context),
                trained: scenario.position.trainedRange(in: context), isCurrent: spec.hasPrefix("yarn"))
        }
    }

    /// Falls at first, and rises past the window by `rise` nats.
    static func loss(rise: Double, tokens: Int = 2_048, window: Int = 512) -> LossByPosition {
        let means = (0..<tokens - 1).map { place -> Double in
            let far = Double(max(0, place - window)) / Double(tokens - window)
            return 4 + exp(-Double(place) / 100) + rise * sqrt(far) + (place % 3 == 0 ? 0.05 : -0.02)
        }
        return LossByPosition(means: means, texts: 4)
    }

    static func lossView(depth: ColourDepth = .none, isLogarithmic: Bool = false) -> LossView {
        LossView(
            lines: [
                LossView.Line(title: "rope", window: 512, loss: loss(rise: 1)),
                LossView.Line(title: "pi:factor=4", window: 512, loss: loss(rise: 0.4)),
                LossView.Line(title: "yarn:factor=4", window: 512, loss: loss(rise: 0.1), isCurrent: true),
                LossView.Line(title: "rerope:window=256", window: 512, loss: nil, note: "63 %"),
            ], tokens: 2_048, texts: 4, isLogarithmic: isLogarithmic, look: Look(depth: depth))
    }

    static func profile(decay: Double) -> DistanceProfile {
        let buckets = [0..<1, 1..<2, 2..<4, 4..<16, 16..<100, 100..<600, 600..<2_000].map { distances in
            DistanceProfile.Bucket(
                distances: distances, meanWeight: 0.4 * pow(Double(distances.lowerBound + 1), -decay),
                pairs: 32 * distances.count)
        }
        return DistanceProfile(
            buckets: buckets, queries: 32, recorded: 2_000, provenance: Provenance(basis: .preview, sampling: 62))
    }

    static func profileView(depth: ColourDepth = .none) -> DistanceProfileView {
        DistanceProfileView(
            lines: [
                DistanceProfileView.Line(title: "rope", profile: profile(decay: 0.9), isCurrent: false),
                DistanceProfileView.Line(title: "alibi", profile: profile(decay: 1.6), isCurrent: true),
            ], window: 512, head: "L3 H7", look: Look(depth: depth))
    }

    static func distanceMapView(depth: ColourDepth = .none, rows: Int = 16, columns: Int = 30) throws -> DistanceMapView
    {
        let request = MapRequest(layer: 0, head: 0, cell: 64, rows: rows, columns: columns)
        let encoding = try methods()[3].encoding
        let values = (0..<rows * columns).map { place -> Float in
            let (query, key) = (place / columns * 64 + 63, place % columns * 64)
            return key > query ? .nan : Float(encoding.effectiveDistance(query: query, key: key))
        }
        return DistanceMapView(
            image: MapImage(request: request, values: values, provenance: .exact), encoding: encoding, cursor: 900,
            anchor: 70, window: 512, title: "rerope:window=256", look: Look(depth: depth))
    }
}
