/// The processor whose kernels OpenBLAS should take.
enum CoreType {
    /// What `OPENBLAS_CORETYPE` should be where OpenBLAS chose slower kernels by itself; nil where its choice is right.
    ///
    /// OpenBLAS has a list of models and falls back to old kernels for what was made after it: 0.3.21 takes those for
    /// AVX2 on some AMD processors with AVX-512, and those for SSE3 on recent Intel ones. With AVX-512 it shall be
    /// SkylakeX, so that all such processors compute the same: Cooperlake is as fast and rounds otherwise. Its kernels
    /// for Opterons have instructions of 3DNow, which later processors and emulators that call themselves AMD lack.
    /// - Parameters:
    ///   - chosen: the library's own choice, as it names it
    ///   - instructionSet: what the processor has, as `InstructionSet` names it
    static func better(than chosen: String, instructionSet: String) -> String? {
        switch instructionSet {
        case "x86-64-v4": chosen == "SkylakeX" ? nil : "SkylakeX"
        case "x86-64-v3": withoutAVX2.contains(chosen) ? "Haswell" : nil
        default: chosen.hasPrefix("Opteron") ? "Prescott" : nil
        }
    }

    /// Kernels for processors that have no AVX2.
    private static let withoutAVX2: Set = [
        "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
        "Sandybridge", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Bobcat", "Bulldozer", "Piledriver",
        "Steamroller", "Unknown",
    ]
}
