import RopewalkMethods
import Testing

@Suite struct MethodSpecTests {
    func message(_ text: String) -> String {
        do throws(MethodError) { return "parsed " + (try MethodSpec.parse(text)).spec } catch {
            return error.description
        }
    }

    @Test func everyMethodRoundTrips() throws {
        for type in Catalogue.all {
            let defaults = try MethodSpec.parse(type.description.name)
            #expect(defaults.values == type.description.parameters.map(\.defaultValue))
            #expect(Swift.type(of: try MethodSpec.parse(defaults.spec)) == type)
            for values in [\ClosedRange<Double>.lowerBound, \.upperBound].map({ bound in
                type.description.parameters.map { $0.range[keyPath: bound] }
            }) {
                let method = type.init(values: values)
                guard method.contradiction == nil else {
                    #expect(throws: MethodError.self) { try MethodSpec.parse(method.spec) }
                    continue
                }
                #expect(try MethodSpec.parse(method.spec).values == values)
                #expect(try MethodSpec.parse(method.spec).spec == method.spec)
            }
        }
    }

    @Test func listsRoundTrip() throws {
        var random = SplitMix(state: 7)
        for type in Catalogue.all where !type.description.lists.isEmpty {
            let values = type.description.parameters.map(\.defaultValue)
            for length in [1, 2, 64, ListDescription.limit] {
                let lists = type.description.lists.map { list in
                    (0..<length).map { _ in
                        let number = Double.random(in: list.range, using: &random)
                        return list.isInteger ? number.rounded(.down) : number
                    }
                }
                let method = type.init(values: values, lists: lists)
                guard method.contradiction == nil else {
                    #expect(throws: MethodError.self) { try MethodSpec.parse(method.spec) }
                    continue
                }
                #expect(try MethodSpec.parse(method.spec).lists == method.lists)
            }
        }
        #expect(
            message("longrope:long=1/2.5/4")
                == "parsed longrope:factor=4,original=0,early=0,attention-factor=0,long=1/2.5/4")
    }

    @Test func badListsAreRefused() {
        let range = "it takes 0.001 to 1,000,000 times"
        #expect(message("longrope:short=1/x") == "longrope: short is 'x', not a number: \(range)")
        #expect(message("longrope:short=1//2") == "longrope: short is '', not a number: \(range)")
        #expect(message("longrope:short=1/0") == "longrope: short is '0', out of range: \(range)")
        #expect(message("longrope:short=nan") == "longrope: short is 'nan', not a number: \(range)")
        let long = Array(repeating: "1", count: ListDescription.limit + 1).joined(separator: "/")
        #expect(message("longrope:long=" + long) == "longrope: long has more than 4,096 numbers: give fewer")
    }

    @Test func impossiblePositionParametersNameTheirRange() {
        let cases = [
            "abf:base=0": "base is '0', out of range: it takes 2 to 1,000,000,000,000",
            "abf:base=inf": "base is 'inf', out of range: it takes 2 to 1,000,000,000,000",
            "yarn:factor=0.5": "factor is '0.5', out of range: it takes 1 to 1,024 times",
            "yarn:factor=nan": "factor is 'nan', not a number: it takes 1 to 1,024 times",
            "yarn:beta-fast=1,beta-slow=2": "beta-fast 1 is below beta-slow 2: give as many turns or more",
            "llama3:low=4,high=2": "high 2 is below low 4: give at least as many turns",
            "ntk-by-parts:alpha=5,beta=1": "beta 1 is not above alpha 5: give more turns than alpha",
            "rerope:window=0": "window is '0', out of range: it takes whole numbers 1 to 1,073,741,824 tokens",
            "rerope:log-n=2": "log-n is '2', out of range: it takes whole numbers 0 to 1 (1 yes, 0 no)",
            "self-extend:group=0": "group is '0', out of range: it takes whole numbers 1 to 1,073,741,824 tokens",
            "partial:fraction=1.5": "fraction is '1.5', out of range: it takes 0 to 1",
            "xpos:gamma=0": "gamma is '0', out of range: it takes 0.01 to 100",
        ]
        for (spec, error) in cases {
            let name = spec.prefix { $0 != ":" }
            #expect(message(spec) == "\(name): \(error)")
        }
    }

    @Test func descriptionsAreComplete() {
        #expect(Set(Catalogue.names).count == Catalogue.names.count)
        for description in Catalogue.all.map({ $0.description }) {
            #expect(description.name == description.name.lowercased())
            for text in [description.title, description.summary, description.source, description.flops] {
                #expect(!text.isEmpty, "\(description.name)")
            }
            for parameter in description.parameters {
                #expect(parameter.range.contains(parameter.defaultValue), "\(description.name) \(parameter.name)")
            }
        }
    }

    @Test func parametersInAnyOrderWithBlanks() {
        #expect(message("lambda:window=8,sink=2") == "parsed lambda:sink=2,window=8")
        #expect(message(" lambda : window = 8 ") == "parsed lambda:sink=4,window=8")
        #expect(message("pi:factor=2.5") == "parsed pi:factor=2.5")
        #expect(message("topk:k=1e3") == "parsed topk:k=1000,window=256,sink=4")
    }

    @Test func errorsSayWhatToWrite() {
        let sizes = "whole numbers 1 to 1,073,741,824 tokens"
        let expected = [
            "": "empty method: write a name such as lambda:sink=4,window=512",
            "lamda": "unknown method 'lamda': did you mean lambda?",
            "Window:size=3": "unknown method 'Window': did you mean window?",
            "zzzzzzzz": "unknown method 'zzzzzzzz'",
            "lambda:sinks=4": "lambda: unknown parameter 'sinks': it takes sink, window",
            "causal:x=1": "causal: unknown parameter 'x': it takes none",
            "lambda:sink=4,sink=5": "lambda: sink is given twice: give it once",
            "lambda:sink": "lambda: sink has no value: write sink=NUMBER",
            "lambda:sink=": "lambda: sink has no value: write sink=NUMBER",
            "lambda:": "lambda: empty parameter: write lambda:key=value,key=value without stray colons or commas",
            "lambda:sink=4,":
                "lambda: empty parameter: write lambda:key=value,key=value without stray colons or commas",
            "window:size=ten": "window: size is 'ten', not a number: it takes \(sizes)",
            "window:size=nan": "window: size is 'nan', not a number: it takes \(sizes)",
            "window:size=inf": "window: size is 'inf', out of range: it takes \(sizes)",
            "window:size=0": "window: size is '0', out of range: it takes \(sizes)",
            "window:size=2.5": "window: size is '2.5', not a whole number: it takes \(sizes)",
            "pi:factor=0.5": "pi: factor is '0.5', out of range: it takes 1 to 1,024 times",
            "pi:factor=-inf": "pi: factor is '-inf', out of range: it takes 1 to 1,024 times",
            "a\u{1B}[2J\nb": "unknown method 'a\u{FFFD}[2J\u{FFFD}b'",
        ]
        for (text, error) in expected { #expect(message(text) == error) }
    }

    @Test func longInputGivesAShortMessage() {
        let long = String(repeating: "x", count: 1_000_000)
        #expect(message(long).count < 200 + Catalogue.names.joined(separator: ", ").count)
        #expect(message("window:size=" + long).count < 200)
        #expect(message("window:" + long + "=1").count < 200)
    }

    /// Random texts from the grammar's own pieces and from all of Unicode: an error or a method, nothing else.
    @Test func anyTextIsParsedOrRefused() {
        var random = SplitMix(state: 2)
        let pieces =
            Catalogue.names + [":", ",", "=", "sink", "size", "factor", "k", "4", "-1", "1e999", "nan", "é", " "]
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                if Bool.random(using: &random), let piece = pieces.randomElement(using: &random) {
                    text += piece
                } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) {
                    text.unicodeScalars.append(scalar)
                }
            }
            do throws(MethodError) {
                let method = try MethodSpec.parse(text)
                #expect((try? MethodSpec.parse(method.spec))?.spec == method.spec)
            } catch {
                let isOneLine = !error.description.contains { $0.isNewline }
                #expect(isOneLine)
            }
        }
    }
}

/// A small generator with a seed, so that a failing run can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
