import ArgumentParser
import Export
import Foundation
import Methods

/// `ropewalk mask METHOD`.
struct MaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mask", abstract: "The mask of a method: written, checked, compared, explained.",
        discussion: "Several methods are combined: a key is allowed where all of them allow it.")

    @Argument(help: "Methods such as lambda:sink=4,window=512.")
    var specs: [String] = []

    @OptionGroup var scenario: ScenarioOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens of the text.", valueName: "n"),
        transform: WholeNumber.parser(Mask.tokenRange))
    var tokens: Int = 64

    @Option(
        help: ArgumentHelp("text, json, npy, png or svg. Default: as --out ends, else text.", valueName: "name"),
        transform: MaskFormat.init(named:))
    var format: MaskFormat?

    @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"))
    var out: String?

    @Flag(help: "Look for faults; exit status 1 where there are some. With --diff, differences are faults.")
    var check = false

    @Option(help: ArgumentHelp("Where the mask differs from that of another method.", valueName: "method"))
    var diff: String?

    @Option(
        help: ArgumentHelp("Why query Q sees key K or does not.", valueName: "q,k"), transform: QueryAndKey.parse)
    var why: QueryAndKey?

    @Flag(help: "The same as --format json; --check, --diff and --why answer in JSON too.")
    var json = false

    func validate() throws {
        if specs.isEmpty, scenario.methods.isEmpty { throw MethodError.empty }
        if json, let format, format != .json {
            throw CommandError.combination("--json and --format \(format.rawValue) are both given: leave one out")
        }
        if why != nil, check || diff != nil {
            throw CommandError.combination("--why goes with neither --check nor --diff: ask one after the other")
        }
        if out != nil, check || diff != nil || why != nil {
            throw CommandError.combination("--out is for the mask itself: leave out --check, --diff and --why")
        }
    }

    func run() throws {
        let mask = try Mask(parsing: specs + scenario.methods, tokens: tokens)
        if let why {
            try MaskReport.explain(why, in: mask, json: json)
        } else if check || diff != nil {
            try report(mask)
        } else {
            try write(mask)
        }
    }

    private func report(_ mask: Mask) throws {
        var isFine = true
        if check { isFine = try MaskReport.check(mask, json: json) }
        if let diff {
            let other = try Mask(parsing: [diff], tokens: tokens)
            let isSame = try MaskReport.compare(mask, other, json: json)
            isFine = isFine && (isSame || !check)
        }
        if !isFine { throw ExitCode(1) }
    }

    private func write(_ mask: Mask) throws {
        let format = json ? .json : format ?? out.flatMap(Self.format(of:)) ?? .text
        if let out {
            try ExportFile.write(to: out) { sink throws(ExportError) in
                try format.write(mask, name: mask.spec, to: sink)
            }
        } else {
            if format == .npy || format == .png, StandardOutput.isTerminal {
                throw CommandError.binaryToTerminal(format.rawValue)
            }
            try format.write(mask, name: mask.spec, to: StandardOutput.sink)
        }
    }

    private static func format(of path: String) -> MaskFormat? {
        MaskFormat(rawValue: URL(fileURLWithPath: path).pathExtension)
    }
}
