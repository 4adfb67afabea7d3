import ArgumentParser
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

    func validate() throws {
        if allSpecs.isEmpty { throw MethodError.empty }
        try checkCombinations()
    }

    private var allSpecs: [String] {
        specs + scenario.methods + (file.map { ["file:" + $0] } ?? []) + (expression.map { ["expr:" + $0] } ?? [])
    }

    func run() throws {
        let mask = try Mask.over(tokens, parsing: allSpecs)
        let heads = try HeadMasks(mask, self.heads.headPlaces())
        switch task {
        case .why(let place): try MaskReport.explain(place, in: heads.single(), json: json)
        case .reach(let place): try MaskReport.reach(place, in: heads, json: json)
        case .tiles(let side): try MaskReport.tiles(heads.single(), side: side, json: json)
        case .check(let claims, let block, let other): try check(heads, claims, block: block, against: other)
        case .compare(let other): _ = try compare(heads.single(), with: other)
        case .writeDifference(let other):
            let (mask, other) = try pair(heads.single(), other)
            try output.write(try MaskDifference(mask, other), name: "\(mask.spec) against \(other.spec)")
        case .write:
            let mask = try heads.single()
            try output.write(mask, name: mask.spec)
        }
    }

    private func check(_ heads: HeadMasks, _ claims: [MaskClaim]?, block: Int, against other: String?) throws {
        let hasNoFaults = try MaskReport.check(heads, claims, block: block, json: json)
        let isSame = try other.map { try compare(heads.single(), with: $0) } ?? true
        if !hasNoFaults || !isSame { throw ExitCode(1) }
    }

    private func compare(_ mask: Mask, with spec: String) throws -> Bool {
        let (mask, other) = try pair(mask, spec)
        return try MaskReport.compare(mask, other, json: json)
    }

    private func pair(_ mask: Mask, _ spec: String) throws -> (mask: Mask, other: Mask) {
        (mask, try Mask(parsing: [spec], tokens: mask.tokens, loader: MaskFile.loader))
    }

    private var output: MaskOutput { MaskOutput(path: out, format: json ? .json : format) }
}

extension Mask {
    /// A mask over `tokens`; where none are given, over as many as a mask file has, else 64.
    fileprivate static func over(_ tokens: Int?, parsing specs: [String]) throws -> Mask {
        let methods = try specs.map { try MethodSpec.parse($0, loader: MaskFile.loader) }
        let own = methods.compactMap { ($0 as? any WindowMethod)?.ownTokens }.min()
        return try Mask(methods: methods, tokens: tokens ?? own ?? 64)
    }
}
