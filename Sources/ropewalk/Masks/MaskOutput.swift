import Foundation
import RopewalkExport
import RopewalkMethods

/// Where a mask is written, and in which format.
struct MaskOutput {
    /// Nil for standard output.
    let path: String?
    /// Nil: as the file's name ends, else text.
    let format: MaskFormat?

    func write(_ mask: some MaskRows, name: String) throws {
        let format = format ?? path.flatMap(Self.format(of:)) ?? .text
        guard let path else {
            if format == .npy || format == .png, StandardOutput.isTerminal {
                throw CommandError.binaryToTerminal(format.rawValue)
            }
            return try format.write(mask, name: name, to: StandardOutput.sink)
        }
        try ExportFile.write(to: path) { sink throws(ExportError) in
            try format.write(mask, name: name, to: sink)
        }
    }

    private static func format(of path: String) -> MaskFormat? {
        MaskFormat(rawValue: URL(fileURLWithPath: path).pathExtension)
    }
}
