import Foundation
import Testing

struct LessonCommandTests {
    @Test func lessonsAreListed() throws {
        let list = try CommandRun("lesson")
        list.expectFine()
        #expect(list.output.contains("word") && list.output.contains("One word's attention"))
        for name in ["generation", "needles", "perplexity", "retrieval", "finders"] {
            #expect(list.output.contains(name))
        }
        let chinese = try CommandRun("lesson --lang zh")
        #expect(chinese.output.contains("一个词的注意力"))
    }

    /// Every step of every lesson that comes with the program shows what it says, at 80x24 and 120x40.
    @Test func allLessonsHold() throws {
        let check = try CommandRun("lesson --check")
        #expect(check.status == 0, "\(check.output) \(check.errors)")
        // Whatever language the program speaks.
        let chinese = try CommandRun("lesson --check mask --lang zh")
        #expect(chinese.status == 0, "\(chinese.output) \(chinese.errors)")
    }

    @Test func aStepIsRendered() throws {
        let step = try CommandRun("render --lesson word --step 2 --size 80x24")
        step.expectFine()
        #expect(step.output.contains("2/9 One word") && step.output.contains("score = q·k ÷ √32"))
        let chinese = try CommandRun("render --lesson word --size 80x24 --lang zh")
        #expect(chinese.output.contains("1/9 一个词的注意力"))
    }

    @Test func whatIsWrongIsSaid() throws {
        try CommandRun("lesson flying").expectError("no lesson is called 'flying'")
        try CommandRun("lesson nowhere/a.lesson").expectError("nowhere/a.lesson")
        try CommandRun("render --lesson word --step 99").expectError("--step", "1 to 9")
        try CommandRun("render --step 2").expectError("--lesson")
        try CommandRun("render a.txt --lesson word").expectError("leave them out")
        let scratch = try Scratch()
        let file = scratch.path("a.lesson")
        try Data("title: A\nsentence: The cat sat.\nstep:\nsay: a\nexpect: screen whale\n".utf8).write(
            to: URL(fileURLWithPath: file))
        let check = try CommandRun("lesson --check \(file)")
        #expect(
            check.status == 1 && check.output.contains("line 5, step 1 at 80x24: screen whale: it is not on the screen")
        )
        try Data("title: A\nmodel: nowhere\nstep:\nsay: a\n".utf8).write(to: URL(fileURLWithPath: file))
        try CommandRun("lesson --check \(file)").expectError("nowhere")
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: file))
        try CommandRun("lesson \(file)").expectError("no UTF-8")
    }
}
