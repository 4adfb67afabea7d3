import Foundation
import RopewalkFormats
import RopewalkPhrases

/// The prompts of all tasks: our own, or those of a file.
package struct PromptSet: Sendable {
    private var templates: [String: PromptTemplate] = [:]
    /// For every task that has none of its own.
    private var common: PromptTemplate?
    /// Tokens that are generated at most; empty where the tasks say it.
    private var lengths: [String: Int] = [:]
    /// Where the prompts come from; nil for our own.
    package private(set) var source: String?

    package init() {}

    /// - Parameters:
    ///   - path: a JSON object from data sets to prompts, as LongBench's `dataset2prompt.json` is, or one prompt as text
    ///   - lengths: a JSON object from data sets to numbers of tokens, as `dataset2maxlen.json` is; nil for what tasks say
    package init(contentsOf path: String?, lengths lengthsPath: String? = nil) throws {
        source = path
        if let path { try read(path) }
        guard let lengthsPath else { return }
        let root = try JSONDocument(contentsOf: lengthsPath, sizeLimit: Self.sizeLimit).root
        for member in root.members ?? [] {
            guard let number = member.value.integer, (1...65_536).contains(number) else {
                throw ScoringError.kind(
                    file: lengthsPath, problem: say("numbers of tokens from 1 to 65536 are expected"))
            }
            lengths[member.key] = number
        }
    }

    private static let sizeLimit = 1 << 20

    private mutating func read(_ path: String) throws {
        let data = try RegularFile.map(path, sizeLimit: Self.sizeLimit)
        guard data.first(where: { $0 > 0x20 }) == UInt8(ascii: "{"),
            let members = (try? JSONDocument(data, source: path).root)?.members
        else {
            guard let text = String(validating: data, as: UTF8.self) else {
                throw ScoringError.kind(file: path, problem: say("is not valid UTF-8"))
            }
            common = try PromptTemplate(text, source: path)
            return
        }
        for member in members {
            guard let text = member.value.string else {
                throw ScoringError.kind(
                    file: path, problem: say("an object from data sets to prompts is expected, or one prompt as text"))
            }
            templates[member.key] = try PromptTemplate(text, source: path)
        }
    }

    /// The prompt of a question, and whether it is one of the file.
    package func template(for item: BenchmarkItem) throws(ScoringError) -> (template: PromptTemplate, isGiven: Bool) {
        if let given = templates[item.task] ?? common { return (given, true) }
        let own = PromptKind(item).template(isChinese: item.isChinese)
        return (try PromptTemplate(own, source: item.task), false)
    }

    /// Tokens that are generated at most.
    package func mostTokens(for item: BenchmarkItem) -> Int {
        if let given = lengths[item.task] { return given }
        return switch item.benchmark {
        case .longBench: LongBenchTask.named(item.task)?.mostTokens ?? 64
        case .longBenchV2: 128
        case .lEval: LEvalTask.mostTokens
        }
    }
}
