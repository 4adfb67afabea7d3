import Foundation
import RopewalkKernels

/// What the numbers of a run depend on beside model, text and methods: the program itself, the kernels that it took, and the
/// library that multiplies matrices.
package enum ProgramMark {
    /// - Parameter name: name and version: "ropewalk 0.1.0"
    package static func text(_ name: String) -> String {
        let files = ["/proc/self/exe"] + libraries
        let stamps = files.map { FileStamp($0, followsLinks: true)?.text ?? "-" }
        return ([name, InstructionSet.name, BLAS.coreName ?? "-"] + stamps).joined(separator: ", ")
    }

    /// The file of OpenBLAS, as the system has it in memory.
    private static var libraries: [String] {
        guard let maps = FileHandle(forReadingAtPath: "/proc/self/maps") else { return [] }
        defer { try? maps.close() }
        guard let data = try? maps.readToEnd() else { return [] }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        let paths = lines.compactMap { line in
            line.firstIndex(of: UInt8(ascii: "/")).map { String(decoding: line[$0...], as: UTF8.self) }
        }
        return Set(paths.filter { $0.contains("openblas") }).sorted()
    }
}
