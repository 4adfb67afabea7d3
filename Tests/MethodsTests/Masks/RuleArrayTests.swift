import Testing

@testable import RopewalkMethods

/// Rules that look numbers up in arrays.
@Suite struct RuleArrayTests {
    private static let documents = [0, 0, 0, 1, 1, 2, 2, 2, 2, 0, 0, 3]
    private static let items = [[0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 2, 2]]
    private static let padding = [1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1]

    private static let loader: MaskLoader = {
        let arrays = [
            "doc": RuleArray(path: "doc", shape: [12], values: documents),
            "items": RuleArray(path: "items", shape: [2, 6], values: items.flatMap { $0 }),
            "kept": RuleArray(path: "kept", shape: [12], values: padding, isBoolean: true),
            "width": RuleArray(path: "width", shape: [3], values: [2, 4, 12]),
            "one": RuleArray(path: "one", shape: [], values: [5]),
        ]
        var loader = MaskLoader(
            { path throws(MethodError) in throw .maskFile(path: path, "no mask") },
            arrays: { path throws(MethodError) in
                guard let array = arrays[path] else { throw .maskFile(path: path, "no such file") }
                return array
            })
        for name in arrays.keys { loader.given[name] = name }
        return loader
    }()

    private func message(_ text: String, loader: MaskLoader? = loader) -> String {
        do throws(MethodError) { return "parsed " + (try MaskExpression(text, loader: loader)).text } catch {
            return error.description
        }
    }

    /// Rules with what they mean in item 1 and head 1, written once more in Swift.
    private static let rules: [(text: String, tokens: Int, allows: @Sendable (Int, Int) -> Bool)] = [
        ("doc[q] == doc[k]", 12, { q, k in documents[q] == documents[k] }),
        ("k <= q && doc[k] == doc[q]", 12, { q, k in k <= q && documents[q] == documents[k] }),
        ("doc[q] > doc[k]", 12, { q, k in documents[q] > documents[k] }),
        ("doc[q] >= doc[k] + 1", 12, { q, k in documents[q] >= documents[k] + 1 }),
        ("doc[q] != doc[k]", 12, { q, k in documents[q] != documents[k] }),
        ("kept[k] && !kept[q]", 12, { q, k in padding[k] == 1 && padding[q] == 0 }),
        ("kept[k] & (q >= k)", 12, { q, k in padding[k] == 1 && q >= k }),
        ("q - k < width[h] and k <= q", 12, { q, k in k <= q && q - k < 4 }),
        ("items[b, q] == items[b][k]", 6, { q, k in items[1][q] == items[1][k] }),
        ("width[doc[k] % 3] > q", 12, { q, k in [2, 4, 12][documents[k] % 3] > q }),
        ("k < one", 12, { _, k in k < 5 }),
        (
            "k > 0 && doc[k - 1] == doc[q]", 12,
            { q, k in
                k > 0 && documents[k - 1] == documents[q]
            }
        ),
        ("doc[max(k - 1, 0)] == doc[q]", 12, { q, k in documents[max(k - 1, 0)] == documents[q] }),
        ("doc[q] == 2 ? k % 2 == 0 : k <= q", 12, { q, k in documents[q] == 2 ? k % 2 == 0 : k <= q }),
    ]

    @Test(arguments: rules.indices) func rulesMeanWhatPythonMeans(index: Int) throws {
        let (text, tokens, allows) = Self.rules[index]
        let window = ExpressionWindow(try MaskExpression(text, loader: Self.loader), head: 1, item: 1)
        #expect(window.problem(tokens: tokens) == nil)
        for q in 0..<tokens {
            let expected = (0..<tokens).filter { allows(q, $0) }
            #expect(window.visibleKeys(query: q, tokens: tokens).ranges.flatMap { Array($0) } == expected, "\(q)")
            let reasoned = (0..<tokens).filter { window.reason(query: q, key: $0, tokens: tokens).isVisible }
            #expect(reasoned == expected, "\(q)")
        }
    }

    @Test func reasonsTellWhatWasLookedUp() throws {
        let rule = try MaskExpression("k <= q && doc[q] == doc[k]", loader: Self.loader)
        let sentence = ExpressionWindow(rule).reason(query: 5, key: 3, tokens: 12).sentence
        #expect(sentence == "blocked for q = 5, k = 3 by: doc[q] == doc[k] (2 and 1)")
    }

    @Test(arguments: [
        ("d[q] == d[k]", "column 1: no array d is given: write where d=file:PATH behind the rule"),
        ("doc[q, k] == 1", "column 1: doc holds 12 and has 2 of 1 places here"),
        ("items[q] == 1", "column 1: items holds 2 × 6 and has 1 of 2 places here"),
        ("doc == 1", "column 1: doc holds 12 and has 0 of 1 places here"),
        ("doc[q", "column 6: the rule ends where ']' is wanted"),
        ("doc[q < 1] == 1", "column 5: a number is wanted here"), ("kept[q] == 1", "column 1: a number is wanted here"),
        ("doc[q]", "column 1: a comparison is wanted here"),
        ("d[q] == 1 where d=file:nowhere", "column 17: d: nowhere: no such file"),
        ("k <= q where d=file:doc", "column 14: the rule looks nothing up in d"),
        ("d[q] == 1 where d=doc", "column 17: behind where stand arrays in files"),
        ("d[q] == 1 where d=file:doc, d=file:doc", "d is given twice"),
        ("d[q] == 1 where ", "behind where stand arrays"),
    ]) func mistakesAreNamedAtTheirPlace(text: String, problem: String) {
        #expect(message(text).contains(problem), "\(message(text))")
    }

    @Test func rulesSayWhereTheirArraysAre() throws {
        let text = "ids[q] == ids[k] && w[h] > 0 where ids=file:doc, w = file:width"
        let rule = try MaskExpression(text, loader: Self.loader)
        #expect(rule.text == text && rule.arrays.map(\.path) == ["doc", "width"])
        #expect(rule.allows(query: 10, key: 1, tokens: 12) && !rule.allows(query: 10, key: 4, tokens: 12))
        let window = try #require(
            try MethodSpec.parse("expr:" + text + "@heads=0", loader: Self.loader) as? ScopedWindow)
        #expect(window.ruleArrays.map(\.path) == ["doc", "width"] && window.maskFiles == ["doc", "width"])
        #expect(message(text, loader: nil).contains("arrays in files are not read here"))
    }

    /// A place that an array does not have is an error of the pair that asks for it, also in a long text.
    @Test(arguments: [
        ("doc[k] == 0", 13, "k = 12"), ("k <= q && doc[q] >= 0", 5000, "q = 12"), ("doc[k - 1] == 0", 12, "k = 0"),
    ])
    func missingPlacesAreFaults(text: String, tokens: Int, place: String) throws {
        let window = ExpressionWindow(try MaskExpression(text, loader: Self.loader))
        let problem = try #require(window.problem(tokens: tokens))
        #expect(
            problem.contains(" of 12 in an array, counted from 0, in doc[") && problem.contains(place), "\(problem)")
    }

    /// One that is missing in the middle is not passed over.
    @Test func oneMissingPlaceIsFound() throws {
        let rule = try MaskExpression("width[k == 2345 ? 3 : 0] > 0 && k <= q", loader: Self.loader)
        #expect(ExpressionWindow(rule).problem(tokens: 5000)?.contains("k = 2,345") == true)
    }

    /// Another content of the file is another mask.
    @Test func identitiesGoWithTheNumbers() throws {
        func window(_ values: [Int]) throws -> ExpressionWindow {
            let loader = MaskLoader(
                { path throws(MethodError) in throw .maskFile(path: path, "no mask") },
                arrays: { path in RuleArray(path: path, shape: [2], values: values) })
            return ExpressionWindow(try MaskExpression("d[k] == 0 where d=file:x", loader: loader))
        }
        #expect(try window([0, 1]).identity == window([0, 1]).identity)
        #expect(try window([0, 1]).identity != window([0, 0]).identity && window([0, 1]) != window([0, 0]))
    }
}
