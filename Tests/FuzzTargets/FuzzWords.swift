import Foundation
import RopewalkApp
import RopewalkCellGrid
import RopewalkDocuments
import RopewalkMethods
import RopewalkTerminal

/// What people type: rules, methods, scripts, and what a terminal sends.
enum FuzzWords {
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    static func readRule(_ bytes: UnsafeRawBufferPointer) {
        guard let rule = try? MaskExpression(text(bytes)) else { return }
        let tokens = 19
        let window = ExpressionWindow(rule, layer: 1, head: 2)
        guard window.problem(tokens: tokens) == nil else { return }
        for query in 0..<tokens {
            let row = window.visibleKeys(query: query, tokens: tokens)
            for key in 0..<tokens {
                let isAllowed = rule.allows(query: query, key: key, tokens: tokens, layer: 1, head: 2)
                precondition(row.contains(key) == isAllowed, "a row differs from its rule at \(query), \(key)")
            }
        }
        if let zones = window.zones(of: 0..<tokens, tokens: tokens) {
            let counted = zones.count(queries: 0..<tokens, keys: 0..<tokens)
            let listed = (0..<tokens).reduce(0) { $0 + window.visibleKeys(query: $1, tokens: tokens).count }
            precondition(counted == listed, "zones count \(counted) pairs, rows \(listed)")
        }
    }

    static func readMethods(_ bytes: UnsafeRawBufferPointer) {
        let specs = text(bytes).split(whereSeparator: \.isWhitespace).map(String.init)
        guard !specs.contains(where: { $0.contains("file:") }), let scenario = try? Scenario(parsing: specs),
            let mask = try? Mask(scenario, tokens: 33)
        else { return }
        for query in [0, 7, 32] {
            precondition(mask.row(query).ranges.allSatisfy { $0.upperBound <= 33 }, "keys beyond the text")
            _ = mask.reason(query: query, key: query / 2)
        }
    }

    /// Reads a session, writes it and goes on with each of its texts.
    static func readSession(_ bytes: UnsafeRawBufferPointer) {
        guard let session = try? SavedSession(Data(bytes), source: "work.json"),
            let ids = try? Document(ids: Array(3..<40), tokenizer: nil)
        else { return }
        let again = (try? session.json()).flatMap { try? SavedSession(Data($0.utf8), source: "again") }
        precondition(again == session, "a session that is another one when it is written")
        for text in session.texts.prefix(3) {
            let kept = text.kept?.methods ?? []
            guard !(text.methods + kept).contains(where: { $0.contains("file:") }) else { continue }
            let scenario = (try? Scenario(parsing: text.methods)) ?? .plain
            let start = SessionStart(
                text, scenario: scenario, kept: try? Scenario(parsing: kept), screen: session.screen,
                origin: .session("work.json"))
            var state = AppState(
                size: Size(width: 100, height: 30), depth: .indexed256, ground: .dark, goingOn: start)
            _ = state.update(.sources(.textLoaded(ids.text)))
            _ = state.update(.sources(.tokenised(ids)))
            precondition(state.focus.cursor < ids.tokenCount, "a cursor behind the text")
            var answers = Answers()
            _ = answers.frame(of: state)
        }
    }

    private static let prose = "It was the best of times; it was the worst of times. 孔子曰 \u{301}x.\n\nIt was."

    private static func state() -> AppState? {
        guard let text = try? SourceText(prose, name: "a.txt") else { return nil }
        var state = AppState(size: Size(width: 100, height: 30))
        _ = state.update(.sources(.textLoaded(text)))
        return state
    }

    /// Plays messages, and draws what has come of them.
    private static func play(_ messages: [Message]) {
        guard var state = state() else { return }
        var answers = Answers()
        for message in messages.prefix(200) {
            var effects = state.update(message)
            while let effect = effects.popLast() {
                if case .find(let inquiry) = effect {
                    effects += state.update(.found(answers.finding(inquiry, in: state)))
                }
            }
        }
        let grid = answers.frame(of: state)
        precondition(grid.size == state.size, "a screen of another size")
    }

    static func playKeys(_ bytes: UnsafeRawBufferPointer) {
        guard let script = try? KeyScript(parsing: text(bytes)) else { return }
        play(
            script.steps.compactMap { step in
                if case .event(let event) = step { Message(event) } else { nil }
            })
    }

    static func playActions(_ bytes: UnsafeRawBufferPointer) {
        guard let script = try? ActionScript(parsing: text(bytes)) else { return }
        play(
            script.steps.compactMap { step in
                if case .action(let action) = step { .asked(action) } else { nil }
            })
    }

    /// The first byte says in which pieces the rest comes.
    static func readInput(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        var parser = InputParser()
        var rest = bytes.dropFirst()
        let size = first == 0 ? bytes.count : Int(first)
        var events = 0
        while !rest.isEmpty {
            parser.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
            while parser.next() != nil { events += 1 }
        }
        while parser.patience != nil, parser.next(isPatient: false) != nil { events += 1 }
        precondition(parser.patience == nil && events <= bytes.count, "\(events) events, or input that never ends")
    }
}
