import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkFormats
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTokenizers
import Testing

/// What is wrong, in Chinese.
@Suite struct ErrorsInChineseTests {
    @Test(arguments: [
        ("", "方法为空：请写出名称，如 lambda:sink=4,window=512"), ("ropee", "未知的方法 'ropee'：是否指 rope？"),
        ("window:size=0", "window：size 为 '0'，超出范围：应为 整数 1 至 1,073,741,824 个词元"),
        ("window:size=1.5", "window：size 为 '1.5'，不是整数：应为 整数 1 至 1,073,741,824 个词元"),
        ("window:width=4", "window：未知的参数 'width'：它取size"), ("window:size=4,size=5", "window：size 给出两次：只给一次"),
        ("yarn:beta-fast=1,beta-slow=2", "yarn: beta-fast 1 小于 beta-slow 2：圈数应不少于它"),
        ("expr:k <", "规则第 4 列：规则结束处应为数、名称或“(”"), ("expr:k = q", "规则第 3 列：'=' 在这里没有意义：请用 == 比较"),
        ("expr:foo < q", "规则第 1 列：未知的名称：可用 q、k、n、layer、head、item、min、max、abs、true、false"),
        ("rope@layers=0", "'rope': 它不是掩码：能指定层和头的只有掩码"), ("file:x.npy", "x.npy: 这里不读取掩码文件"),
    ])
    func ofAMethod(_ spec: String, _ sentence: String) {
        #expect(Self.sentence { () throws(MethodError) in try MethodSpec.parse(spec) } == sentence)
    }

    @Test(arguments: [
        ("[1", "x：第 1 行：应有逗号或数组的结尾"), ("{\"a\" 1}", "x：第 1 行：应有冒号"), ("[1,]", "x：第 1 行：应有 JSON 值"),
        ("[\"\\x\"]", "x：第 1 行：字符串中有未知的转义"),
    ])
    func ofJSON(_ text: String, _ sentence: String) {
        #expect(Self.sentence { () throws(FormatError) in try JSONDocument(Data(text.utf8), source: "x") } == sentence)
    }

    @Test func ofFilesThatAreNotThere() {
        let folder = Self.sentence { () throws(FormatError) in try CheckpointFiles(folder: "/nonexistent") }
        #expect(folder == "/nonexistent: 没有这个文件夹")
        let text = Self.sentence { () throws(DocumentError) in try SourceText([0x61, 0xFF], name: "t.txt") }
        #expect(text == "t.txt：字节 1：不是有效的 UTF-8；请转换，例如用 iconv -f latin1 -t utf-8")
    }

    /// Each error that a module has, made without a file.
    static let all: [any Error & CustomStringConvertible] = [
        FormatError.pointer(file: "f", size: 9), FormatError.cutShort(file: "f"), FormatError.pickle(file: "f"),
        FormatError.tooLarge(file: "f", bytes: 9, limit: 8), FormatError.missingTensor(file: "f", tensor: "t"),
        TokenizerError.notUTF8(byte: 3), TokenizerError.textTooLong(bytes: 9, limit: 8), TokenizerError.cancelled,
        TokenizerError.rewritingTooLong(bytes: 4), TokenizerError.unsupported(file: "f", component: "x"),
        DocumentError.binary(file: "f", byte: 0), DocumentError.tooLarge(file: "f", bytes: 9, limit: 8),
        ModelError.unknownName("x", places: ["p"], nearest: ["y"], count: 0), ModelError.cancelled, ModelError.noTokens,
        ModelError.family(file: "f", name: "x", known: ["y"]), ModelError.missing(folder: "f", tensor: "t"),
        ModelError.shape(file: "f", tensor: "t", found: [1], expected: [2]), ModelError.tooLong(tokens: 9, limit: 8),
        ModelError.memory(megabytes: 9, available: 8, tokens: 7, fitting: 100), ModelError.noNextToken(model: "m"),
        ModelError.adapter(folder: "f", kind: "LORA", base: nil),
        ModelError.notFinite(file: "f", tensor: "t", index: 0),
        MethodError.maskEmpty, MethodError.needsScores("topk:k=4"), MethodError.tokensDiffer(3, 4),
        ExportError.unknownFormat("x"), ExportError.maskValue(file: "f", query: 0, key: 1),
        ExportError.compression(code: 1),
    ]

    @Test(arguments: all.indices) func everyKindHasAChineseSentence(_ index: Int) {
        let error = Self.all[index]
        let chinese = Language.with(.chinese) { error.description }
        #expect(MethodsInChineseTests.isChinese(chinese), "\(chinese)")
        #expect(!chinese.contains("\n") && !chinese.contains("{"))
        #expect(!MethodsInChineseTests.isChinese(error.description))
    }

    private static func sentence<Value, Failure: Error & CustomStringConvertible>(
        _ work: () throws(Failure) -> Value
    ) -> String? {
        Language.with(.chinese) {
            do throws(Failure) {
                _ = try work()
                return nil
            } catch {
                return error.description
            }
        }
    }
}
