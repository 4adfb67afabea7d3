/// What a prompt asks for.
///
/// The words are our own: the published prompts are read from their file (`dataset2prompt.json`) where somebody has it, and
/// scores of other words are not those of the published tables.
package enum PromptKind: String, Sendable, CaseIterable {
    case question, passages, summary, examples, count, retrieval, code, choice, options

    /// The prompt of our own.
    package func template(isChinese: Bool) -> String {
        switch (self, isChinese) {
        case (.question, false):
            "Text:\n{context}\n\nUse the text alone and answer as shortly as you can.\n\nQuestion: {input}\nAnswer:"
        case (.question, true): "文本：\n{context}\n\n请只根据上面的文本作答，越短越好。\n\n问题：{input}\n答案："
        case (.passages, false):
            "Passages:\n{context}\n\nThe passages hold the answer. Give it alone, without explanation.\n\n"
                + "Question: {input}\nAnswer:"
        case (.passages, true): "段落：\n{context}\n\n答案就在这些段落里，请只写出答案。\n\n问题：{input}\n答案："
        case (.summary, false): "Text:\n{context}\n\nSum the text up on one page.\n\nSummary:"
        case (.summary, true): "文本：\n{context}\n\n请用一段话概括上面的文本。\n\n概括："
        case (.examples, false): "Go on as the examples do.\n\n{context}\n\n{input}"
        case (.examples, true): "请仿照下面的例子继续。\n\n{context}\n\n{input}"
        case (.count, false):
            "{context}\n\nSome of these paragraphs stand there more than once. How many different ones are there? "
                + "Write the number alone.\n\nNumber: "
        case (.count, true): "{context}\n\n这些段落有的重复出现。不同的段落一共有几段？请只写数字。\n\n数字："
        case (.retrieval, false):
            "{context}\n\nOne of these paragraphs is summed up here:\n\n{input}\n\nWhich one? Write it as \"Paragraph 1\".\n\n"
                + "It is: "
        case (.retrieval, true): "{context}\n\n下面概括了其中的一段：\n\n{input}\n\n是哪一段？请写成“段落1”的形式。\n\n答案："
        case (.code, _): "{context}{input}"
        case (.choice, false):
            "Text:\n$DOC$\n\nQuestion: $Q$\n(A) $C_A$\n(B) $C_B$\n(C) $C_C$\n(D) $C_D$\n\n"
                + "One of the four is right. Say it as: The correct answer is (A)\n\n"
        case (.choice, true):
            "文本：\n$DOC$\n\n问题：$Q$\n(A) $C_A$\n(B) $C_B$\n(C) $C_C$\n(D) $C_D$\n\n"
                + "四项中有一项正确，请写成：The correct answer is (A)\n\n"
        case (.options, false): "Text:\n{context}\n\nWrite the letters of the right options alone.\n\n{input}\nAnswer:"
        case (.options, true): "文本：\n{context}\n\n请只写出正确选项的字母。\n\n{input}\n答案："
        }
    }

    /// What a question is asked with.
    package init(_ item: BenchmarkItem) {
        switch item.benchmark {
        case .longBench: self = LongBenchTask.named(item.task)?.prompt ?? .question
        case .longBenchV2: self = .choice
        case .lEval:
            if case .options = LEvalTask(named: item.task) { self = .options } else { self = .question }
        }
    }
}
