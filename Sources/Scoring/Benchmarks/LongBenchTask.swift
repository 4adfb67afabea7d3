/// A data set of LongBench: what it asks, how its answers are scored, how long they may be.
package struct LongBenchTask: Equatable, Sendable {
    /// What a task is about, in the six groups that LongBench reports.
    package enum Kind: String, Sendable, CaseIterable {
        case singleDocument = "single-document QA"
        case multiDocument = "multi-document QA"
        case summary = "summarization"
        case fewShot = "few-shot"
        case synthetic
        case code
    }

    package let name: String
    package let kind: Kind
    package let metric: LongBenchMetric
    /// Tokens that are generated at most.
    package let mostTokens: Int
    package let prompt: PromptKind
    package var isChinese = false

    /// Whether only the first line of an answer counts.
    package var takesFirstLine: Bool { Self.firstLines.contains(name) }
    /// Whether a chat model is asked as one; few-shot tasks and code go on with the text.
    package var isChat: Bool { kind != .fewShot && kind != .code }

    private static let firstLines = ["trec", "triviaqa", "samsum", "lsht"]

    /// All 21, and one of the first edition.
    package static let all: [LongBenchTask] = [
        LongBenchTask("narrativeqa", .singleDocument, .f1, 128, .question),
        LongBenchTask("qasper", .singleDocument, .f1, 128, .question),
        LongBenchTask("multifieldqa_en", .singleDocument, .f1, 64, .question),
        LongBenchTask("multifieldqa_zh", .singleDocument, .f1Chinese, 64, .question, isChinese: true),
        LongBenchTask("hotpotqa", .multiDocument, .f1, 32, .passages),
        LongBenchTask("2wikimqa", .multiDocument, .f1, 32, .passages),
        LongBenchTask("musique", .multiDocument, .f1, 32, .passages),
        LongBenchTask("dureader", .multiDocument, .rougeChinese, 128, .passages, isChinese: true),
        LongBenchTask("gov_report", .summary, .rouge, 512, .summary),
        LongBenchTask("qmsum", .summary, .rouge, 512, .question),
        LongBenchTask("multi_news", .summary, .rouge, 512, .summary),
        LongBenchTask("vcsum", .summary, .rougeChinese, 512, .summary, isChinese: true),
        LongBenchTask("trec", .fewShot, .classification, 64, .examples),
        LongBenchTask("triviaqa", .fewShot, .f1, 32, .examples),
        LongBenchTask("samsum", .fewShot, .rouge, 128, .examples),
        LongBenchTask("lsht", .fewShot, .classification, 64, .examples, isChinese: true),
        LongBenchTask("passage_count", .synthetic, .count, 32, .count),
        LongBenchTask("passage_retrieval_en", .synthetic, .retrieval, 32, .retrieval),
        LongBenchTask("passage_retrieval_zh", .synthetic, .retrievalChinese, 32, .retrieval, isChinese: true),
        LongBenchTask("lcc", .code, .code, 64, .code),
        LongBenchTask("repobench-p", .code, .code, 64, .code),
        LongBenchTask("nq", .fewShot, .f1, 32, .examples),
    ]

    private init(
        _ name: String, _ kind: Kind, _ metric: LongBenchMetric, _ mostTokens: Int, _ prompt: PromptKind,
        isChinese: Bool = false
    ) {
        (self.name, self.kind, self.metric, self.mostTokens) = (name, kind, metric, mostTokens)
        (self.prompt, self.isChinese) = (prompt, isChinese)
    }

    /// The task of that name; nil where there is none.
    package static func named(_ name: String) -> LongBenchTask? { all.first { $0.name == name } }

    /// The task of a file of that name, where "_e" marks the edition with even lengths.
    package static func named(ofFile name: String) -> LongBenchTask? {
        named(name) ?? (name.hasSuffix("_e") ? named(String(name.dropLast(2))) : nil)
    }
}
