import Foundation
import RopewalkCellGrid
import RopewalkPhrases
import RopewalkViews

/// What does not hold in a lesson that should.
package struct LessonFailure: Equatable, Sendable {
    /// Of the claim in the file, or of the step.
    package let line: Int
    /// From 1.
    package let step: Int
    package let size: Size
    package let problem: String

    package var description: String {
        say("line \(line), step \(step) at \(size.width)x\(size.height): \(problem)")
    }
}

extension ScreenPlayer {
    /// Begins the lesson of the state, at a step from 0.
    package mutating func playLesson(step: Int, showingAnswer: Bool = false) {
        play(ActionScript(steps: [.action(.lesson(.step(step))), .wait]))
        if showingAnswer { state.lesson?.tell() }
    }

    /// Whether every step shows what its caption says.
    /// - Parameter language: in which faults are told; the screen may speak another one
    package mutating func checkLesson(telling language: Language = .current) -> [LessonFailure] {
        guard let lesson = state.lesson?.lesson else { return [] }
        var failures: [LessonFailure] = []
        for (index, step) in lesson.steps.enumerated() {
            playLesson(step: index)
            for refusal in newRefusals(lesson, index, language)
            where !failures.contains(where: { ($0.line, $0.problem) == (refusal.line, refusal.problem) }) {
                failures.append(refusal)
            }
            func fail(_ problem: String, line: Int) {
                failures.append(LessonFailure(line: line, step: index + 1, size: state.size, problem: problem))
            }
            if let notice = state.notice, notice.kind != .information, !notice.isRefusal {
                fail(notice.text, line: step.line)
            }
            for panel in step.look where state.layout.panels[panel] == nil {
                fail(
                    Language.with(language) { say("\(panel.name) is pointed at and is not on the screen") },
                    line: step.line)
            }
            // What is said is no proof of itself.
            let screen = Array(frame().lines.prefix(LessonCaption(state)?.rect.y ?? state.size.height))
            failures += captionFailures(step, index, language)
            for claim in step.claims {
                if let problem = problem(claim.kind, screen, language) {
                    fail("\(claim.text): \(problem)", line: claim.line)
                }
            }
        }
        return failures
    }

    /// What was refused since the step before, where its action or method stands in the file.
    private mutating func newRefusals(_ lesson: Lesson, _ index: Int, _ language: Language) -> [LessonFailure] {
        let steps = lesson.steps[...index].reversed()
        return takeRefusals().map { refusal in
            let asked = refusal.action ?? .methods(.take(lesson.methods.joined(separator: " ")))
            // Said by the screen in its own language; why it cannot be done is asked once more for another one.
            let why =
                language == state.appearance.language ? nil : Language.with(language) { asked.obstacle(in: state) }
            let line = refusal.action.flatMap { action in steps.lazy.compactMap { $0.line(of: action) }.first }
            return LessonFailure(
                line: line ?? lesson.methodLine ?? lesson.steps[index].line, step: index + 1, size: state.size,
                problem: why ?? refusal.text)
        }
    }

    /// Captions that are cut, in any language.
    private func captionFailures(_ step: Lesson.Step, _ index: Int, _ told: Language) -> [LessonFailure] {
        var failures: [LessonFailure] = []
        guard let play = state.lesson else { return [] }
        for language in Language.allCases {
            for showsAnswer in step.question == nil ? [false] : [false, true] {
                var other = state
                other.lesson = LessonPlay(play.lesson)
                other.lesson?.go(to: index)
                if showsAnswer { other.lesson?.tell() }
                guard let caption = LessonCaption(other) else { continue }
                let (lines, height) = Language.with(language) { (caption.lines.count, caption.height) }
                guard lines > height - 1 else { continue }
                failures.append(
                    LessonFailure(
                        line: step.line, step: index + 1, size: state.size,
                        problem: Language.with(told) {
                            say("what is said in \(language.rawValue) has no room: \(lines) lines")
                        }))
            }
        }
        return failures
    }

    /// Nil where it holds.
    private mutating func problem(_ kind: LessonClaim.Kind, _ screen: [String], _ language: Language) -> String? {
        switch kind {
        case .screen(let words, let isThere):
            let isFound = screen.contains { $0.contains(words) }
            return Language.with(language) {
                isFound == isThere ? nil : isThere ? say("it is not on the screen") : say("it is on the screen")
            }
        case .number(let thing, let column, let tokens, let claim):
            let contents = contents(of: thing)
            return Language.with(language) { Self.problem(contents, thing, column, tokens, claim) }
        }
    }

    private static func problem(
        _ contents: KeptContents?, _ thing: KeptThing, _ column: String, _ tokens: ClosedRange<Int>,
        _ claim: LessonClaim.NumberClaim
    ) -> String? {
        guard case .table(let columns)? = contents else { return say("nothing is known of \(thing.rawValue)") }
        guard let values = columns.first(where: { $0.name == column }) else {
            return say("\(thing.rawValue) has no \(column): it has \(columns.map(\.name).joined(separator: ", "))")
        }
        let found = values.numbers(of: tokens, in: columns)
        guard !found.isEmpty else { return say("no such token is there") }
        let mean = found.reduce(0, +) / Double(found.count)
        return claim.holds(mean) ? nil : say("it is \(Figures.fixed(mean, 4))")
    }
}

extension KeptColumn {
    /// The numbers of the rows that are about some tokens.
    fileprivate func numbers(of tokens: ClosedRange<Int>, in columns: [KeptColumn]) -> [Double] {
        guard case .integers(let places)? = columns.first(where: { $0.name == "token" })?.values else { return [] }
        return places.indices.filter { tokens.contains(places[$0]) }.compactMap { number($0) }
    }

    private func number(_ row: Int) -> Double? {
        switch values {
        case .integers(let values): Double(values[row])
        case .numbers(let values): values[row].isFinite ? Double(values[row]) : nil
        case .words(let values): Double(values[row].replacing(",", with: "").replacing("−", with: "-"))
        }
    }
}
