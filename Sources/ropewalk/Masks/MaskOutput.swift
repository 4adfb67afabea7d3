import Foundation
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// Where a mask is written, and in which format.
struct MaskOutput {
    /// Nil for standard output.
    let path: String?
    /// Nil: as the file's name ends, else text.
    let format: MaskFormat?

    /// The masks of all heads: arrays and JSON hold several, other formats one.
    func write(_ heads: HeadMasks) throws {
        let groups = heads.different
        let format = format ?? path.flatMap(Self.format(of:)) ?? .text
        guard groups.count > 1, format == .npy || format == .json else {
            let mask = try heads.single()
            return try write(mask, name: mask.spec)
        }
        let stack = MaskFormat.Stack(
            masks: heads.heads.map(\.mask), names: heads.places.map { HeadNames([$0], of: heads).text },
            shape: [heads.items.count, Set(heads.places.map(\.layer)).count, Set(heads.places.map(\.head)).count]
                .filter { $0 > 1 })
        try toSink(format) { sink throws(ExportError) in try format.write(stack, to: sink) }
    }

    /// The blocks as a picture; false where none is wanted.
    func writeBlocks(_ heads: HeadMasks, side: Int) throws -> Bool {
        let format = format ?? path.flatMap(Self.format(of:))
        guard path != nil || format == .png || format == .svg else { return false }
        guard format == .png || format == .svg, let format else {
            throw CommandError.combination(say("--block with --out draws its blocks: end the name with .png or .svg"))
        }
        let mask = try heads.single()
        let picture = BlockPicture(try MaskTiles(mask, side: side), name: mask.spec)
        try toSink(format) { sink throws(ExportError) in
            if format == .png { try picture.writePNG(to: sink) } else { try picture.writeSVG(to: sink) }
        }
        return true
    }

    func writeDifference(_ pair: MaskPair) throws {
        let (mask, other) = (try pair.mask.single(), try pair.other.single())
        try write(try MaskDifference(mask, other), name: "\(mask.spec) against \(other.spec)")
    }

    func write(_ mask: some MaskRows, name: String) throws {
        let format = format ?? path.flatMap(Self.format(of:)) ?? .text
        try toSink(format) { sink throws(ExportError) in try format.write(mask, name: name, to: sink) }
    }

    private func toSink(_ format: MaskFormat, _ body: (ByteSink) throws(ExportError) -> Void) throws {
        if let path { return try ExportFile.write(to: path, body) }
        if format == .npy || format == .png, StandardOutput.isTerminal {
            throw CommandError.binaryToTerminal(format.rawValue)
        }
        try body(StandardOutput.sink)
    }

    private static func format(of path: String) -> MaskFormat? {
        MaskFormat(rawValue: URL(fileURLWithPath: path).pathExtension)
    }
}
