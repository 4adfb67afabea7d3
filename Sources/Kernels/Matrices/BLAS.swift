import CRopewalkOpenBLAS
import Foundation

/// The library behind matrix products.
package enum BLAS {
    /// One thread a call: the workers of a run share the rows themselves. Call once, before any work.
    package static func configure() { openblas_set_num_threads(1) }

    /// The processor whose kernels OpenBLAS chose ("Haswell", "SkylakeX").
    package static var coreName: String { String(cString: openblas_get_corename()) }

    /// What `OPENBLAS_CORETYPE` should be for this processor where OpenBLAS chose slower kernels; nil where its choice is right.
    ///
    /// OpenBLAS 0.3.21 does not know recent AMD processors: it takes AVX2 kernels although they have AVX-512, at half
    /// the speed. It reads the variable only when it is loaded, so a program has to execute itself again.
    package static var betterCoreType: String? {
        guard ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil else { return nil }
        let slower = ["Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott", "Core2"]
        return InstructionSet.name == "x86-64-v4" && slower.contains(coreName) ? "SKYLAKEX" : nil
    }

    /// Floating-point operations a second of single-precision matrix products of `size`, all workers busy; the best
    /// of `repeats`.
    package static func peak(size: Int = 1024, repeats: Int = 5, workers: Workers) -> Double {
        let a = Matrix(rows: size, columns: size)
        let b = WeightMatrix(outputs: size, inputs: size, values: Array(repeating: 0.5, count: size * size))
        let outputs = (0..<workers.count).map { _ in Matrix(rows: size, columns: size) }
        var best = Double.infinity
        for _ in 0...repeats {
            let start = DispatchTime.now().uptimeNanoseconds
            workers.forEach(workers.count) { b.apply(a.base, rows: size, to: outputs[$0].base) }
            best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start))
        }
        return 2 * Double(size) * Double(size) * Double(size) * Double(workers.count) / (best / 1e9)
    }
}
