import ArgumentParser
import RopewalkExport
import RopewalkMethods
import RopewalkPhrases

/// `ropewalk mask METHOD`.
struct MaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mask", abstract: say("The mask of a method: written, checked, compared, explained."),
        discussion: say(
            """
            Several methods are combined: a key is allowed where all of them allow it. a+b allows what one of them \
            allows; window:size=512@layers=0-3/5@heads=0 holds in some layers and heads. A mask of your own is \
            file:PATH (.npy, .npz, .safetensors, .pt, text, PBM, PNG; of several arrays one is file:PATH#NAME) or a \
            rule, 'expr:k <= q && (q - k < 256 || k < 4)', over q, k, n (tokens), layer, head and item with + - * / % \
            (rounding down), comparisons, && || !, ? :, min, max, abs, or as a mask_mod has it in Python. All items, \
            layers and heads of a file are looked at. A folder that ropewalk record has written in place of a method: the masks of its \
            run, in all layers and heads.
            """))

    @Argument(help: .said("Methods such as lambda:sink=4,window=512."))
    var specs: [String] = []

    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var heads: MaskHeadOptions
    @OptionGroup var files: MaskFileOptions

    @Option(help: ArgumentHelp(say("A rule; the same as expr:RULE."), valueName: "rule"))
    var expression: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Tokens of the text. Default: as many as a mask file has, else 64."), valueName: "n"),
        transform: WholeNumber.parser(Mask.tokenRange))
    var tokens: Int?

    @Option(
        help: ArgumentHelp(
            say(
                """
                text, json, npy, png or svg; of --check and --suite also junit, github or sarif. Default: as --out ends, \
                else text.
                """), valueName: "name"), transform: MaskFormatName.init(named:))
    var format: MaskFormatName?

    @Option(help: ArgumentHelp(say("The file to write. Default: standard output."), valueName: "file"))
    var out: String?

    @Flag(help: .said("Look for faults; exit status 1 where there are some. With --diff, differences are faults."))
    var check = false

    @Option(
        help: ArgumentHelp(
            say("With --check: only what is claimed, joined by commas: \(MaskClaim.grammar)."), valueName: "claims"),
        transform: MaskClaim.parse)
    var expect: [MaskClaim]?

    @Option(help: ArgumentHelp(say("Where the mask differs from that of another method."), valueName: "method"))
    var diff: String?

    @Option(
        help: ArgumentHelp(
            say(
                """
                A JSON file with masks and claims: an array of objects with mask, name and options such as expect, axes and \
                diff; all are checked.
                """), valueName: "file"))
    var suite: String?

    @Flag(help: .said("The simplest rule that the mask follows, and where it departs from it."))
    var explain = false

    @Option(
        help: ArgumentHelp(say("Why query Q sees key K or does not."), valueName: "q,k"), transform: QueryAndKey.parse)
    var why: QueryAndKey?

    @Option(
        help: ArgumentHelp(
            say(
                """
                After how many layers query Q can know of key K, and on which way; through the layers of --of, else up to \
                1,024 alike.
                """), valueName: "q,k"), transform: QueryAndKey.parse)
    var reach: QueryAndKey?

    @Option(
        help: ArgumentHelp(
            say(
                """
                How many blocks of N tokens are full, in part full and empty, or with --out a picture of them; with --expect, the side of its blocks; with \
                --diff, the side of the blocks that are compared.
                """),
            valueName: "n"), transform: WholeNumber.parser(1...1_073_741_824))
    var block: Int?

    @Flag(help: .said("The same as --format json; reports answer in JSON too."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if allSpecs.isEmpty, suite == nil { throw MethodError.empty }
        try checkCombinations()
    }

    var allSpecs: [String] {
        specs + scenario.methods + files.file.map { "file:" + $0 } + (expression.map { ["expr:" + $0] } ?? [])
    }

    func run() throws {
        if let suite {
            guard try MaskReport.suite(suite, json: json, format: format?.report) else { throw ExitCode(1) }
            return
        }
        let subject = try MaskSubject(self)
        try OutputFile.check(out, reads: subject.files)
        let heads = subject.heads
        switch task {
        case .explain: try MaskReport.explanation(heads, json: json)
        case .why(let place): try MaskReport.explain(place, in: heads, json: json)
        case .reach(let place): try MaskReport.reach(place, in: heads, json: json)
        case .tiles(let side):
            if !json, try output.writeBlocks(heads, side: side) { return }
            try MaskReport.tiles(heads, side: side, json: json)
        case .check(let claims, let block): try check(subject, claims, block: block)
        case .compare: _ = try MaskReport.compare(subject.pair(), json: json)
        case .writeDifference: try output.writeDifference(subject.pair())
        case .write: try output.write(heads)
        }
    }

    private func check(_ subject: MaskSubject, _ claims: [MaskClaim]?, block: Int) throws {
        let findings = try MaskAudit(subject, claims, block: block).findings
        let pair = diff == nil ? nil : try subject.pair()
        let difference = try pair.map { try MaskReport.difference($0) }
        if let report = format?.report {
            let faults = MaskReport.faults(findings, difference, of: subject.heads)
            let result = MaskResult(name: subject.heads.mask.spec, faults: faults, error: nil)
            try StandardOutput.write(report.text([result]))
        } else {
            try MaskReport.write(findings, difference, of: subject.heads, json: json)
        }
        if !findings.isEmpty || difference?.isEmpty == false { throw ExitCode(1) }
    }

    /// What a check finds, without a word.
    func faults() throws -> [MaskReport.Fault] {
        let subject = try MaskSubject(self)
        guard case .check(let claims, let block) = task else { return [] }
        let findings = try MaskAudit(subject, claims, block: block).findings
        let difference = diff == nil ? nil : try MaskReport.difference(subject.pair())
        return MaskReport.faults(findings, difference, of: subject.heads)
    }

    private var output: MaskOutput { MaskOutput(path: out, format: json ? .json : format?.mask) }
}
