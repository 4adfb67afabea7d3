import ArgumentParser
import RopewalkEvaluation
import RopewalkPhrases

extension NeedleMeasure: ExpressibleByArgument {}
extension NeedleStory.Borders: ExpressibleByArgument {}

/// Which tests, at which lengths, depths and seeds.
struct NeedleOptions: ParsableArguments {
    @OptionGroup var asked: NeedleTaskOptions

    @Option(
        help: ArgumentHelp(
            say("Tokens of prompt and answer: 512,1024 or 1000-16000:35. Default: 256,512,1024,2048,4096."),
            valueName: "tokens"),
        transform: { try NeedleSeries.parse($0, in: NeedleOptions.lengthRange) })
    var lengths = [256, 512, 1024, 2048, 4096]

    @Option(
        help: ArgumentHelp(
            say("How deep the needle lies, per cent of the text: 0,50,100 or 0-100:11. Default: 0-100:5."),
            valueName: "percent"),
        transform: { try NeedleSeries.parse($0, in: 0...100) })
    var depths = NeedleSeries.spread(0, 100, count: 5)

    @Option(
        help: ArgumentHelp(
            say("What words, numbers and place of the text follow from, a prompt each: 0,1 or 0-19. Default: 0-2."),
            valueName: "seeds"),
        transform: { try NeedleSeries.parse($0, in: 0...999_999) })
    var seeds = [0, 1, 2]

    @Option(
        help: ArgumentHelp(
            say("Where a needle goes in the text: sentence (between two of them) or any. Default: as the task has it."),
            valueName: "where"))
    var borders: NeedleStory.Borders?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say(
                "Other answers that the right one is chosen among by probability, a short run each; 0 to 16. Default: 3."
            ),
            valueName: "count"),
        transform: WholeNumber.parser(0...16))
    var candidates: Int?

    static let lengthRange = 16...1_048_576
    /// Prompts of one call at most.
    private static let mostPrompts = 1_000_000

    var choices: Int { candidates ?? 3 }

    func validate() throws {
        try Self.check(lengths: lengths, depths: depths, seeds: seeds)
    }

    /// - Throws: where these are more prompts than one call reads.
    static func check(lengths: [Int], depths: [Int], seeds: [Int]) throws(CommandError) {
        let (places, isTooMuch) = (lengths.count * depths.count).multipliedReportingOverflow(by: seeds.count)
        guard !isTooMuch, places <= mostPrompts else {
            throw CommandError.combination(
                say("these are more than \(mostPrompts.grouped) prompts: give fewer lengths, depths or seeds"))
        }
    }

    func parsedTasks() throws(NeedleError) -> [NeedleTask] { try asked.parsedTasks() }
}

/// The table of all tasks.
enum NeedleTaskTable {
    static var text: String {
        NeedleTask.Kind.allCases.filter { $0 != .own }.map { kind in
            let numbers = kind.parameters.map {
                "\($0.name)=\($0.usual) (\($0.range.lowerBound)-\($0.range.upperBound))"
            }
            let name = kind.rawValue + String(repeating: " ", count: max(1, 24 - kind.rawValue.count))
            return name + kind.meaning + (numbers.isEmpty ? "" : ": " + numbers.joined(separator: ", ")) + "\n"
        }.joined()
    }
}
