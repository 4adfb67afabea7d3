import Testing

@testable import RopewalkMethods

@Suite struct MaskExpressionTests {
    func message(_ text: String) -> String {
        do throws(MethodError) { return "parsed " + (try MaskExpression(text)).text } catch { return error.description }
    }

    /// Rules with what they mean, written once more in Swift.
    static let rules: [(String, @Sendable (Int, Int, Int) -> Bool)] = [
        ("k <= q && (q - k < 6 || k < 4)", { q, k, _ in k <= q && (q - k < 6 || k < 4) }),
        ("k<=q&&!(k>=4&&q-k>=6)", { q, k, _ in k <= q && (q - k < 6 || k < 4) }),
        ("true", { _, _, _ in true }), ("!true || q == 3", { q, _, _ in q == 3 }),
        ("q / 4 == k / 4", { q, k, _ in q / 4 == k / 4 }),
        ("k <= q && q / 5 - k / 5 <= 1", { q, k, _ in k <= q && q / 5 - k / 5 <= 1 }),
        ("(q - k) % 4 == 0 && k <= q", { q, k, _ in k <= q && (q - k) % 4 == 0 }),
        ("(k - q) % 4 >= 2", { q, k, _ in (k - q + 400) % 4 >= 2 }),
        ("k % 5 >= 3 || q == k", { q, k, _ in k % 5 >= 3 || q == k }),
        ("q % 3 != 1 && k % 2 == 1", { q, k, _ in q % 3 != 1 && k % 2 == 1 }),
        ("abs(q - k) <= 3", { q, k, _ in abs(q - k) <= 3 }),
        ("min(q, 8) >= max(k, 2)", { q, k, _ in min(q, 8) >= max(k, 2) }),
        ("q - k < (q < 10 ? 2 : 5) && k <= q", { q, k, _ in k <= q && q - k < (q < 10 ? 2 : 5) }),
        ("n > 20 ? k < 3 : k <= q", { q, k, n in n > 20 ? k < 3 : k <= q }),
        ("q * k % 7 < 3", { q, k, _ in q * k % 7 < 3 }), ("q * k / 5 % 3 == 1", { q, k, _ in q * k / 5 % 3 == 1 }),
        ("(q * 7919 + k * 104729) % 13 < 3", { q, k, _ in (q * 7919 + k * 104729) % 13 < 3 }),
        ("(3 * q - q * k) % 5 > k % 2", { q, k, _ in ((3 * q - q * k) % 5 + 5) % 5 > k % 2 }),
        ("2 * k <= q", { q, k, _ in 2 * k <= q }), ("-3 * k + 2 * q > 1", { q, k, _ in 2 * q - 3 * k > 1 }),
        ("3 * (q - k) <= 10 && k <= q", { q, k, _ in k <= q && 3 * (q - k) <= 10 }),
        ("-2 * k >= -9", { _, k, _ in k <= 4 }), ("4 * k == 12", { _, k, _ in k == 3 }),
        ("3 * k == 13 || 3 * k != 12 && k > 3", { _, k, _ in k > 4 }),
        ("k * k <= q", { q, k, _ in k * k <= q }), ("q / (k + 1) == 2", { q, k, _ in q / (k + 1) == 2 }),
        ("q / k >= 2", { q, k, _ in k > 0 && q / k >= 2 }), ("!(q / k >= 2)", { q, k, _ in !(k > 0 && q / k >= 2) }),
        ("(q - 20) / 4 == -2", { q, _, _ in (12...15).contains(q) }),
        ("(k - 20) / 4 == -2 || (9 - k) % 4 == 1", { _, k, _ in (12...15).contains(k) || k % 4 == 0 }),
        ("q % 4 == 0 && k % 4 == 0 && (q - k) % 4 == 0", { q, k, _ in q % 4 == 0 && k % 4 == 0 }),
        ("k / 3 % 2 == 0", { _, k, _ in k / 3 % 2 == 0 }),
        ("7 / 2 == 3 && -7 / 2 == 0 - 4 && -7 % 2 == 1", { _, _, _ in true }),
        ("layer == 0 && head * 2 < 1", { _, _, _ in true }), ("k < n / 2 + n % 2", { _, k, n in k < n / 2 + n % 2 }),
        ("q == 5 || (k + 5000000000) / 1 < 5000000003", { q, k, _ in q == 5 || k < 3 }),
        ("q * 9223372036854775807 > 0 || k < 9223372036854775807", { _, _, _ in true }),
        ("0 * ((q - k) / 2) < 1", { _, _, _ in true }), ("k <= q && 0 * (q % 3) != 0", { _, _, _ in false }),
        ("q / 3 + q / 4 - k / 3 > 1", { q, k, _ in q / 3 + q / 4 - k / 3 > 1 }),
    ]

    @Test(arguments: rules.indices) func rowsZonesAndReasonsAgree(index: Int) throws {
        let (text, allows) = Self.rules[index]
        let window = ExpressionWindow(try MaskExpression(text))
        for tokens in [1, 2, 7, 16, 29] {
            let sum = window.zones(of: 0..<tokens, tokens: tokens)
            for q in 0..<tokens {
                let expected = (0..<tokens).filter { allows(q, $0, tokens) }
                #expect(
                    window.visibleKeys(query: q, tokens: tokens).ranges.flatMap { Array($0) } == expected,
                    "\(text), \(q)")
                let reasoned = (0..<tokens).filter { window.reason(query: q, key: $0, tokens: tokens).isVisible }
                #expect(reasoned == expected, "\(text), \(q)")
                guard let sum else { continue }
                #expect(
                    (0..<tokens).allSatisfy { sum.value(query: q, key: $0) == (expected.contains($0) ? 1 : 0) },
                    "\(text), \(q)")
            }
        }
    }

    /// The common forms are drawn without looking at rows.
    @Test func commonRulesAreSumsOfZones() throws {
        for text in [
            "k <= q && (q - k < 256 || k < 4)", "q / 64 == k / 64 && k <= q", "(q - k) % 128 == 0 && k <= q",
            "abs(q - k) <= 128", "k <= q && (q / 128 == k / 128 || k % 128 >= 120)", "k % 2 == 0 || q == k",
        ] {
            let window = ExpressionWindow(try MaskExpression(text))
            let mask = try Mask(windows: [window], tokens: 1 << 20, isCausal: false)
            #expect(mask.overview(rows: 40, columns: 40).sampling == 1, "\(text)")
        }
        // What is not is sampled, and says so.
        let mask = try Mask(parsing: ["expr:2 * k <= q"], tokens: 1 << 20)
        #expect(mask.overview(rows: 8, columns: 8, rowLimit: 64).sampling == 1 << 14)
    }

    @Test func layersAndHeads() throws {
        let window = try #require(try MethodSpec.parse("expr: layer % 2 == 0 || q - k < 2 + head") as? ExpressionWindow)
        #expect(window.spec == "expr:layer % 2 == 0 || q - k < 2 + head")
        func count(_ layer: Int, _ head: Int) throws -> Int {
            let place = HeadPlace(layer: layer, head: head, layers: 4, heads: 4)
            return try Mask(windows: [window], tokens: 9, isCausal: true).mask(in: place).row(8).count
        }
        #expect(try [count(0, 3), count(1, 0), count(1, 3), count(2, 1)] == [9, 2, 5, 9])
    }

    @Test func reasonsNameTheComparisonsThatDecide() throws {
        let window = ExpressionWindow(try MaskExpression("k <= q && (q - k < 256 || k < 4)"))
        func sentence(_ q: Int, _ k: Int) -> String { window.reason(query: q, key: k, tokens: 2000).sentence }
        #expect(sentence(1204, 87) == "blocked for q = 1,204, k = 87 by: q - k < 256, k < 4")
        #expect(sentence(1204, 3) == "kept for q = 1,204, k = 3 by: k <= q, k < 4")
        #expect(sentence(5, 6) == "blocked for q = 5, k = 6 by: k <= q")
    }

    @Test func errorsHaveTheirColumn() {
        let expected = [
            "": "rule, column 1: the rule is empty: write one such as k <= q",
            "k <= ": "rule, column 5: the rule ends where a number, a name or '(' is wanted",
            "k <= q)": "rule, column 7: ')' where an operator is wanted",
            "k = q": "rule, column 3: '=' means nothing here: compare with ==",
            "k < 2 < q": "rule, column 7: comparisons do not chain: join them with &&",
            "k + 1": "rule, column 1: a comparison is wanted here, not a number: write one such as k <= q",
            "(k < q) + 1 < 3": "rule, column 1: a number is wanted here, not true or false",
            "k < 3 && q": "rule, column 10: a comparison is wanted here, not a number: write one such as k <= q",
            "key < 3": "rule, column 1: unknown name: it takes q, k, n, layer, head, item, min, max, abs, true, false",
            "k / 0 < 3": "rule, column 5: division by zero",
            "q < 3 ? k < 3": "rule, column 14: the rule ends where ':' is wanted",
            "q < 3 ? k : k < 2": "rule, column 13: a number is wanted, as on the other side of ':'",
            "k < 99999999999999999999": "rule, column 5: the number is beyond 64 bits",
            "min(k) < 3": "rule, column 6: ')' where ',' is wanted",
            "k < é": "rule, column 5: this character means nothing here",
        ]
        for (text, error) in expected { #expect(message(text) == error) }
        #expect(message(String(repeating: "(", count: 900)).contains("nested over 64 deep"))
        #expect(message(String(repeating: "!", count: 900)).contains("nested over 64 deep"))
        #expect(message(String(repeating: "-", count: 900) + "k < 1").contains("nested over 64 deep"))
        #expect(message(String(repeating: "k<1||", count: 10_000)).contains("over 1,024 characters"))
        #expect(message("k" + String(repeating: "+k", count: 300) + "<1").contains("more than 256 terms"))
        #expect(message(String(repeating: "min(k,", count: 20)).contains("where a number"))
        #expect(
            message(String(repeating: "abs(", count: 20) + "k" + String(repeating: ")", count: 20)).contains(
                "more than 12"))
    }

    /// Random rules from the grammar's pieces: refused with a column, or the same by rows, zones and pair by pair.
    @Test func anyTextIsReadOrRefused() throws {
        var random = SplitMix(state: 11)
        let operands = [
            "q", "k", "n", "(q - k)", "(k - q)", "-k", "layer", "0", "1", "3", "64", "abs(q - k)", "min(q, 3)",
            "(k < 4 ? q : 2)", "9223372036854775807", "4294967296",
        ]
        let operators = ["+", "-", "*", "/", "%"]
        let comparisons = ["<", "<=", "==", "!=", ">", ">="]
        let joints = [" && ", " || ", " && !(", " ? ", " : ", ")"]
        func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
        func comparison() -> String {
            let terms = (0..<Int.random(in: 0...3, using: &random)).map { _ in "\(pick(operators)) \(pick(operands))" }
            return "\(pick(operands)) \(terms.joined(separator: " ")) \(pick(comparisons)) \(pick(operands))"
        }
        var parsed = 0
        for round in 0..<4000 {
            let text = round % 2 == 0 ? comparison() : comparison() + pick(joints) + comparison() + pick([")", "", ""])
            guard let rule = try? MaskExpression(text) else { continue }
            parsed += 1
            let tokens = 9
            let mask = ExpressionMask(rule.condition, tokens: tokens, layer: 0, head: 0)
            let sum = mask.zones(of: 0..<tokens)
            for q in 0..<tokens {
                for k in 0..<tokens {
                    let isAllowed = rule.allows(query: q, key: k, tokens: tokens)
                    #expect(mask.row(q).contains(k) == isAllowed, "\(text) at \(q), \(k)")
                    if let sum { #expect(sum.value(query: q, key: k) == (isAllowed ? 1 : 0), "\(text) at \(q), \(k)") }
                }
            }
        }
        #expect(parsed > 1000)
    }
}
