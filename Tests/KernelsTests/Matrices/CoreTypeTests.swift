import Foundation
import Testing

@testable import RopewalkKernels

/// Which kernels OpenBLAS takes.
struct CoreTypeTests {
    @Test(arguments: [
        // The library does not know the processor, and AVX-512 says what to take.
        ("Prescott", "x86-64-v4", "SkylakeX"), ("Haswell", "x86-64-v4", "SkylakeX"), ("Zen", "x86-64-v4", "SkylakeX"),
        ("SapphireRapids", "x86-64-v4", "SkylakeX"), ("Barcelona", "x86-64-v4", "SkylakeX"),
        ("Cooperlake", "x86-64-v4", "SkylakeX"),
        // It knows no newer one with AVX2.
        ("Prescott", "x86-64-v3", "Haswell"), ("Nehalem", "x86-64-v3", "Haswell"), ("Core2", "x86-64-v3", "Haswell"),
        ("Sandybridge", "x86-64-v3", "Haswell"), ("Barcelona", "x86-64-v3", "Haswell"),
        // It takes a plain processor for one with 3DNow.
        ("Opteron", "baseline", "Prescott"), ("Opteron_SSE3", "baseline", "Prescott"),
    ])
    func slowerKernelsAreReplaced(chosen: String, instructionSet: String, better: String) {
        #expect(CoreType.better(than: chosen, instructionSet: instructionSet) == better)
        #expect(CoreType.better(than: better, instructionSet: instructionSet) == nil)
    }

    @Test(arguments: [
        ("SkylakeX", "x86-64-v4"), ("Haswell", "x86-64-v3"), ("Zen", "x86-64-v3"),
        ("Excavator", "x86-64-v3"), ("LaterProcessor", "x86-64-v3"), ("Prescott", "baseline"), ("Haswell", "baseline"),
        ("NeoverseN1", "baseline"),
    ])
    func aRightChoiceIsLeft(chosen: String, instructionSet: String) {
        #expect(CoreType.better(than: chosen, instructionSet: instructionSet) == nil)
    }

    /// Who has no room for a library needs no other one.
    @Test func aLimitOfAddressesIsNoMissingLibrary() {
        let lacks = "libgfortran.so.5: failed to map segment from shared object"
        #expect(BLAS.problem(lacks, isLimited: true) == .memory)
        #expect(BLAS.problem(lacks, isLimited: false) == .library(lacks))
        let missing = "libopenblas.so.0: cannot open shared object file: \(String(cString: strerror(ENOENT)))"
        #expect(BLAS.problem(missing, isLimited: true) == .library(missing))
    }

    /// In this process: what the user says, else what is best; and the environment is as it was.
    @Test func theLibraryTakesThem() throws {
        try BLAS.load()
        let started = try Self.startEnvironment()
        let name = try #require(BLAS.coreName)
        if let said = started["OPENBLAS_CORETYPE"] {
            #expect(["SkylakeX", "Haswell", "Prescott"].allSatisfy { said != $0 || name == $0 })
        } else {
            #expect(CoreType.better(than: name, instructionSet: InstructionSet.name) == nil)
        }
        for variable in ["OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"] {
            #expect(getenv(variable).map { String(cString: $0) } == started[variable])
        }
    }

    /// The variables that the process was started with.
    private static func startEnvironment() throws -> [String: String] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/environ"))
        let pairs = bytes.split(separator: 0).map {
            String(decoding: $0, as: UTF8.self).split(separator: "=", maxSplits: 1)
        }
        return Dictionary(pairs.map { (String($0[0]), String($0.dropFirst().first ?? "")) }) { first, _ in first }
    }
}
