import Foundation
import Testing

@testable import RopewalkKernels

struct CircleTests {
    /// As near as float32 can say it, in every quarter and beyond what the vectors take.
    @Test(arguments: [Float(1), 10, 100, 4000, 100_000]) func cosinesAndSines(size: Float) {
        let count = 4096
        let (cosine, sine) = (Matrix(rows: 1, columns: count), Matrix(rows: 1, columns: count))
        let angles = (0..<count).map { (Float($0) / 2048 - 1) * size }
        cosine.setRow(0, to: angles[...])
        Circle.turn(cosine.base, sine.base, count: count)
        for (index, angle) in angles.enumerated() {
            // One unit in the last place of 1 is 1.2e-7.
            #expect(abs(Double(cosine.base[index]) - cos(Double(angle))) < 1.2e-7)
            #expect(abs(Double(sine.base[index]) - sin(Double(angle))) < 1.2e-7)
        }
    }
}
