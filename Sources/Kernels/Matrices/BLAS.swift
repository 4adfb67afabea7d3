import CRopewalkKernels
import Foundation

/// OpenBLAS, which multiplies matrices: one thread a call, because the workers of a run share the rows themselves.
package enum BLAS {
    /// Loads the library if that has not been done; who makes the first model calls it, so that no product fails later.
    package static func load() throws(KernelError) { _ = try core.get() }

    /// The processor whose kernels the library took ("Haswell", "SkylakeX"); nil where it cannot be loaded.
    package static var coreName: String? { try? core.get() }

    /// Set once, by whoever comes first.
    private static let core = loaded(
        isChosen: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil, instructionSet: InstructionSet.name)

    /// The library says what it would take only once it is loaded. To load it twice takes 2 ms; to know its list of
    /// processors would be to write it down once more, for every version.
    /// - Parameter isChosen: whether the user says which kernels to take
    private static func loaded(isChosen: Bool, instructionSet: String) -> Result<String, KernelError> {
        guard ck_openblas_load(nil) == 1 else { return .failure(problem) }
        let chosen = String(cString: ck_openblas_core())
        guard !isChosen, let better = CoreType.better(than: chosen, instructionSet: instructionSet) else {
            return reserved(chosen)
        }
        ck_openblas_unload()
        guard ck_openblas_load(better) == 1 else { return .failure(problem) }
        return reserved(String(cString: ck_openblas_core()))
    }

    private static func reserved(_ core: String) -> Result<String, KernelError> {
        ck_openblas_reserve() == 1 ? .success(core) : .failure(.memory)
    }

    /// Bytes that products on all processors will still take to work in, where the process has a limit of addresses.
    package static var missingBytes: Int { ck_openblas_missing(ProcessorCount.active) }

    private static var problem: KernelError { problem(String(cString: ck_openblas_problem())) }

    /// Where there is no room for a library that is there, installing it helps nobody.
    /// - Parameters:
    ///   - said: by the system
    ///   - isLimited: whether the process may have only so many addresses
    static func problem(_ said: String, isLimited: Bool = hasLimit) -> KernelError {
        let isMemory = said.contains(String(cString: strerror(ENOMEM))) || said.hasSuffix("out of memory")
        // The C library does not say why it could not map something.
        return isMemory || isLimited && said.contains("failed to map segment") ? .memory : .library(said)
    }

    private static var hasLimit: Bool {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur < rlim_t(Int.max)
    }

    /// y[r] = W · x[r].   x: [rows, inputs]   weights: [outputs, inputs]   y: [rows, outputs] (stride `stride`)
    static func multiply(
        _ x: UnsafePointer<Float>, rows: Int, by weights: UnsafePointer<Float>, outputs: Int, inputs: Int,
        into y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        // Loading a model fails first where the library is not there (Model.init).
        if case .failure(let error) = core { preconditionFailure("no model can be there: \(error)") }
        ck_product(x, Int32(rows), weights, Int32(outputs), Int32(inputs), y, Int32(stride))
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
