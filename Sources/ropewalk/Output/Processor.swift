import Foundation
import RopewalkKernels

/// What a command that runs a model does first.
enum Processor {
    /// Executes the program again, once, where the library behind matrix products chose slow kernels: it reads its
    /// variable only while it is loaded. Goes on as it is where that fails.
    static func useBestKernels() {
        guard let core = BLAS.betterCoreType else { return }
        setenv("OPENBLAS_CORETYPE", core, 1)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
