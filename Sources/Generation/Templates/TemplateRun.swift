import Foundation
import RopewalkPhrases

/// Fills in a template; what would take too long or become too large is refused.
final class TemplateRun {
    private static let mostSteps = 2_000_000
    static let longestText = 16 << 20
    static let longestList = 1_000_000
    private static let deepestCalls = 50

    private var scopes: [[String: TemplateValue]]
    private var output: [UInt8] = []
    private var steps = 0
    /// Of all steps so far: see `charge`.
    var work = 0
    private var calls = 0
    /// All that were made. One may hold another, and so on: they are given back one by one at the end.
    private var namespaces: [TemplateNamespace] = []

    private enum Leaving { case skip, leave }

    private init(_ values: [String: TemplateValue]) { scopes = [values] }

    static func text(of nodes: [TemplateNode], _ values: [String: TemplateValue]) throws(TemplateProblem) -> String {
        let run = TemplateRun(values)
        defer { for namespace in run.namespaces { namespace.members = [] } }
        _ = try run.run(nodes)
        return String(decoding: run.output, as: UTF8.self)
    }

    /// One step of many.
    func step(_ line: Int = 0) throws(TemplateProblem) {
        steps += 1
        if steps > Self.mostSteps { throw TemplateProblem(line, say("it takes too many steps")) }
    }

    private func write(_ text: String) throws(TemplateProblem) {
        output += Array(text.utf8)
        if output.count > Self.longestText { throw TemplateProblem(0, say("its text becomes too long")) }
    }

    // MARK: Nodes

    private func run(_ nodes: [TemplateNode]) throws(TemplateProblem) -> Leaving? {
        for node in nodes {
            try step()
            switch node {
            case .text(let text): try write(text)
            case .output(let expression):
                let written = try value(expression)
                try charge(written, 0)
                try write(written.text)
            case .condition(let branches, let otherwise):
                var chosen = otherwise
                for branch in branches {
                    guard try value(branch.test).isTrue else { continue }
                    chosen = branch.body
                    break
                }
                if let leaving = try run(chosen) { return leaving }
            case .loop(let loop): try run(loop)
            case .set(let target, let expression, let line): try set(target, try value(expression), line)
            case .setBlock(let target, let body, let filters, let line):
                var text = TemplateValue.string(try captured(body))
                for filter in filters { text = try apply(filter, to: text) }
                try set(target, text, line)
            case .macro(let macro): define(macro.name, .macro(macro))
            case .skip: return .skip
            case .leave: return .leave
            }
        }
        return nil
    }

    /// The text that some nodes write.
    private func captured(_ nodes: [TemplateNode]) throws(TemplateProblem) -> String {
        let before = output
        output = []
        _ = try run(nodes)
        let text = String(decoding: output, as: UTF8.self)
        output = before
        return text
    }

    private func run(_ loop: TemplateNode.Loop) throws(TemplateProblem) {
        var items: [TemplateValue] = []
        for item in try self.items(try value(loop.values), loop.line) {
            guard let filter = loop.filter else {
                items.append(item)
                continue
            }
            scopes.append(try bound(loop.names, item, loop.line))
            let isKept = try value(filter).isTrue
            scopes.removeLast()
            if isKept { items.append(item) }
        }
        if items.isEmpty {
            _ = try run(loop.otherwise)
            return
        }
        for (index, item) in items.enumerated() {
            try step(loop.line)
            var scope = try bound(loop.names, item, loop.line)
            scope["loop"] = .map([
                ("index", .integer(index + 1)), ("index0", .integer(index)),
                ("revindex", .integer(items.count - index)), ("revindex0", .integer(items.count - index - 1)),
                ("first", .bool(index == 0)), ("last", .bool(index == items.count - 1)),
                ("length", .integer(items.count)), ("previtem", index > 0 ? items[index - 1] : .undefined),
                ("nextitem", index + 1 < items.count ? items[index + 1] : .undefined),
            ])
            scopes.append(scope)
            let leaving = try run(loop.body)
            scopes.removeLast()
            if leaving == .leave { return }
        }
    }

    private func bound(
        _ names: [String], _ item: TemplateValue, _ line: Int
    ) throws(TemplateProblem) -> [String: TemplateValue] {
        if names.count == 1 { return [names[0]: item] }
        guard case .list(let parts) = item, parts.count == names.count else {
            throw TemplateProblem(line, say("\(names.count) values are expected"))
        }
        return Dictionary(zip(names, parts)) { $1 }
    }

    private func define(_ name: String, _ value: TemplateValue) { scopes[scopes.count - 1][name] = value }

    private func set(
        _ target: TemplateNode.Target, _ value: TemplateValue, _ line: Int
    ) throws(TemplateProblem) {
        switch target {
        case .names(let names):
            for (name, part) in try bound(names, value, line) { define(name, part) }
        case .member(let name, let member):
            guard case .namespace(let namespace) = lookUp(name) else {
                throw TemplateProblem(line, say("\(name) is no namespace, whose members could be set"))
            }
            namespace.set(member, value)
        }
    }

    private func lookUp(_ name: String) -> TemplateValue {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return .undefined
    }

    // MARK: Expressions

    func value(_ expression: TemplateExpression) throws(TemplateProblem) -> TemplateValue {
        try step()
        switch expression {
        case .value(let value): return value
        case .name(let name): return lookUp(name)
        case .list(let parts), .tuple(let parts):
            let list = TemplateValue.list(try values(parts))
            try charge(list, 0)
            return list
        case .map(let members):
            var map: [(key: String, value: TemplateValue)] = []
            for member in members { map.append((try value(member.key).text, try value(member.value))) }
            try charge(.map(map), 0)
            return .map(map)
        case .member(let of, let name, let line): return try member(name, of: try value(of), line)
        case .item(let of, let index, let line): return try item(try value(index), of: try value(of), line)
        case .slice(let of, let from, let to, let step, let line):
            let whole = try value(of)
            try charge(whole, line)
            return try slice(whole, try bound(from), try bound(to), try bound(step), line)
        case .call(let call):
            let result = try self.call(call)
            try charge(result, call.line)
            return result
        case .method(let of, let call): return try method(call, of: try value(of))
        case .filter(let of, let call): return try apply(call, to: try value(of))
        case .test(let of, let call, let isNegated): return .bool(try test(call, try value(of)) != isNegated)
        case .not(let of): return .bool(!(try value(of).isTrue))
        case .negative(let of, let line):
            switch try value(of) {
            case .integer(let number) where number != .min: return .integer(-number)
            case .number(let number): return .number(-number)
            case let other: throw TemplateProblem(line, say("'-' stands before \(other.kind)"))
            }
        case .binary(let operation, let left, let right, let line):
            return try binary(operation, left, right, line)
        case .choice(let chosen, let test, let otherwise):
            if try value(test).isTrue { return try value(chosen) }
            guard let otherwise else { return .undefined }
            return try value(otherwise)
        }
    }

    func values(_ expressions: [TemplateExpression]) throws(TemplateProblem) -> [TemplateValue] {
        var result: [TemplateValue] = []
        for expression in expressions { result.append(try value(expression)) }
        return result
    }

    /// A bound of a slice; nil where none is given.
    private func bound(_ expression: TemplateExpression?) throws(TemplateProblem) -> Int? {
        guard let expression else { return nil }
        return try value(expression).integer
    }

    private func member(_ name: String, of value: TemplateValue, _ line: Int) throws(TemplateProblem) -> TemplateValue {
        if case .undefined = value { throw TemplateProblem(line, say("'\(name)' is asked of nothing")) }
        return value[name] ?? .undefined
    }

    private func item(
        _ index: TemplateValue, of value: TemplateValue, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue {
        try charge(index, line)
        switch (value, index) {
        case (.undefined, _): throw TemplateProblem(line, say("'\(index.text)' is asked of nothing"))
        case (.list(let values), .integer(let index)):
            let place = index < 0 ? values.count + index : index
            return values.indices.contains(place) ? values[place] : .undefined
        case (.string(let text), .integer(let index)):
            try charge(value, line)
            let scalars = Array(text.unicodeScalars)
            let place = index < 0 ? scalars.count + index : index
            return scalars.indices.contains(place) ? .string(String(scalars[place])) : .undefined
        default: return value[index.text] ?? .undefined
        }
    }

    /// Bounds as Python takes them.
    private func slice(
        _ value: TemplateValue, _ from: Int?, _ to: Int?, _ step: Int?, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue {
        let step = step ?? 1
        guard step != 0, step != .min else { throw TemplateProblem(line, say("the step of a part is 0")) }
        func places(_ count: Int) -> [Int] {
            func place(_ bound: Int?, _ missing: Int, _ low: Int, _ high: Int) -> Int {
                guard let bound else { return missing }
                return min(max(bound < 0 ? bound + count : bound, low), high)
            }
            let range =
                step > 0
                ? (place(from, 0, 0, count), place(to, count, 0, count))
                : (place(from, count - 1, -1, count - 1), place(to, -1, -1, count - 1))
            return Array(stride(from: range.0, to: range.1, by: step))
        }
        switch value {
        case .list(let values): return .list(places(values.count).map { values[$0] })
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            var part = String.UnicodeScalarView()
            for place in places(scalars.count) { part.append(scalars[place]) }
            return .string(String(part))
        default: throw TemplateProblem(line, say("\(value.kind) has no parts"))
        }
    }

    /// What a loop goes through.
    func items(_ value: TemplateValue, _ line: Int) throws(TemplateProblem) -> [TemplateValue] {
        switch value {
        case .list(let values): return values
        case .map(let members): return members.map { .string($0.key) }
        case .string(let text):
            try charge(bytes: 16 * text.utf8.count, line)
            return text.unicodeScalars.map { .string(String($0)) }
        case .undefined: return []
        default: throw TemplateProblem(line, say("\(value.kind) is no list"))
        }
    }

    // MARK: Calls

    private func call(_ call: TemplateExpression.Call) throws(TemplateProblem) -> TemplateValue {
        if case .macro(let macro) = lookUp(call.name) { return .string(try self.call(macro, call)) }
        let arguments = try values(call.arguments)
        switch call.name {
        case "raise_exception":
            throw TemplateProblem(call.line, say("it refuses: \(String((arguments.first?.text ?? "").prefix(200)))"))
        case "namespace", "dict":
            var members: [(key: String, value: TemplateValue)] = []
            if case .map(let given) = arguments.first { members = given }
            for (name, expression) in call.named { members.append((name, try value(expression))) }
            if call.name == "dict" { return .map(members) }
            let namespace = TemplateNamespace(members)
            namespaces.append(namespace)
            return .namespace(namespace)
        case "range": return try range(arguments, call.line)
        case "strftime_now": return .string(Self.now(arguments.first?.text ?? ""))
        default:
            throw TemplateProblem(
                call.line, say("the function '\(String(call.name.prefix(40)))' is not known"))
        }
    }

    private func call(_ macro: TemplateMacro, _ call: TemplateExpression.Call) throws(TemplateProblem) -> String {
        calls += 1
        defer { calls -= 1 }
        if calls > Self.deepestCalls { throw TemplateProblem(call.line, say("macros call each other too deep")) }
        var scope: [String: TemplateValue] = [:]
        let arguments = try values(call.arguments)
        for (index, parameter) in macro.parameters.enumerated() {
            if let named = call.named.first(where: { $0.name == parameter.name }) {
                scope[parameter.name] = try value(named.value)
            } else if index < arguments.count {
                scope[parameter.name] = arguments[index]
            } else if let missing = parameter.value {
                scope[parameter.name] = try value(missing)
            } else {
                scope[parameter.name] = .undefined
            }
        }
        // A macro sees what stands outside of all loops, and its own parameters.
        let outside = scopes
        scopes = [outside[0], scope]
        defer { scopes = outside }
        return try captured(macro.body)
    }

    private func range(_ arguments: [TemplateValue], _ line: Int) throws(TemplateProblem) -> TemplateValue {
        let numbers = arguments.compactMap(\.integer)
        guard (1...3).contains(numbers.count), numbers.count == arguments.count, numbers.count < 3 || numbers[2] != 0
        else { throw TemplateProblem(line, say("range takes one to three whole numbers")) }
        let (from, to) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let values = stride(from: from, to: to, by: numbers.count == 3 ? numbers[2] : 1)
        var list: [TemplateValue] = []
        for number in values {
            if list.count >= 100_000 { throw TemplateProblem(line, say("a range is too long")) }
            list.append(.integer(number))
        }
        return .list(list)
    }

    private static func now(_ format: String) -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        let room = 256
        var text = [CChar](repeating: 0, count: room)
        let count = strftime(&text, room, String(format.prefix(100)), &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
