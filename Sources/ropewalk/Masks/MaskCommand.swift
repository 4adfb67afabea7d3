import ArgumentParser
import Foundation
import RopewalkExport
import RopewalkMethods

/// `ropewalk mask METHOD`.
struct MaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mask", abstract: "The mask of a method: written, checked, compared, explained.",
        discussion: """
            Several methods are combined: a key is allowed where all of them allow it. a+b allows what one of them \
            allows; window:size=512@layers=0-3/5@heads=0 holds in some layers and heads. A mask of your own is \
            file:PATH (.npy, .npz, .safetensors, text of 0 and 1, PBM, PNG) or a rule, \
            'expr:k <= q && (q - k < 256 || k < 4)', over q, k, n (tokens), layer and head with + - * / % (rounding \
            down), comparisons, && || !, ? :, min, max, abs.
            """)

    @Argument(help: "Methods such as lambda:sink=4,window=512.")
    var specs: [String] = []

    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var heads: MaskHeadOptions

    @Option(help: ArgumentHelp("A mask file; the same as file:PATH.", valueName: "path"))
    var file: String?

    @Option(help: ArgumentHelp("A rule; the same as expr:RULE.", valueName: "rule"))
    var expression: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Tokens of the text. Default: as many as a mask file has, else 64.", valueName: "n"),
        transform: WholeNumber.parser(Mask.tokenRange))
    var tokens: Int?

    @Option(
        help: ArgumentHelp("text, json, npy, png or svg. Default: as --out ends, else text.", valueName: "name"),
        transform: MaskFormat.init(named:))
    var format: MaskFormat?

    @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"))
    var out: String?

    @Flag(help: "Look for faults; exit status 1 where there are some. With --diff, differences are faults.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "With --check: only what is claimed, joined by commas: \(MaskClaim.grammar).", valueName: "claims"),
        transform: MaskClaim.parse)
    var expect: [MaskClaim]?

    @Option(help: ArgumentHelp("Where the mask differs from that of another method.", valueName: "method"))
    var diff: String?

    @Option(
        help: ArgumentHelp("Why query Q sees key K or does not.", valueName: "q,k"), transform: QueryAndKey.parse)
    var why: QueryAndKey?

    @Option(
        help: ArgumentHelp(
            "After how many layers query Q can know of key K, and on which way; through the layers of --of, else up to "
                + "1,024 alike.", valueName: "q,k"), transform: QueryAndKey.parse)
    var reach: QueryAndKey?

    @Option(
        help: ArgumentHelp(
            "How many blocks of N tokens are full, in part full and empty; with --expect, the side of its blocks.",
            valueName: "n"), transform: WholeNumber.parser(1...1_073_741_824))
    var block: Int?

    @Flag(help: "The same as --format json; reports answer in JSON too.")
    var json = false

    /// The reports that are asked for, --check and --diff as one.
    private var reports: Int {
        [check || diff != nil, why != nil, reach != nil, block != nil && expect == nil].filter { $0 }.count
    }

    func validate() throws {
        if allSpecs.isEmpty { throw MethodError.empty }
        if json, let format, format != .json {
            throw CommandError.combination("--json and --format \(format.rawValue) are both given: leave one out")
        }
        if why != nil, check || diff != nil {
            throw CommandError.combination("--why goes with neither --check nor --diff: ask one after the other")
        }
        if reports > 1 {
            throw CommandError.combination("--check or --diff, --why, --reach and --block: ask one after the other")
        }
        if expect != nil, !check { throw CommandError.combination("--expect is for --check: give both") }
        if out != nil, check || diff != nil && json || why != nil || reach != nil || block != nil {
            throw CommandError.combination("--out is for the mask itself: leave out --check, --diff and --why")
        }
    }

    private var allSpecs: [String] {
        specs + scenario.methods + (file.map { ["file:" + $0] } ?? []) + (expression.map { ["expr:" + $0] } ?? [])
    }

    func run() throws {
        let mask = try Mask.over(tokens, parsing: allSpecs)
        let heads = try HeadMasks(mask, self.heads.headPlaces())
        if let why {
            try MaskReport.explain(why, in: heads.single(), json: json)
        } else if let reach {
            try MaskReport.reach(reach, in: heads, json: json)
        } else if let block, expect == nil {
            try MaskReport.tiles(heads.single(), side: block, json: json)
        } else if check || diff != nil {
            try report(heads)
        } else {
            let mask = try heads.single()
            try write(mask, name: mask.spec)
        }
    }

    private func report(_ heads: HeadMasks) throws {
        var isFine = true
        if check { isFine = try MaskReport.check(heads, expect, block: block ?? 128, json: json) }
        if let diff {
            let mask = try heads.single()
            let other = try Mask(parsing: [diff], tokens: mask.tokens, loader: MaskFile.loader)
            if out != nil {
                return try write(try MaskDifference(mask, other), name: "\(mask.spec) against \(other.spec)")
            }
            let isSame = try MaskReport.compare(mask, other, json: json)
            isFine = isFine && (isSame || !check)
        }
        if !isFine { throw ExitCode(1) }
    }

    private func write(_ mask: some MaskRows, name: String) throws {
        let format = json ? .json : format ?? out.flatMap(Self.format(of:)) ?? .text
        if let out {
            try ExportFile.write(to: out) { sink throws(ExportError) in
                try format.write(mask, name: name, to: sink)
            }
        } else {
            if format == .npy || format == .png, StandardOutput.isTerminal {
                throw CommandError.binaryToTerminal(format.rawValue)
            }
            try format.write(mask, name: name, to: StandardOutput.sink)
        }
    }

    private static func format(of path: String) -> MaskFormat? {
        MaskFormat(rawValue: URL(fileURLWithPath: path).pathExtension)
    }
}

extension Mask {
    /// A mask over `tokens`; where none are given, over as many as a mask file has, else 64.
    fileprivate static func over(_ tokens: Int?, parsing specs: [String]) throws -> Mask {
        let methods = try specs.map { try MethodSpec.parse($0, loader: MaskFile.loader) }
        let own = methods.compactMap { ($0 as? any WindowMethod)?.ownTokens }.min()
        return try Mask(methods: methods, tokens: tokens ?? own ?? 64)
    }
}
