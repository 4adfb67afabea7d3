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
    package mutating func checkLesson() -> [LessonFailure] {
        guard let lesson = state.lesson?.lesson else { return [] }
        var failures: [LessonFailure] = []
        for (index, step) in lesson.steps.enumerated() {
            playLesson(step: index)
            func fail(_ problem: String, line: Int) {
                failures.append(LessonFailure(line: line, step: index + 1, size: state.size, problem: problem))
            }
            if let notice = state.notice, notice.kind != .information { fail(notice.text, line: step.line) }
            for panel in step.look where state.layout.panels[panel] == nil {
                fail(say("\(panel.name) is pointed at and is not on the screen"), line: step.line)
            }
            // What is said is no proof of itself.
            let screen = Array(frame().lines.prefix(LessonCaption(state)?.rect.y ?? state.size.height))
            failures += captionFailures(step, index)
            for claim in step.claims {
                if let problem = problem(claim.kind, screen) { fail("\(claim.text): \(problem)", line: claim.line) }
            }
        }
        return failures
    }

    /// Captions that are cut, in any language.
    private func captionFailures(_ step: Lesson.Step, _ index: Int) -> [LessonFailure] {
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
                        problem: say("what is said in \(language.rawValue) has no room: \(lines) lines")))
            }
        }
        return failures
    }

    /// Nil where it holds.
    private mutating func problem(_ kind: LessonClaim.Kind, _ screen: [String]) -> String? {
        switch kind {
        case .screen(let words, let isThere):
            let isFound = screen.contains { $0.contains(words) }
            return isFound == isThere ? nil : isThere ? say("it is not on the screen") : say("it is on the screen")
        case .number(let thing, let column, let tokens, let claim):
            guard case .table(let columns)? = contents(of: thing) else {
                return say("nothing is known of \(thing.rawValue)")
            }
            guard let values = columns.first(where: { $0.name == column }) else {
                return say("\(thing.rawValue) has no \(column): it has \(columns.map(\.name).joined(separator: ", "))")
            }
            let found = values.numbers(of: tokens, in: columns)
            guard !found.isEmpty else { return say("no such token is there") }
            let mean = found.reduce(0, +) / Double(found.count)
            return claim.holds(mean) ? nil : say("it is \(Figures.fixed(mean, 4))")
        }
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
