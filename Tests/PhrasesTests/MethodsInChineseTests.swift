import RopewalkMethods
import RopewalkPhrases
import Testing

/// What methods and masks say in Chinese.
@Suite struct MethodsInChineseTests {
    /// Names that stay as they are written: of parameters, of what a rule may say, of the marks behind a mask.
    private static let names: Set<String> = {
        let parameters = Catalogue.all.flatMap { type in
            type.description.parameters.map(\.name) + type.description.lists.map(\.name)
        }
        return Set(
            parameters.flatMap { $0.split(separator: "-").map(String.init) } + Catalogue.names + ["random", "softmax"])
    }()

    /// Words of a sentence that are English.
    static func english(_ sentence: String) -> [String] {
        sentence.matches(of: /[A-Za-z]{3,}/).map { String($0.output) }.filter { !names.contains($0) }
    }

    /// Ideographs; `\p{Han}` would take a middle dot too.
    static func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { ("\u{4E00}"..."\u{9FFF}").contains($0) }
    }

    static let windows = [
        "causal", "full", "window:size=4", "lambda:sink=2,window=4", "streaming:sink=2,recent=4",
        "dilated:size=3,dilation=2", "longformer:window=4,dilation=2,globals=0/5",
        "bigbird:block=2,random=1,heads=2,head=1",
        "bigbird:block=64", "strided:stride=4", "strided:stride=4,step=1", "strided:stride=4,step=2",
        "fixed:stride=4,summary=1",
        "fixed:stride=4,summary=1,step=2", "banded:size=3", "block-local:block=4", "chunked:size=4,back=1",
        "hierarchical-chunk:size=4", "hierarchical-chunk:size=4,pooled=1", "hat:segment=4", "hat:segment=4,step=2",
        "hibert:lengths=3/8/1", "hibert:level=1,longest=2,lengths=3/8/1", "hibert:level=2,lengths=3/8/1",
        "chunk-join:size=4",
        "global-tokens:globals=3/7", "bigbird:block=1,random=2,draw=0", "longnet:segments=4/8/16,ratios=1/2/4",
        "pcw:window=4,count=3", "longlora:group=8,half=2", "longnet:segments=4/8,ratios=1/2", "time:threshold=8,keep=3",
        "prefix:length=4", "document:length=6", "transformer-xl:segment=4,memory=4",
        "compressive:segment=4,memory=4,compressed=2,rate=2", "compressive:segment=4,memory=4,compressed=2,pooled=0",
        "compressive:segment=4,memory=4,compressed=2,rate=2,slots=most-used",
        "dynamic-heads:limits=4/8,heads=1/2", "expr:k <= q && q - k < 4", "window:size=4+lambda:sink=1,window=2",
        "window:size=4@layers=0",
    ]

    @Test(arguments: windows) func everyReasonOfAWindowIsChinese(_ spec: String) throws {
        let mask = try Mask(parsing: [spec], tokens: 24)
        let rule = spec.hasPrefix("expr:") ? String(spec.dropFirst(5)) : ""
        for query in stride(from: 0, to: 24, by: 3) {
            for key in 0..<24 {
                let sentence = Language.with(.chinese) { mask.reason(query: query, key: key).sentence }
                #expect(Self.isChinese(sentence), "\(query), \(key): \(sentence)")
                #expect(Self.english(sentence.replacing(rule, with: "")) == [], "\(query), \(key): \(sentence)")
            }
        }
    }

    @Test func aReasonKeepsItsNumbers() throws {
        let mask = try Mask(parsing: ["lambda:sink=4,window=256"], tokens: 2000)
        func reason(_ key: Int) -> String {
            Language.with(.chinese) { mask.reason(query: 1204, key: key).sentence }
        }
        #expect(reason(87) == "屏蔽：1,204 − 87 = 1,117 ≥ 窗口 256，且 87 ≥ sink 4")
        #expect(reason(2) == "作为汇点保留：2 < sink 4")
        #expect(reason(1300) == "屏蔽：1,300 > 1,204，在查询之后")
    }

    @Test func faultsOfAMaskAreChinese() throws {
        let mask = try ListedMask(text: "0111\n1100\n0000\n0011\n")
        let findings = Language.with(.chinese) {
            MaskLint.findings(in: mask, expecting: MaskExpectation(window: 2))
        }
        #expect(findings.count == 3)
        for finding in findings {
            #expect(Self.isChinese(finding.message) && Self.english(finding.message) == [], "\(finding.message)")
        }
        #expect(findings[0].message == "看不到任何键的查询：1，首处：查询 2")
    }

    @Test(arguments: [
        "0110\n1110\n1110\n1111\n", "1000\n1100\n1110\n1111\n", "0111\n0011\n0001\n0000\n", "1011\n0100\n0010\n0101\n",
    ])
    func theRuleOfAMaskIsToldInChinese(_ text: String) throws {
        let mask = try ListedMask(text: text)
        let sentence = try Language.with(.chinese) { () throws(MethodError) in
            try MaskExplanation(mask).sentence(of: mask)
        }
        let specs = try MaskExplanation(mask).text
        #expect(Self.english(sentence.replacing(specs, with: "")) == [], "\(sentence)")
    }

    @Test(arguments: Catalogue.names) func aPageIsChinese(_ name: String) throws {
        let page = try MethodPage(named: name)
        let lines = Language.with(.chinese) { page.text }.split(separator: "\n").map(String.init)
        let family = ["位置", "窗口", "选择", "核", "压缩", "消融"].first { lines[0].contains($0) }
        #expect(lines[0].hasSuffix("(\(name), \(family ?? "?"))"))
        #expect(Self.isChinese(lines[1]), "\(lines[1])")
        let own = Set(lines.compactMap { line in ["写法", "来源", "时间", "内存"].first { line.hasPrefix($0) } })
        #expect(own == ["写法", "来源", "时间", "内存"])
        #expect(page.text.hasPrefix("\(page.title) (\(name), \(page.family))\n"), "without a language it is English")
        let json = try Language.with(.chinese) { try page.json() }
        #expect(!Self.isChinese(json), "what programs read stays English")
    }

    @Test func columnsStandUnderEachOther() throws {
        let page = try MethodPage(named: "yarn")
        let lines = Language.with(.chinese) { page.text }.split(separator: "\n").map(String.init)
        #expect(lines[2] == "参数")
        #expect(lines[3] == "  名称              默认  取值                            含义")
        #expect(lines[4] == "  factor               4  1 至 1,024 倍                   目标窗口与原窗口之比")
        #expect(
            lines.contains("写法        yarn:factor=4,beta-fast=32,beta-slow=1,attention-factor=0,original=0,truncate=1"))
    }

    @Test func aValueInWordsIsTakenInBothLanguages() throws {
        let limit = try #require(Catalogue.method(named: "longformer")).description.parameters
        let causal = try #require(limit.first { $0.name == "causal" })
        #expect(Language.with(.chinese) { causal.words(1) } == "是")
        for text in ["yes", "是", "1"] {
            let value = try Language.with(.chinese) { () throws(MethodError) in
                try MethodSpec.number(text, for: causal, of: "longformer")
            }
            #expect(value == 1)
        }
        #expect(throws: MethodError.self) { try MethodSpec.number("是", for: causal, of: "longformer") }
    }
}
